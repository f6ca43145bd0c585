/** Where sessions begin for which an HTTP endpoint speaks. Nobody else is let in there. */
export const MOUNT = '/.whip';
