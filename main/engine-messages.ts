import type { ErrorBody } from '../src/rpc/errors.ts'

/** How a life of the engine begins and ends, beside the calls, events and secrets of src/rpc on the same port. */
export type FromEngine =
  /** It answers calls from now on. */
  | { readonly kind: 'ready' }
  /** It cannot start, and starting it again would not help: a damaged or newer database. */
  | { readonly kind: 'fatal'; readonly error: ErrorBody }

/** Finish what runs, close the database, exit. */
export type ToEngine = { readonly kind: 'shutdown' }

/** The exit code by which an engine asks to be started again at once (after a restore). No death, no back-off. */
export const restartExitCode = 75

export function isFromEngine(message: unknown): message is FromEngine {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false
  return message.kind === 'ready' || message.kind === 'fatal'
}
