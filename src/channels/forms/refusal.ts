/** Why a post is not taken, for the sender: an HTTP status and one sentence. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: 400 | 401 | 403 | 405 | 413 | 415 | 429 | 503
  readonly headers: Readonly<Record<string, string>>

  constructor(status: Refusal['status'], message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}
