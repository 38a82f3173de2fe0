import type { Account, AccountKind, ChannelHealth, SelfTestStep } from '../../src/channels/contract.ts'
import { day, hour, minute, second } from '../../src/lib/durations.ts'
import { plural } from '../ui/time-format.ts'

const number = (value: number) => value.toLocaleString('en')

/** "20 minutes", "9 hours", "6 days": rounded, for what is a habit and not a promise. */
export function roughly(ms: number): string {
  if (ms < 90 * minute) return plural(Math.max(1, Math.round(ms / minute)), 'minute')
  return ms < 48 * hour ? plural(Math.round(ms / hour), 'hour') : plural(Math.round(ms / day), 'day')
}

/** "0.4 s", "12 s", "3 min" */
export function took(ms: number): string {
  if (ms < 10 * second) return `${(Math.max(0, ms) / second).toFixed(1).replace(/\.0$/, '')} s`
  return ms < 100 * second ? `${Math.round(ms / second)} s` : `${Math.round(ms / minute)} min`
}

export type Told = { readonly text: string; readonly title: string }

const whatComes: Readonly<Record<AccountKind, string>> = {
  email: 'mail',
  twilio: 'call or text',
  form: 'web form',
  chat: 'chat',
  relay: 'post',
  sample: 'message',
}

/** "No web form in 6 days, usually every 9 hours." Null while all is as usual, or somebody said that it is fine. */
export function quietSentence(
  { kind }: Pick<Account, 'kind'>,
  { quiet, rhythm }: Pick<ChannelHealth, 'quiet' | 'rhythm'>,
  now: number,
): string | null {
  if (!quiet) return null
  const usual = rhythm ? `, usually every ${roughly(rhythm.usualMs)}` : ''
  return `No ${whatComes[kind]} in ${roughly(now - quiet.since)}${usual}.`
}

/** Whether somebody should look at it: quiet, and nobody said that it is fine. */
export const needsLook = ({ quiet }: Pick<ChannelHealth, 'quiet'>): boolean =>
  quiet !== null && quiet.askAgainAt === null

// The engine learns a rhythm from ten gaps, which is eleven things.
const enough = 11

/** "every 9 hours", and for who asks why it is not known. */
export function rhythmWords({ rhythm, known }: Pick<ChannelHealth, 'rhythm' | 'known'>): Told {
  if (rhythm) return { text: `every ${roughly(rhythm.usualMs)}`, title: `Learned from the last ${number(known)}.` }
  return { text: 'not known yet', title: `Known when ${number(Math.max(1, enough - known))} more came.` }
}

/** "2 s" and, for who asks, how sure that is. */
export function latencyWords({ latency }: Pick<ChannelHealth, 'latency'>): Told | null {
  if (!latency) return null
  const { p50Ms, p95Ms, count } = latency
  return {
    text: p50Ms < second / 2 ? 'under 1 s' : took(p50Ms),
    title: `Of ${plural(count, 'message')} in the last week, 95 in 100 were here within ${took(p95Ms)}.`,
  }
}

/** "412 × From somebody on your list of senders to leave out" */
export const reasonLines = ({ leftOut }: Pick<ChannelHealth, 'leftOut'>): readonly string[] =>
  leftOut.filter(({ count }) => count > 0).map(({ reason, count }) => `${number(count)} × ${reason}`)

export const stepWords: Readonly<Record<SelfTestStep['state'], string>> = {
  running: 'Under way',
  ok: 'Good',
  look: 'Look yourself',
  failed: 'Failed',
  note: 'To know',
}
