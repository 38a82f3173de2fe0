import type { z } from 'zod'
import type { Clock } from '../../lib/clock.ts'
import { openOpener, publicKeyOf } from '../../relay/sealed-box.ts'
import {
  type ackInput,
  ackOutput,
  type answerInput,
  answerOutput,
  challengeContext,
  challengeOutput,
  type findAnswerInput,
  findAnswerOutput,
  type hookInput,
  hookOutput,
  type presenceInput,
  presenceOutput,
  type pullInput,
  pullOutput,
  type registerInput,
  registerOutput,
} from '../../relay/wire.ts'
import { DeskbellError, type ErrorCode } from '../../rpc/errors.ts'

export type RelayClientParts = {
  /** `https://relay.example.com` */
  readonly url: string
  /** The workspace's key, or the invite to get one. */
  readonly bearer: string
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Per call, ms, beside the time it waits on purpose. */
  readonly timeout: number
  readonly stopped?: AbortSignal
}

/** The relay's calls. Every one throws DeskbellError in the user's words, never anything else. */
export type RelayClient = ReturnType<typeof makeRelayClient>

export function makeRelayClient({ url, bearer, fetch, clock, timeout, stopped }: RelayClientParts) {
  const base = url.replace(/\/+$/, '')

  const call = async <O extends z.ZodType>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object | null,
    output: O | null,
    waitMs = 0,
  ): Promise<z.output<O> | null> => {
    const late = new AbortController()
    const cancel = clock.after(waitMs + timeout, () => late.abort())
    try {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        // A relay that moved would get the key under its new name without anybody having agreed to that.
        redirect: 'error',
        signal: stopped ? AbortSignal.any([late.signal, stopped]) : late.signal,
        ...(body && { body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw await refusalOf(answer)
      const parsed: unknown = await answer.json()
      return output ? output.parse(parsed) : null
    } catch (error) {
      if (error instanceof DeskbellError) throw error
      throw late.signal.aborted ? problem('TIMED_OUT', noAnswer, 'no answer in time') : troubleOf(error)
    } finally {
      cancel()
    }
  }

  const need = async <O extends z.ZodType>(made: Promise<z.output<O> | null>): Promise<z.output<O>> => {
    const answer = await made
    if (answer === null) throw problem('UNREACHABLE', strange, 'empty answer')
    return answer
  }

  /** That the private key is ours: the relay sealed something to it. Nothing of an older relay, which asks for nothing. */
  const proofOf = async (privateKey: Uint8Array, publicKey: string): Promise<{ readonly proof?: string }> => {
    try {
      const { box } = await need<typeof challengeOutput>(call('POST', '/v1/challenge', { publicKey }, challengeOutput))
      const opened = openOpener(privateKey)(challengeContext, Buffer.from(box, 'base64'))
      return opened.kind === 'opened' ? { proof: opened.plaintext.toString('hex') } : {}
    } catch (error) {
      if (error instanceof DeskbellError && error.body.detail === 'HTTP 404') return {}
      throw error
    }
  }

  return {
    /** Opens a workspace for a public key, 32 bytes; or gives the one that has this key a new bearer key. */
    register: async (privateKey: Uint8Array, workspace: string | null = null) => {
      const publicKey = publicKeyOf(privateKey).toString('base64')
      const open = async () => {
        const again = workspace === null ? {} : { workspace, ...(await proofOf(privateKey, publicKey)) }
        const body: z.input<typeof registerInput> = { publicKey, ...again }
        return need<typeof registerOutput>(call('POST', '/v1/workspaces', body, registerOutput))
      }
      try {
        // Of several relays behind one address another one may have set the challenge.
        return await open().catch((error) => (isUnproven(error) ? open() : Promise.reject(error)))
      } catch (error) {
        // There is no key yet that could be wrong.
        const isRefused = error instanceof DeskbellError && error.body.code === 'AUTH_FAILED'
        throw isRefused ? problem('AUTH_FAILED', wrongInvite, error.body.detail ?? '') : error
      }
    },
    /** Makes an address or changes it; answers the address. */
    saveHook: (token: string, hook: z.input<typeof hookInput>) =>
      need<typeof hookOutput>(call('PUT', `/v1/hooks/${token}`, hook, hookOutput)),
    removeHook: async (token: string): Promise<void> => {
      await call('DELETE', `/v1/hooks/${token}`, null, null)
    },
    pull: (request: z.input<typeof pullInput>) =>
      need<typeof pullOutput>(call('POST', '/v1/pull', request, pullOutput, request.waitMs)),
    /** All addresses answer no more, and what waits is gone. */
    removeWorkspace: async (): Promise<void> => {
      await call('DELETE', '/v1/workspace', null, null)
    },
    putAnswer: (request: z.input<typeof answerInput>) =>
      need<typeof answerOutput>(call('POST', '/v1/chat/answers', request, answerOutput)),
    findAnswer: (request: z.input<typeof findAnswerInput>) =>
      need<typeof findAnswerOutput>(call('POST', '/v1/chat/find', request, findAnswerOutput)),
    presence: (request: z.input<typeof presenceInput>) =>
      need<typeof presenceOutput>(call('POST', '/v1/chat/presence', request, presenceOutput)),
    acknowledge: (request: z.input<typeof ackInput>) =>
      need<typeof ackOutput>(call('POST', '/v1/ack', request, ackOutput)),
  }
}

const isUnproven = (error: unknown) => error instanceof DeskbellError && error.body.detail === 'HTTP 403'

const noAnswer = 'The relay does not answer. What arrives there is kept; Deskbell tries again by itself.'
const wrongInvite =
  'The relay does not know this invite code. It may have been used before, be too old or have a letter missing. Ask whoever runs the relay for a new one.'
const strange =
  'What answers at this address is not a Deskbell relay, or one of another version. Check the address of the relay.'

async function refusalOf(answer: Response): Promise<DeskbellError> {
  const detail = `HTTP ${answer.status}`
  // Read, so that the connection can be used again.
  const text = await answer.text().catch(() => '')
  switch (answer.status) {
    case 401:
    case 403:
      return problem(
        'AUTH_FAILED',
        'The relay does not accept the key of this workspace. Ask whoever runs the relay for a new invite and connect again.',
        detail,
      )
    case 400:
    case 404:
    case 405:
      return problem('UNREACHABLE', strange, detail)
    case 409:
      return problem('CONFLICT', sentenceIn(text) ?? 'The relay refused this.', detail)
    case 429:
      return problem('RATE_LIMITED', 'The relay asks for a short pause. Deskbell goes on by itself.', detail)
    default:
      return problem('UNREACHABLE', 'The relay has a problem of its own. Deskbell tries again by itself.', detail)
  }
}

function sentenceIn(text: string): string | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed && 'error' in parsed ? String(parsed.error).slice(0, 300) : null
  } catch {
    return null
  }
}

function troubleOf(error: unknown): DeskbellError {
  if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) {
    return problem('UNREACHABLE', strange, error.name)
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return problem(
    'UNREACHABLE',
    'The relay cannot be reached. Check the connection to the internet; Deskbell tries again by itself.',
    code,
  )
}

function problem(code: ErrorCode, message: string, detail: string): DeskbellError {
  const ours = code === 'AUTH_FAILED' || code === 'CONFLICT'
  return new DeskbellError({ code, message, fault: ours ? 'user' : 'remote', retryable: !ours, detail })
}
