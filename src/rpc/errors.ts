/** Every way a call can fail. Closed on purpose: the window has a sentence for each. */
export type ErrorCode =
  | 'BAD_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'NOT_CONNECTED'
  | 'REFUSED'
  | 'UNREACHABLE'
  | 'AUTH_FAILED'
  | 'RATE_LIMITED'
  | 'TIMED_OUT'
  | 'DISK_FULL'
  | 'DATABASE_DAMAGED'
  | 'DATABASE_NEWER'
  | 'ENGINE_GONE'
  | 'INTERNAL'

/** Whose move it is: `user` can mend it, `remote` is somebody's server, `ours` is a bug. */
export type Fault = 'user' | 'remote' | 'ours'

export type ErrorBody = {
  readonly code: ErrorCode
  /** One sentence in the user's words: what happened, what to do. */
  readonly message: string
  readonly fault: Fault
  readonly retryable: boolean
  /** The technical text, one click away from the user. Never holds a secret. */
  readonly detail?: string
}

/** The one error class that crosses the wire. Everything else becomes `INTERNAL`. */
export class DeskbellError extends Error {
  override readonly name = 'DeskbellError'
  readonly body: ErrorBody

  constructor(body: ErrorBody, options?: ErrorOptions) {
    super(body.message, options)
    this.body = body
  }

  get code(): ErrorCode {
    return this.body.code
  }
}

/** The user asked for something that cannot be. */
export const badInput = (message: string, detail?: string) =>
  new DeskbellError({ code: 'BAD_INPUT', message, fault: 'user', retryable: false, ...(detail ? { detail } : {}) })

export const notFound = (what: string) =>
  new DeskbellError({ code: 'NOT_FOUND', message: `${what} is no longer there.`, fault: 'user', retryable: false })

export const conflict = (message: string) =>
  new DeskbellError({ code: 'CONFLICT', message, fault: 'user', retryable: false })

/** What an unexpected error looks like from outside: no stack, no text that could hold somebody's data. */
export const internal = (detail: string): ErrorBody => ({
  code: 'INTERNAL',
  message: 'Something went wrong inside Deskbell. Nothing was lost; please try again.',
  fault: 'ours',
  retryable: true,
  detail,
})

export function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof DeskbellError) return error.body
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return {
      code: 'DISK_FULL',
      message: 'The disk is full, so this could not be saved. Free some space and try again.',
      fault: 'user',
      retryable: true,
      detail: code,
    }
  }
  return internal(error instanceof Error ? error.message : String(error))
}
