import { minute, second } from '../lib/durations.ts'
import type { ProviderSettings } from './contract.ts'
import { type ProviderRequest, readAnswer } from './provider-request.ts'

export type Fetch = typeof fetch

/** How a question to a provider ended. */
export type Answer =
  | {
      readonly kind: 'found'
      readonly status: number
      readonly text: string
      readonly fields: ReturnType<typeof readAnswer>
    }
  /** It knows nothing, or nothing that we map. */
  | { readonly kind: 'nothing'; readonly status: number; readonly text: string }
  /** The key, the plan or the credits: asking on makes no sense. */
  | { readonly kind: 'stop'; readonly status: number; readonly text: string; readonly problem: string }
  /** Not now. `charged` when it may have been counted over there. */
  | {
      readonly kind: 'later'
      readonly status: number | null
      readonly text: string
      readonly problem: string
      readonly waitMs: number | null
      readonly charged: boolean
    }
  | { readonly kind: 'failed'; readonly status: number | null; readonly text: string; readonly problem: string }

const timeLimit = 20 * second
const longestAnswer = 1_000_000
const longestWait = 60 * minute

/** Asks once. Never rejects: every way it can go is an {@link Answer}. */
export async function askProvider(
  fetch: Fetch,
  request: ProviderRequest,
  settings: ProviderSettings,
  stop: AbortSignal,
): Promise<Answer> {
  const limit = AbortSignal.timeout(timeLimit)
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      // Another host would get the key and the address of somebody.
      redirect: 'manual',
      signal: AbortSignal.any([limit, stop]),
    })
    const text = await readText(response)
    return judge(response, text, settings)
  } catch (error) {
    const isLate = limit.aborted
    return {
      kind: 'later',
      status: null,
      text: '',
      problem: isLate ? 'It did not answer within 20 seconds.' : 'It could not be reached.',
      waitMs: null,
      charged: isLate || (error instanceof Error && error.name === 'AbortError'),
    }
  }
}

async function readText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  if (!response.body) return ''
  for await (const piece of response.body) {
    size += piece.byteLength
    if (size > longestAnswer) {
      await response.body.cancel().catch(() => {})
      break
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function judge(response: Response, text: string, settings: ProviderSettings): Answer {
  const { status } = response
  if (status === 401 || status === 403) {
    return {
      kind: 'stop',
      status,
      text,
      problem: `It refused your key (${status}). Type the key again, or ask the service whether it is still good.`,
    }
  }
  if (status === 402)
    return {
      kind: 'stop',
      status,
      text,
      problem: 'Your credits there are used up (402). Top them up, then switch it on again.',
    }
  if (status === 404 || status === 204) return { kind: 'nothing', status, text }
  if (status === 429 || status >= 500) {
    const problem = status === 429 ? 'It wants fewer questions (429).' : `It has trouble of its own (${status}).`
    return { kind: 'later', status, text, problem, waitMs: retryAfter(response), charged: false }
  }
  if (status === 202) {
    return {
      kind: 'later',
      status,
      text,
      problem: 'It is still looking (202).',
      waitMs: retryAfter(response),
      charged: false,
    }
  }
  if (status < 200 || status > 299) {
    const problem =
      status >= 300 && status < 400
        ? `It sends us elsewhere (${status}). Enter the address it moved to.`
        : `It did not understand the question (${status}). Check the address and the body.`
    return { kind: 'failed', status, text, problem }
  }
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return { kind: 'failed', status, text, problem: 'Its answer is not JSON.' }
  }
  const fields = readAnswer(settings, answer)
  return fields.length > 0 ? { kind: 'found', status, text, fields } : { kind: 'nothing', status, text }
}

/** Seconds, as every service we know sends it. Dates are left to our own patience. */
function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * second, longestWait) : null
}
