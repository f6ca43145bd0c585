/** How much somebody wants of a picture: of `low` the smallest size, or the least detail. */
export type Quality = 'low' | 'high';
