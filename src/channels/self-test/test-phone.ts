import { minute } from '../../lib/durations.ts'
import type { Channel, Inbound } from '../channel.ts'
import type { StepEnd, TestRun } from './test-run.ts'
import { testWords } from './token.ts'

export type PhoneTest = {
  readonly channel: Channel
  /** The number that is tested, E.164. */
  readonly number: string
  /**
   * Another own number that receives texts, with the account that reads it. Twilio sends no text from a number to itself
   * (error 21266).
   */
  readonly other: { readonly number: string; readonly accountId: number } | null
  /** The mobile of a member, for when there is no other number. */
  readonly mobile: { readonly number: string; readonly name: string } | null
  /** Writes down what was sent, so that Twilio's log brings it back as known. */
  readonly keep: (sent: { readonly externalId: string; readonly revision: string }) => Promise<void>
}

const comesWithin = 2 * minute
const answeredWithin = 3 * minute

/** Sends a text to another own number, or to a member's mobile, and waits for what Twilio's log says of it. */
export async function testPhone(run: TestRun, test: PhoneTest): Promise<void> {
  if (test.other) await toOwnNumber(run, test, test.other)
  else if (test.mobile) await toMobile(run, test, test.mobile)
  else
    await run.step('Send a text', 'Looking for a phone to text to…', async () => ({
      state: 'failed',
      message:
        'There is nobody to text to: a number cannot text itself. Enter your mobile number in Settings, Team, or connect a second number.',
    }))
  await run.note(
    'Calls',
    `Only you can test calls: ring ${test.number} from a phone that is not in Settings, Team, let it ring, and hang up. The missed call is in your inbox within 15 seconds.`,
  )
}

async function toOwnNumber(run: TestRun, test: PhoneTest, { number, accountId }: NonNullable<PhoneTest['other']>) {
  const arrived = run.expect(
    (it) => it.accountId === accountId && it.token === run.token && it.item.direction === 'in',
    comesWithin,
  )
  const sent = await run.step(`Text ${number} from ${test.number}`, 'Sending…', () => send(run, test, number))
  if (!sent) return
  await run.step(`Find it at ${number}`, 'Waiting for Twilio’s log…', async () =>
    (await arrived)
      ? { state: 'ok', message: 'It came, and Deskbell put it aside. It is in no list.' }
      : {
          state: 'failed',
          message: `It did not come within two minutes. In the Twilio console, look for it under Monitor, Logs, Messaging: what stands there says why. In the USA and Canada an unregistered number (A2P 10DLC) is often the reason.`,
        },
  )
}

async function toMobile(run: TestRun, test: PhoneTest, { number, name }: NonNullable<PhoneTest['mobile']>) {
  let sid: string | null = null
  // Twilio can be faster than its answer to us is stored, so what came is kept until the name is known.
  const delivered = run.expect((it) => it.token === run.token && isOver(it.item), comesWithin)
  const answered = run.expect((it) => it.accountId === run.accountId && isFrom(it.item, number), answeredWithin)
  const sent = await run.step(`Text ${name} at ${number}`, 'Sending…', () =>
    send(run, test, number, (externalId) => {
      sid = externalId
    }),
  )
  if (!sent) return
  const there = await run.step('Read it back from Twilio’s log', 'Waiting until it is delivered…', async () => {
    const seen = await delivered
    const content = seen?.item.content
    if (content?.kind === 'text' && content.delivery === 'failed')
      return { state: 'failed', message: content.problem ?? 'The text was not delivered.', detail: sid }
    if (seen) return { state: 'ok', message: `Delivered. “${testWords(run.token)}” is on the phone of ${name}.` }
    return {
      state: 'look',
      message: `Twilio sent it, but the phone company did not confirm it within two minutes. Look at the phone of ${name}.`,
      detail: sid,
    }
  })
  if (!there) return
  await run.step('Reply to it', `Reply to the text with anything: that tests the way in.`, async () =>
    (await answered)
      ? { state: 'ok', message: 'Your reply came.' }
      : {
          state: 'look',
          message: `No reply came within three minutes. If you did reply, texts to ${test.number} do not reach Twilio: look at the number in the Twilio console.`,
        },
  )
}

async function send(
  { token }: TestRun,
  { channel, number, keep }: PhoneTest,
  to: string,
  sentAs: (externalId: string) => void = () => {},
): Promise<StepEnd> {
  const outcome = await channel.send(
    { kind: 'sms', from: number, to, body: testWords(token) },
    { committing: async () => {} },
  )
  switch (outcome.kind) {
    case 'sent':
      sentAs(outcome.externalId)
      await keep(outcome)
      return { state: 'ok', message: 'Twilio took it.' }
    case 'failed':
      return { state: 'failed', message: outcome.error.message, detail: outcome.error.detail ?? null }
    case 'unknown':
      return { state: 'look', message: 'Twilio did not say whether it took the text.', detail: outcome.detail }
  }
}

const isOver = ({ content, direction }: Inbound): boolean =>
  direction === 'out' && content.kind === 'text' && (content.delivery === 'delivered' || content.delivery === 'failed')

const isFrom = ({ content, direction }: Inbound, number: string): boolean =>
  direction === 'in' && content.kind === 'text' && content.from === number
