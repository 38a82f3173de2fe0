/** Whether a condition that lists what it wants holds: an empty list asks nothing, else one of what is there is enough. */
export const oneOf = <T>(wanted: readonly T[], has: readonly T[]): boolean =>
  wanted.length === 0 || has.some((it) => wanted.includes(it))
