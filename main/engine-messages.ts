import type { ErrorBody } from '../src/rpc/errors.ts'

/**
 * What an engine says beside the calls, events and secrets of src/rpc on the same port: that it cannot start, and
 * starting it again would not help (a damaged or newer database). That it runs is told by the event `engine.ready`.
 */
export type FromEngine = { readonly kind: 'fatal'; readonly error: ErrorBody }

/** Finish what runs, close the database, exit. */
export type ToEngine = { readonly kind: 'shutdown' }

/** The exit code by which an engine asks to be started again at once (after a restore). No death, no back-off. */
export const restartExitCode = 75

export function isFromEngine(message: unknown): message is FromEngine {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'fatal'
}
