import type { Account } from '../../src/channels/contract.ts'

export type Reading = {
  readonly text: string
  /** Of 100, never 100: then it is over. */
  readonly percent: number
  readonly paused: boolean
}

const number = (value: number) => value.toLocaleString('en')

/** How far the first reading of old mail is; null when there is none under way. */
export function readingOf({ mailbox }: Pick<Account, 'mailbox'>): Reading | null {
  if (!mailbox || mailbox.done >= mailbox.total) return null
  const { done, total, paused } = mailbox
  const so = `${number(done)} of ${number(total)}`
  return {
    text: paused ? `Old mail is paused at ${so}. New mail still comes in.` : `Reading old mail: ${so}`,
    percent: Math.min(99, Math.floor((done / total) * 100)),
    paused,
  }
}

/** Holding needs a channel that runs. */
export const canPause = ({ state }: Pick<Account, 'state'>): boolean => state !== 'stopped' && state !== 'auth-failed'
