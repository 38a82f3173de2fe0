/** Thrown when the code itself is wrong; never for bad input. */
export class BugError extends Error {
  override readonly name = 'BugError'
}

/** Narrows a value that the code guarantees to be there. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new BugError(`${what} is missing`)
  return value
}

/** The default branch of a switch over a closed union: adding a case without handling it stops compiling. */
export function missingCase(value: never): never {
  throw new BugError(`unhandled case: ${JSON.stringify(value)}`)
}
