import type { Account, AccountKind, AccountState } from '../../src/channels/contract.ts'
import { minute } from '../../src/lib/durations.ts'
import { ago, inWords } from '../ui/time-format.ts'

export type Tone = 'ok' | 'risk' | 'late' | 'quiet'

/** One word for each state, beside the sentence that the channel itself says. */
export const stateWords: Readonly<Record<AccountState, { readonly word: string; readonly tone: Tone }>> = {
  connecting: { word: 'Connecting', tone: 'quiet' },
  ok: { word: 'Working', tone: 'ok' },
  'backing-off': { word: 'Trying again', tone: 'risk' },
  'auth-failed': { word: 'Needs you', tone: 'late' },
  stopped: { word: 'Stopped', tone: 'quiet' },
}

export const kindWords: Readonly<Record<AccountKind, string>> = {
  email: 'Mailbox',
  twilio: 'Calls and texts',
  form: 'Web form',
  chat: 'Website chat',
  relay: 'Relay',
  sample: 'Sample business',
}

/** "12 s ago" while it is fresh enough for seconds to mean something, then as everywhere else. */
export function since(at: number, now: number): string {
  const past = Math.max(0, now - at)
  return past < minute ? `${Math.floor(past / 1000)} s ago` : ago(at, now)
}

/** What the channel says, unless it only repeats the word of the state. */
export function stateSentence({ state, stateMessage }: Pick<Account, 'state' | 'stateMessage'>): string | null {
  const bare = stateMessage.replace(/[.…]+$/, '').trim()
  return bare === '' || bare.toLowerCase() === stateWords[state].word.toLowerCase() ? null : stateMessage
}

/** An error of the past that the state does not say already. */
export function pastError({ state, stateMessage, lastError }: Account): string | null {
  const said = (state === 'backing-off' || state === 'auth-failed') && lastError === stateMessage
  return said ? null : lastError
}

/** The sentence above the cards: is anything broken, and what does it mean? */
export function summary(
  accounts: readonly Pick<Account, 'state' | 'label' | 'nextRetryAt'>[],
  now: number,
  quiet: readonly Pick<Account, 'label'>[] = [],
): string {
  const broken = accounts.filter((it) => it.state === 'auth-failed')
  const trying = accounts.filter((it) => it.state === 'backing-off')
  const stopped = accounts.filter((it) => it.state === 'stopped')
  const [first] = broken
  if (first && broken.length === 1) return `${first.label} needs you: new leads may be missing.`
  if (broken.length > 1) return `${broken.length} channels need you: new leads may be missing.`
  const [retried] = trying
  if (retried) {
    const who = trying.length === 1 ? retried.label : `${trying.length} channels`
    const next = Math.min(...trying.map((it) => it.nextRetryAt ?? now))
    return `Deskbell cannot reach ${who} and tries again ${next > now ? `in ${inWords(next - now)}` : 'now'}. You need not do anything.`
  }
  const [silent] = quiet
  if (silent)
    return quiet.length === 1
      ? `${silent.label} is quiet for longer than usual. Test it.`
      : `${quiet.length} channels are quiet for longer than usual. Test them.`
  if (stopped.length > 0)
    return stopped.length === 1 ? 'One channel is stopped.' : `${stopped.length} channels are stopped.`
  if (accounts.some((it) => it.state === 'connecting')) return 'Connecting…'
  return 'Every channel works.'
}

/** Webhooks that never came. Nothing was lost, since Twilio's own list is read; it was only later. */
export function foundOnlyByLooking(count: number): string {
  const what = count === 1 ? 'One call or text was' : `${count.toLocaleString('en')} calls and texts were`
  return `${what} found only by looking: Twilio did not announce ${count === 1 ? 'it' : 'them'}. Nothing is lost, it comes up to 15 seconds later. Check the webhook address of your number in the Twilio console.`
}
