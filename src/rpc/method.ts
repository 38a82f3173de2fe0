import { z } from 'zod'

/**
 * The words every contract is made of. A method is a `query` (reads, runs beside others) or a `mutation`
 * (writes, one after another); both take one object and answer plain data.
 */
export type Method = {
  readonly kind: 'query' | 'mutation'
  readonly input: z.ZodType
  readonly output: z.ZodType
}

export const query = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'query', input, output }) as const

export const mutation = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'mutation', input, output }) as const

export const id = z.number().int().positive()
/** Milliseconds since the epoch, UTC. */
export const time = z.number().int()
/** Text a person typed: trimmed, bounded so that a paste of a whole mailbox is refused and not stored. */
export const text = (max: number) => z.string().trim().max(max)
export const nothing = z.object({})
