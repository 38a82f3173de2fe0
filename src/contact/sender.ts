import { type AccountKind, emailSettings, sampleSettings, twilioSettings } from '../channels/contract.ts'
import { DeskbellError } from '../rpc/errors.ts'
import { readAccounts } from '../store/queries/accounts.ts'
import { ownNumbers, ownNumbersScope } from '../store/queries/own-numbers.ts'
import type { ReadStore } from '../store/store.ts'

/** The account something leaves through, and what the other side sees as its sender. */
export type Sender = { readonly accountId: number; readonly from: string }

const phone = ['twilio', 'sample'] as const
const kinds = { email: ['email', 'sample'], sms: phone, whatsapp: phone, call: phone } as const

/** What somebody is written to or called from, when it can be. */
export type Preferred = {
  readonly accountId: number | null
  /** The own number that they know, E.164. */
  readonly number: string | null
}

/**
 * The account to write from: the preferred one when it is still connected; else the sample business's, so that nothing
 * real leaves for invented people; else the first. Of its numbers the one they know, when that one still can.
 * @throws DeskbellError `NOT_CONNECTED`
 */
export async function senderFor(
  store: ReadStore,
  means: keyof typeof kinds,
  { accountId: preferred, number }: Preferred,
): Promise<Sender> {
  const able: readonly AccountKind[] = kinds[means]
  const accounts = (await readAccounts(store)).filter((it) => able.includes(it.kind))
  const chosen =
    accounts.find((it) => it.id === preferred) ?? accounts.find((it) => it.kind === 'sample') ?? accounts[0]
  if (!chosen) throw new DeskbellError(means === 'email' ? noMailbox : noNumber)
  const { settings } = chosen
  if (chosen.kind === 'email')
    return { accountId: chosen.id, from: emailSettings.parse(settings).address.toLowerCase() }
  if (chosen.kind === 'twilio') {
    const { number: first, others = [] } = twilioSettings.parse(settings)
    return { accountId: chosen.id, from: await pickNumber(store, chosen.id, means, [first, ...others], number) }
  }
  return { accountId: chosen.id, from: sampleSettings.parse(settings)[means === 'email' ? 'email' : 'phone'] }
}

/** The number they know, else the default one, else any: of those that can do it by what Twilio said last. */
async function pickNumber(
  store: ReadStore,
  accountId: number,
  means: keyof typeof kinds,
  watched: readonly [string, ...string[]],
  known: string | null,
): Promise<string> {
  const row = await store.db
    .selectFrom('cursor')
    .select('value')
    .where('account_id', '=', accountId)
    .where('scope', '=', ownNumbersScope)
    .executeTakeFirst()
  const listed = ownNumbers(row?.value ?? null)
  const can = (number: string) => {
    const it = listed.find((one) => one.number === number)
    // What Twilio never listed is tried: it will say why not. A WhatsApp sender is no phone number of the account.
    if (!it) return true
    return !it.gone && (means === 'whatsapp' || (means === 'call' ? it.voice : it.sms))
  }
  const usable = watched.filter(can)
  // A number beside those that Twilio lists is there for WhatsApp alone.
  const unlisted = (number: string) => listed.length > 0 && !listed.some((one) => one.number === number)
  const first = means === 'whatsapp' ? usable.find(unlisted) : undefined
  return usable.find((it) => it === known) ?? first ?? usable[0] ?? watched[0]
}

const noMailbox = {
  code: 'NOT_CONNECTED',
  message: 'Connect a mailbox in Settings first; then Deskbell can send mail.',
  fault: 'user',
  retryable: false,
} as const

const noNumber = {
  code: 'NOT_CONNECTED',
  message: 'Connect a phone number in Settings first; then Deskbell can text and call.',
  fault: 'user',
  retryable: false,
} as const
