import { Loader } from '@mantine/core'
import type { LedgerEntry, Trial } from '../../src/score/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { answers, tierNames } from '../ui/score-words.ts'
import { plural } from '../ui/time-format.ts'
import styles from './score.module.css'
import shared from './settings.module.css'

type Props = {
  readonly trial: Trial | undefined
  readonly busy: boolean
  readonly error: unknown
  /** What keeps it from being tried, in words. */
  readonly unfinished: string | null
  readonly showNumber: boolean
}

/** Who would move if this were saved, and why. */
export function ScoreTrial({ trial, busy, error, unfinished, showNumber }: Props) {
  return (
    <section className={`${shared.box} ${styles.aside}`} aria-label="What would change" aria-live="polite">
      <h3 className={shared.boxTitle}>
        What would change {busy && <Loader size={14} aria-label="Trying it on your last leads" />}
      </h3>
      {unfinished !== null && <p className={styles.warning}>{unfinished}</p>}
      {error !== null && unfinished === null && <ErrorNotice error={error} />}
      {trial && <p className={shared.dim}>{trialWords(trial)}</p>}
      {trial?.warnings
        .filter((it) => it.rule === null)
        .map((it) => (
          <p key={it.text} className={styles.warning}>
            {it.text}
          </p>
        ))}
      {trial && trial.moves.length > 0 && (
        <ul className={styles.moves}>
          {trial.moves.map((move) => (
            <li key={move.leadId} className={styles.move}>
              <div className={styles.moveHead}>
                <span className={styles.moveName} dir="auto">
                  {move.name || 'No name'}
                </span>
                <span className={styles.moveTo}>
                  {judged(move.before, showNumber)} → <b>{judged(move.after, showNumber)}</b>
                </span>
              </div>
              <Reasons removed={move.removed} added={move.added} />
            </li>
          ))}
        </ul>
      )}
      <DeadRules />
    </section>
  )
}

export function trialWords({ tried, changed }: Trial): string {
  if (tried === 0) return 'No leads yet to try it on.'
  if (changed === 0) return `None of your last ${plural(tried, 'lead')} would move.`
  return `${changed} of your last ${plural(tried, 'lead')} would move. Nothing is saved yet.`
}

function judged({ score, tier, grade, qualification }: Trial['moves'][number]['before'], showNumber: boolean): string {
  if (qualification !== null) return answers[qualification]
  // Without a grade there are no points behind the number.
  return [grade !== null && showNumber ? score : null, tierNames[tier], grade].filter((it) => it !== null).join(' ')
}

type ReasonsProps = { readonly removed: readonly LedgerEntry[]; readonly added: readonly LedgerEntry[] }

function Reasons({ removed, added }: ReasonsProps) {
  return (
    <ul className={styles.reasons}>
      {removed.map((it) => (
        <li key={`gone ${it.rule}`} className={styles.gone} dir="auto" aria-label={`No longer: ${words(it)}`}>
          {words(it)}
        </li>
      ))}
      {added.map((it) => (
        <li key={`new ${it.rule}`} dir="auto">
          {words(it)}
        </li>
      ))}
    </ul>
  )
}

const words = ({ points, reason }: LedgerEntry) =>
  points === 0 ? reason : `${points < 0 ? '−' : '+'}${Math.abs(points)} ${reason}`

/** Rules that are there for nothing. */
function DeadRules() {
  const { data } = useEngine('score.deadRules', {})
  if (!data || data.rules.length === 0) return null
  return (
    <>
      <h3 className={shared.boxTitle} style={{ marginTop: 14 }}>
        Fitted nobody in 90 days
      </h3>
      <p className={shared.dim}>
        Of {plural(data.leads, 'lead')}: {data.rules.map((it) => `“${it.label}”`).join(', ')}. Change or remove them.
      </p>
    </>
  )
}
