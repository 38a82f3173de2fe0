import type { Answer } from './answers.ts'
import { refusal } from './answers.ts'

/** Something that goes wrong with a request, as the network and Twilio really do it. */
export type Trouble =
  /** 401, code 20003: the token was changed or mistyped. */
  | { readonly kind: 'unauthorized' }
  /** 429, code 20429. A refused request was never processed. */
  | { readonly kind: 'too-many-requests'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'server-error'; readonly status?: number }
  /** The request is accepted by the socket and never answered. */
  | { readonly kind: 'hang' }
  /** As `hang`, but Twilio does the work: the text exists, the caller only sees a time-out. */
  | { readonly kind: 'hang-after-accepting' }
  /** The connection is cut before anything was done. */
  | { readonly kind: 'cut' }
  /** The work is done, then the connection is cut: the caller never hears of it. */
  | { readonly kind: 'cut-after-accepting' }
  /** An error page of something between us and Twilio: HTML, with any status. */
  | { readonly kind: 'html'; readonly status?: number }
  | { readonly kind: 'refuse'; readonly status: number; readonly code: number }

export type Fault = Trouble & {
  /** Only for these requests; everything when absent. */
  readonly method?: 'GET' | 'POST'
  /** Only for paths that contain this, such as `/Messages`. */
  readonly path?: string
  /** How many requests it hits; 1 when absent, `Infinity` until cleared. */
  readonly times?: number
}

export type FaultBox = {
  readonly add: (fault: Fault) => void
  readonly clear: () => void
  /** Takes the first fault that applies to a request, using it up. */
  readonly take: (method: string, path: string) => Trouble | undefined
}

export function createFaultBox(): FaultBox {
  const waiting: { readonly fault: Fault; left: number }[] = []
  return {
    add: (fault) => {
      waiting.push({ fault, left: fault.times ?? 1 })
    },
    clear: () => {
      waiting.length = 0
    },
    take: (method, path) => {
      const hit = waiting.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.method === undefined || fault.method === method) &&
          (fault.path === undefined || path.includes(fault.path)),
      )
      if (hit === undefined) return undefined
      hit.left -= 1
      return hit.fault
    },
  }
}

/** The answer of a fault that answers at all; undefined for the ones that are about the connection. */
export function faultAnswer(trouble: Trouble): Answer | undefined {
  switch (trouble.kind) {
    case 'unauthorized':
      return refusal(401, 20003)
    case 'too-many-requests':
      return trouble.retryAfterSeconds === undefined
        ? refusal(429, 20429)
        : refusal(429, 20429, { 'retry-after': String(trouble.retryAfterSeconds) })
    case 'server-error':
      return refusal(trouble.status ?? 500, 20500)
    case 'refuse':
      return refusal(trouble.status, trouble.code)
    case 'html':
      return {
        status: trouble.status ?? 502,
        headers: { 'content-type': 'text/html' },
        bytes: new TextEncoder().encode('<html><body><h1>502 Bad Gateway</h1></body></html>'),
      }
    default:
      return undefined
  }
}
