import { emailSettings, twilioSettings } from '../channels/contract.ts'
import { sampleSettings } from '../channels/sample/settings.ts'
import { DeskbellError } from '../rpc/errors.ts'
import type { ReadStore } from '../store/store.ts'

/** The account something leaves through, and what the other side sees as its sender. */
export type Sender = { readonly accountId: number; readonly from: string }

const kinds = { email: ['email', 'sample'], phone: ['twilio', 'sample'] } as const

/**
 * The account to write from: the preferred one when it is still connected; else the sample business's, so that nothing
 * real leaves for invented people; else the first.
 * @throws DeskbellError `NOT_CONNECTED`
 */
export async function senderFor(store: ReadStore, means: 'email' | 'phone', preferred: number | null): Promise<Sender> {
  const accounts = await store.db
    .selectFrom('account')
    .select(['id', 'kind', 'settings'])
    .where('removed_at', 'is', null)
    .where('kind', 'in', kinds[means])
    .orderBy('id')
    .execute()
  const chosen =
    accounts.find((it) => it.id === preferred) ?? accounts.find((it) => it.kind === 'sample') ?? accounts[0]
  if (!chosen) throw new DeskbellError(means === 'email' ? noMailbox : noNumber)
  const settings: unknown = JSON.parse(chosen.settings)
  if (chosen.kind === 'email')
    return { accountId: chosen.id, from: emailSettings.parse(settings).address.toLowerCase() }
  if (chosen.kind === 'twilio') return { accountId: chosen.id, from: twilioSettings.parse(settings).number }
  return { accountId: chosen.id, from: sampleSettings.parse(settings)[means] }
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
