/** Everything that can come of a request other than Twilio's answer. */
export type Failure =
  /** Twilio said no. `code` is its error code, null when it gave none. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly code: number | null
      readonly detail: string
      readonly retryAfterMs: number | null
    }
  /** No connection was made: Twilio certainly never saw the request. */
  | { readonly kind: 'no-connection'; readonly detail: string }
  /** The certificate is not Twilio's. */
  | { readonly kind: 'not-secure'; readonly detail: string }
  /** The connection broke after the request may have been written. */
  | { readonly kind: 'cut-off'; readonly detail: string }
  | { readonly kind: 'timed-out' }
  /** Something that is not Twilio's API answered: a proxy, a hotel's sign-in page. */
  | { readonly kind: 'strange-answer'; readonly status: number; readonly detail: string }
  /** We are shutting down. */
  | { readonly kind: 'stopped' }

export class TwilioError extends Error {
  override readonly name = 'TwilioError'
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super('detail' in failure ? failure.detail : failure.kind, options)
    this.failure = failure
  }
}

/** True when it is sure that Twilio did not do what was asked, so that asking again cannot do it twice. */
export function certainlyNotDone(failure: Failure): boolean {
  switch (failure.kind) {
    case 'no-connection':
    case 'not-secure':
      return true
    case 'refused':
      // A 5xx says nothing about how far Twilio came before it fell over.
      return failure.status < 500
    default:
      return false
  }
}
