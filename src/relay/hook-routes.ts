import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { readEntries, readerOf } from '../channels/forms/read-body.ts'
import type { Clock } from '../lib/clock.ts'
import { makeRateLimit } from '../lib/rate-limit.ts'
import type { Answer } from './answers.ts'
import * as answers from './answers.ts'
import { headersOfInterest } from './envelope.ts'
import { checkForm, type FormPage, showForm, showThanks } from './form-page.ts'
import { type HookCache, hashOf } from './hook-cache.ts'
import type { Intake } from './intake.ts'
import type { RelayLimits } from './limits.ts'
import type { Hook, Workspace } from './queue/queue.ts'
import { Refused, readBody, senderOf, wantsPage } from './request.ts'
import { hookPage } from './wire.ts'

export type HookRoutesParts = {
  readonly intake: Intake
  readonly hooks: HookCache
  readonly clock: Clock
  readonly limits: RelayLimits
  /** `https://relay.example.com`, without a slash at the end. */
  readonly publicUrl: string
  readonly behindProxy: boolean
}

const path = /^\/[hf]\/([0-9a-f]{16})\/([0-9a-f]{32})(\/[\w.~-]{1,1000})?(?:\?|$)/

/**
 * Answers everything below /h/: what websites, providers and mail programs call. Below /f/ a form is a page of its own.
 */
export function makeHookRoutes(parts: HookRoutesParts): (request: IncomingMessage) => Promise<Answer> {
  const { hooks, intake, clock, limits, publicUrl, behindProxy } = parts
  const perHook = makeRateLimit(limits.perHook, limits.rateKeys)
  const perSender = makeRateLimit(limits.perSender, limits.rateKeys)

  const take = async (
    request: IncomingMessage,
    hook: Workspace,
    workspace: string,
    token: string,
    page: FormPage | null = null,
  ): Promise<Answer> => {
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') throw new Refused(415, 'Send this uncompressed. Nothing was taken.')
    const body = await readBody(request, limits.bodyBytes)
    const again = page && checkForm(page, request, body)
    if (again) return again
    const headers = headersOfInterest(request.headers)
    const url = `${publicUrl}${request.url ?? ''}`
    const taken = await intake.take({
      workspace,
      publicKey: hook.publicKey,
      envelope: {
        hook: token,
        method: request.method ?? 'POST',
        url,
        headers,
        receivedAt: clock.now(),
        sender: senderOf(request, behindProxy),
        body,
      },
      sameAs: nameOf(headers, request.url ?? '', body),
    })
    switch (taken) {
      case 'stored':
      case 'known':
        if (page) return showThanks(page)
        return wantsPage(request) ? thankPerson(headers['content-type'], body) : answers.taken
      case 'gone':
        return answers.unknownAddress
      case 'full':
        throw new Refused(507, 'The mailbox behind this address is full. Please write by e-mail or call.', {
          'retry-after': '3600',
        })
      case 'busy':
        throw new Refused(503, 'Too much is coming in. Please send it again in a moment.', { 'retry-after': '5' })
    }
  }

  const answer = async (
    request: IncomingMessage,
    hook: Hook & Workspace,
    [workspace, token, rest]: readonly [string, string, string | undefined],
  ): Promise<Answer> => {
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (request.method === 'DELETE') {
      throw new Refused(405, 'Send it with POST.', { allow: 'GET, HEAD, POST, PUT, PATCH, OPTIONS' })
    }
    if ((hook.kind === 'unsubscribe') !== (rest !== undefined)) return answers.unknownAddress
    if (request.url?.startsWith('/f/')) {
      const page = pageOf(hook)
      if (!page) return answers.unknownAddress
      return reads ? showForm(page) : take(request, hook, workspace, token, page)
    }
    switch (hook.kind) {
      case 'chat':
        return answers.unknownAddress
      case 'form':
        return reads ? answerVisit(request, hook) : take(request, hook, workspace, token)
      case 'twilio':
        // A number can be set to call with GET; then everything is in the address.
        await take(request, hook, workspace, token)
        return answers.emptyTwiml
      case 'unsubscribe':
        if (reads) return answers.confirmUnsubscribe
        await take(request, hook, workspace, token)
        return answers.unsubscribed
    }
  }

  return async (request) => {
    const [, workspace, token, rest] = path.exec(request.url ?? '') ?? []
    if (workspace === undefined || token === undefined) return answers.unknownAddress
    if (request.method === 'OPTIONS') return answers.preflight
    const now = clock.now()
    const sender = senderOf(request, behindProxy)
    const wait = perSender.take(sender, now) || perHook.take(`${workspace}/${token}`, now)
    if (wait > 0) {
      throw new Refused(429, 'Too many posts at once. Please send it again later.', { 'retry-after': String(wait) })
    }
    const hook = await hooks.find(workspace, token)
    if (!hook) return answers.unknownAddress
    return answer(request, hook, [workspace, token, rest])
  }
}

/** The page of a form, when its owner wants one. */
function pageOf({ kind, page }: Hook): FormPage | null {
  const parsed = kind === 'form' && page !== null ? hookPage.parse(JSON.parse(page)) : null
  return parsed?.kind === 'form' ? parsed : null
}

/** Meta asks once whether the address is ours: the word it was given must come with the question. */
function answerVisit(request: IncomingMessage, hook: Hook): Answer {
  const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '')
  if (!query.has('hub.mode')) return answers.address
  const challenge = query.get('hub.challenge') ?? ''
  const knows = timingSafeEqual(hashOf(query.get('hub.verify_token') ?? ''), hook.verifyHash)
  if (!knows || query.get('hub.mode') !== 'subscribe' || !/^[\w.-]{1,200}$/.test(challenge)) {
    throw new Refused(403, 'The verify token is not the one of this address.')
  }
  return answers.plain(200, challenge)
}

/** Where the form wants its visitor to go afterwards, else a word of thanks. */
async function thankPerson(contentType: string | undefined, body: Buffer): Promise<Answer> {
  const type = contentType ?? null
  const reader = readerOf(type)
  if (reader !== 'urlencoded' && reader !== 'multipart') return answers.thanks
  const entries = await readEntries(body, type, 1).catch(() => [])
  const next = URL.parse(entries.find((it) => it.path.join(' ') === '_next')?.value.trim() ?? '')
  return next && (next.protocol === 'https:' || next.protocol === 'http:') ? answers.goTo(next.href) : answers.thanks
}

const nameHeaders = ['i-twilio-idempotency-token', 'idempotency-key', 'webhook-id']

/**
 * The sender's own name for a delivery, with what it said under that name: a name used twice for different things is a
 * mistake of the sender's, and losing the second would be ours.
 */
function nameOf(headers: Readonly<Record<string, string>>, path: string, body: Buffer): Buffer | null {
  const header = nameHeaders.find((it) => headers[it])
  if (header === undefined) return null
  return createHash('sha256')
    .update(JSON.stringify([path, header, headers[header]]))
    .update(body)
    .digest()
}
