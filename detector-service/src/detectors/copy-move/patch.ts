/** Samples of one descriptor, across and down. */
export const SIDE = 8;
/** Values of one descriptor. */
export const LENGTH = SIDE * SIDE;
