import type { Account, ChannelHealth } from '../../src/channels/contract.ts'
import { Fold } from '../onboarding/fold.tsx'
import { foundOnlyByLooking } from './account-words.ts'
import styles from './health.module.css'
import { reasonLines } from './health-words.ts'

type Props = { readonly account: Account; readonly health: ChannelHealth | null }

/** What was seen, taken in and left out since the channel was connected, and why. */
export function ChannelCounts({ account: { seen, taken, skipped, foundOnlyByLooking: found }, health }: Props) {
  const number = (value: number) => value.toLocaleString('en')
  const reasons = health ? reasonLines(health) : []
  return (
    <>
      <dl className={styles.counts} aria-label="Since it was connected">
        <div>
          <dt>seen</dt>
          <dd>{number(seen)}</dd>
        </div>
        <div>
          <dt>taken in</dt>
          <dd>{number(taken)}</dd>
        </div>
        <div>
          <dt>left out</dt>
          <dd>{number(skipped)}</dd>
        </div>
      </dl>
      {found !== undefined && found > 0 && <p className={styles.plainLine}>{foundOnlyByLooking(found)}</p>}
      {reasons.length > 0 && (
        <Fold label={skipped === 1 ? 'Why one was left out' : `Why ${number(skipped)} were left out`}>
          <ul className={styles.reasons}>
            {reasons.map((it) => (
              <li key={it}>{it}</li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  )
}
