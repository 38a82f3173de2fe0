import type { Clock } from '../../lib/clock.ts'
import { second } from '../../lib/durations.ts'
import { type Log, silentLog } from '../../lib/log.ts'
import { badInput, DeskbellError } from '../../rpc/errors.ts'
import type { TestReport, TwilioSettings } from '../contract.ts'
import { createTwilioClient, type TwilioClient } from './client.ts'
import { TwilioError } from './failure.ts'
import { type ListedNumber, listNumbers, numbersOf } from './own-numbers.ts'
import { firstPage } from './pages.ts'
import { problemOf } from './problems.ts'
import { accountResource, callResource, messageResource } from './resources.ts'

type Step = TestReport['steps'][number]

export type TestConnectionDeps = {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly log?: Log
  /** Per request, ms. */
  readonly timeoutMs?: number
}

/**
 * Tries an account live, without sending or changing anything: sign in, is the number there and able, may its calls and
 * texts be read. Stops at the first step that fails, since the next would only fail for the same reason.
 */
export async function testTwilio(
  settings: TwilioSettings,
  authToken: string | null,
  deps: TestConnectionDeps,
): Promise<TestReport> {
  const client = clientFor(settings, authToken, deps)
  if (!client) return { ok: false, steps: [{ name: 'Sign in', ...bad(noToken) }] }
  const log = deps.log ?? silentLog
  const steps: Step[] = []
  for (const [name, step] of [
    ['Sign in', () => signIn(client)],
    ['Number', () => findNumbers(client, numbersOf(settings), log)],
    ['Calls and texts', () => readLogs(client, log)],
  ] as const) {
    const result = await step().catch(explain)
    steps.push({ name, ...result })
    if (!result.ok) break
  }
  return { ok: steps.every((step) => step.ok), steps }
}

/**
 * The phone numbers of an account at Twilio, to choose from.
 * @throws DeskbellError
 */
export async function listTwilioNumbers(
  settings: Pick<TwilioSettings, 'accountSid' | 'baseUrl'>,
  authToken: string | null,
  deps: TestConnectionDeps,
): Promise<readonly ListedNumber[]> {
  const client = clientFor(settings, authToken, deps)
  if (!client) throw badInput(noToken)
  try {
    return await listNumbers(client, deps.log ?? silentLog)
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error
    throw new DeskbellError(problemOf(error.failure).error)
  }
}

const noToken = 'Paste the auth token from the first page of the Twilio console.'

/** Null without a token. */
function clientFor(
  { accountSid, baseUrl }: Pick<TwilioSettings, 'accountSid' | 'baseUrl'>,
  authToken: string | null,
  { fetch, clock, timeoutMs = 10 * second }: TestConnectionDeps,
): TwilioClient | null {
  const token = authToken?.trim() ?? ''
  if (token === '') return null
  return createTwilioClient({
    access: { accountSid: accountSid.trim(), authToken: token, baseUrl },
    fetch,
    clock,
    timeoutMs,
  })
}

type Result = Omit<Step, 'name'>

const good = (message: string): Result => ({ ok: true, message, detail: null })
const bad = (message: string, detail: string | null = null): Result => ({ ok: false, message, detail })

function explain(error: unknown): Result {
  if (!(error instanceof TwilioError)) throw error
  const { error: body } = problemOf(error.failure)
  return bad(
    body.message.replace(/;? ?Deskbell (keeps trying|goes on by itself in a moment)\./, '.').replace('..', '.'),
    body.detail ?? null,
  )
}

async function signIn(client: TwilioClient): Promise<Result> {
  const account = accountResource.parse(await client.get('.json'))
  if (account.status === 'suspended' || account.status === 'closed') {
    return bad(`Twilio has ${account.status} the account “${account.friendly_name}”. Sign in at twilio.com to see why.`)
  }
  const trial =
    account.type === 'Trial'
      ? ' It is a trial account: it can only call and text numbers you verified with Twilio, and each text starts with a note from Twilio.'
      : ''
  return good(`Signed in to “${account.friendly_name}”.${trial}`)
}

async function findNumbers(client: TwilioClient, numbers: readonly string[], log: Log): Promise<Result> {
  const listed = await listNumbers(client, log)
  if (listed.length === 0) return bad('This account has no phone number yet. Buy one in the Twilio console.')
  const found: Result[] = []
  for (const number of numbers) {
    const mine = listed.find((it) => it.number === number)
    if (mine === undefined) return bad(notHere(number, listed))
    const result = abilities(number, mine)
    if (!result.ok) return result
    found.push(result)
  }
  return good(found.map((it) => it.message).join(' '))
}

function notHere(number: string, listed: readonly ListedNumber[]): string {
  const others = listed.slice(0, 5).map((it) => it.number)
  return `${number} is not a number of this account. It has ${others.join(', ')}${listed.length > 5 ? ' and more' : ''}.`
}

function abilities(number: string, can: { readonly voice: boolean; readonly sms: boolean }): Result {
  if (can.voice && can.sms) return good(`${number} is yours and takes calls and texts.`)
  if (can.voice) return good(`${number} is yours and takes calls, but no texts.`)
  if (can.sms) return good(`${number} is yours and takes texts, but no calls.`)
  return bad(`${number} takes neither calls nor texts. Choose another number of this account.`)
}

async function readLogs(client: TwilioClient, log: Log): Promise<Result> {
  const query = { PageSize: '1' }
  await firstPage(client, { path: '/Messages.json', key: 'messages', query, schema: messageResource }, log)
  await firstPage(client, { path: '/Calls.json', key: 'calls', query, schema: callResource }, log)
  return good('Calls and texts can be read.')
}
