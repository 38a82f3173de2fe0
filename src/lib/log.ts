import { pino } from 'pino'

/** Structured log of the engine: one JSON line an entry, on standard error, never with secrets or message text. */
export type Log = {
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
}

// Names under which a secret or somebody's words could reach a log line.
const redacted = ['password', 'authToken', 'accessToken', 'secret', 'body', 'text', 'html', 'payload']

/**
 * @param level pino level; `silent` in tests that provoke errors on purpose
 */
export function makeLog(level = 'info'): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: redacted.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    pino.destination({ fd: 2, sync: true }),
  )
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
