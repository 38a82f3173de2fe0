import type { Inbound } from '../channels/channel.ts'

/** Which item broke the transaction. */
export class ItemError extends Error {
  readonly item: Inbound

  constructor(item: Inbound, cause: unknown) {
    super('item could not be filed', { cause })
    this.item = item
  }
}

/** What really went wrong. */
export const causeOf = (error: unknown): unknown => (error instanceof ItemError ? error.cause : error)

/**
 * Says which item an error came from, unless the disk or the database is what failed: then all of it is delivered
 * again later.
 * @throws ItemError
 */
export async function blaming<T>(item: Inbound | undefined, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (item && !isStorageFailure(error)) throw new ItemError(item, error)
    throw error
  }
}

// Codes that speak about the value in hand; every other SQLITE_ code is about the file, the disk or a lock.
const aboutTheValue = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE|ERROR)/

function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code !== '' && !aboutTheValue.test(code)
}
