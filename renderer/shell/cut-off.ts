import type { Account } from '../../src/channels/contract.ts'
import { minute } from '../../src/lib/durations.ts'
import { ago } from '../ui/time-format.ts'

type Channel = Pick<Account, 'kind' | 'label' | 'state' | 'lastOkAt'>

// A first failure mostly mends itself before anybody could read about it.
const patience = 2 * minute
// What waits for others to call has no "last looked"; the sample has no outside.
const looksItself: ReadonlySet<Account['kind']> = new Set(['email', 'twilio', 'relay'])

/** The channels that are out of reach now: all that look by themselves without internet, else those that failed for a while. */
export function cutOff<T extends Channel>(accounts: readonly T[], online: boolean, now: number): readonly T[] {
  return accounts.filter(
    (it) =>
      looksItself.has(it.kind) &&
      it.state !== 'stopped' &&
      // That one needs a password, not a line; the health page and the rail say so.
      it.state !== 'auth-failed' &&
      (!online || (it.state === 'backing-off' && now - (it.lastOkAt ?? 0) > patience)),
  )
}

/** "office@bright.example: 12 minutes ago" */
export const lastSync = ({ label, lastOkAt }: Channel, now: number): string =>
  `${label}: ${lastOkAt === null ? 'never yet' : ago(lastOkAt, now)}`
