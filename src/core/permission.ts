/**
 * What a member may do. The words are Galène's (`spec/galene.md` 1.4), `vip` is BareRTC's.
 * `op` moderates; `present` goes on camera; `message` posts; `admin` runs the server.
 */
export type Permission = 'message' | 'present' | 'op' | 'vip' | 'caption' | 'record' | 'token' | 'admin';

/** BareRTC's moderation rules (`spec/barertc.md` 2.6): what a member may not do, or how their camera is shown. */
export type Rule = 'no-video' | 'no-broadcast' | 'no-image' | 'camera-explicit' | 'no-dark-video';

export const GUEST_PERMISSIONS: ReadonlySet<Permission> = new Set(['message', 'present']);
export const OPERATOR_PERMISSIONS: ReadonlySet<Permission> = new Set([
  'message',
  'present',
  'op',
  'vip',
  'token',
  'caption',
  'record',
]);
export const NO_RULES: ReadonlySet<Rule> = new Set();
