/** A post as it came in: from the listener here, or handed over by whatever took it for this computer. */
export type Post = {
  readonly bytes: Uint8Array
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** When it came in: signatures are judged by this time, not by when it is read. */
  readonly at: number
}

/** The sender's own name for the delivery, to tell a retry from a second request. */
export const deliveryKey = ({ headers }: Post): string | null =>
  headers['idempotency-key']?.trim() || headers['webhook-id']?.trim() || null
