import { createHash, randomBytes } from 'node:crypto'
import { minute, second } from '../../lib/durations.ts'
import type { chatMessage } from '../../relay/wire.ts'
import type { ChatDesk, ChatRelay } from '../chat/chat-desk.ts'
import { makeChatReader, sealAnswer } from '../chat/seal-answer.ts'
import type { StepEnd, TestRun } from './test-run.ts'
import { testWords } from './token.ts'

export type ChatTest = {
  readonly chatId: number
  /** Where websites load the chat from; null when no relay serves it. */
  readonly scriptUrl: string | null
  readonly desk: Pick<ChatDesk, 'relayOf'>
  readonly fetch: typeof fetch
  readonly now: () => number
}

const patience = 15 * second
const comesWithin = minute
const answeredWithin = 20 * second

/**
 * Does what the widget of a website does: loads the chat, writes, and reads the answer, which is sent as to any visitor.
 * Nobody is made of it here, and the relay is told that the visitor left.
 */
export async function testChat(run: TestRun, test: ChatTest): Promise<void> {
  const { chatId, scriptUrl, desk, now } = test
  const relay = await desk.relayOf(chatId, AbortSignal.timeout(comesWithin))
  if (scriptUrl === null || relay === null) {
    await run.step('Load the chat', 'Looking for its address…', async () => ({
      state: 'failed',
      message: 'This chat has no public address yet. Choose a relay for it in Settings, Channels.',
    }))
    return
  }
  const base = scriptUrl.replace(/\.js$/, '')
  const secret = randomBytes(32).toString('hex')
  const visitor = createHash('sha256').update(secret).digest('hex').slice(0, 32)
  const reader = await makeChatReader()
  const ask = (path: string, body: object, timeout = patience) => post(test.fetch, `${base}/${path}`, body, timeout)

  const loaded = await run.step('Load the chat as a website does', `Asking ${new URL(base).host}…`, () =>
    loadScript(test.fetch, scriptUrl),
  )
  if (!loaded) return
  const message: typeof chatMessage._input = {
    secret,
    id: randomBytes(16).toString('hex'),
    key: reader.publicKey,
    text: testWords(run.token),
    at: now(),
  }
  const arrived = run.expect((it) => it.accountId === chatId && it.token === run.token, comesWithin)
  const written = await run.step('Write a message in it', 'Sending…', async () => {
    const answer = await ask('messages', message)
    return answer.ok ? { state: 'ok', message: 'The relay took it.' } : refusedBy(base, answer.status)
  })
  if (!written) return
  try {
    const came = await run.step('Fetch it from the relay', 'Waiting for it…', async () =>
      (await arrived)
        ? { state: 'ok', message: 'It came, and Deskbell put it aside. It is in no list.' }
        : {
            state: 'failed',
            message:
              'The relay took it, but it did not come here within a minute. Look at the card of the relay on this page.',
          },
    )
    if (!came) return
    await run.step('Answer it', 'Sending the answer back…', () =>
      answerIt(relay, ask, { secret, visitor, reader, run, now }),
    )
  } finally {
    // Where this fails, the relay forgets a visitor who never comes back by itself.
    await ask('bye', { secret }).catch(() => {})
  }
}

type Visit = {
  readonly secret: string
  readonly visitor: string
  readonly reader: Awaited<ReturnType<typeof makeChatReader>>
  readonly run: TestRun
  readonly now: () => number
}

type Ask = (
  path: string,
  body: object,
  timeout?: number,
) => Promise<{ readonly ok: boolean; readonly status: number; readonly json: unknown }>

async function answerIt(
  { client }: ChatRelay,
  ask: Ask,
  { secret, visitor, reader, run, now }: Visit,
): Promise<StepEnd> {
  const id = randomBytes(16).toString('hex')
  const text = `${testWords(run.token)}: answer`
  const box = await sealAnswer(reader.publicKey, { visitor, id }, { text, at: now(), name: null })
  const { taken } = await client.putAnswer({ visitor, id, box })
  if (taken !== 'stored') return { state: 'failed', message: 'The relay did not take the answer.', detail: taken }
  const { json } = await ask('answers', { secret, after: 0, waitMs: answeredWithin }, answeredWithin + patience)
  const answers = (json as { answers?: readonly { readonly seq: number; readonly id: string; readonly box: string }[] })
    .answers
  const found = answers?.find((it) => it.id === id)
  if (!found) return { state: 'failed', message: 'The answer did not come back to the website. Look at the relay.' }
  const read = await reader.open(found.box, { visitor, id })
  if (read.text !== text)
    return { state: 'failed', message: 'Another answer came back than was sent. Please report this.' }
  // Fetched once more with what was read: the relay then drops it.
  await ask('answers', { secret, after: found.seq, waitMs: 0 })
  return { state: 'ok', message: 'The answer came back to the website, and only it could open it.' }
}

async function loadScript(fetchUrl: typeof fetch, url: string): Promise<StepEnd> {
  const response = await fetchUrl(url, { signal: AbortSignal.timeout(patience) }).catch(() => null)
  const text = response === null ? '' : await response.text().catch(() => '')
  if (response?.ok && text.startsWith("'use strict'")) return { state: 'ok', message: 'The website gets the chat.' }
  return refusedBy(url, response?.status ?? null)
}

const refusedBy = (url: string, status: number | null): StepEnd => ({
  state: 'failed',
  message: `${new URL(url).host} did not serve the chat, so visitors of your website cannot write either. Look at the card of the relay on this page; if all is well there, make the public address again in Settings, Channels.`,
  detail: status === null ? 'no answer' : `HTTP ${status}`,
})

/** As the widget posts: JSON as text/plain, so that browsers ask nothing before. */
async function post(fetchUrl: typeof fetch, url: string, body: object, timeout: number) {
  try {
    const response = await fetchUrl(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    })
    const json: unknown = await response.json().catch(() => ({}))
    return { ok: response.ok, status: response.status, json }
  } catch {
    return { ok: false, status: 0, json: {} }
  }
}
