import type { PersonCard } from '../../src/people/contract.ts'
import type { LedgerEntry } from '../../src/score/contract.ts'
import { usePlace } from '../ui/place.tsx'
import { useScoreNumber } from '../ui/score.tsx'
import { gradeHint, scoreSpoken, tierNames } from '../ui/score-words.ts'
import { fullMoment } from '../ui/time-format.ts'
import card from './person-card.module.css'
import styles from './score-ledger.module.css'

type Props = { readonly lead: NonNullable<PersonCard['lead']> }

/** What a lead is worth, and every reason: what it counted at first, what time took, what a cap took. */
export function ScoreLedger({ lead }: Props) {
  const number = useScoreNumber()
  const { row, ledger } = lead
  const counted = row.grade !== null
  const shows = number && counted
  const parts = counted
    ? [
        { key: 'fit', name: 'Fit', letter: row.grade?.slice(0, 1), entries: ledger.filter((it) => it.axis === 'fit') },
        {
          key: 'engagement',
          name: 'Engagement',
          letter: row.grade?.slice(1),
          entries: ledger.filter((it) => it.axis === 'engagement'),
        },
        { key: 'all', name: 'In all', letter: null, entries: ledger.filter((it) => it.axis === null) },
      ].filter((it) => it.entries.length > 0)
    : [{ key: 'all', name: null, letter: null, entries: ledger }]
  return (
    <section>
      <h3 className={card.heading}>
        Score{' '}
        <span className={styles.verdict}>
          <b className={card.score} data-tier={row.tier}>
            {shows ? row.score : row.qualification === null ? tierNames[row.tier] : scoreSpoken(row, number)}
          </b>
          {shows && (
            <span className={styles.grade} title={gradeHint}>
              {row.grade}
            </span>
          )}
        </span>
      </h3>
      {parts.map(({ key, name, letter, entries }) => (
        <div key={key} className={styles.part}>
          {name !== null && (
            <div className={styles.name}>
              <span>
                {name} {letter}
              </span>
              {shows && <span>{signed(entries.reduce((sum, it) => sum + it.points, 0))}</span>}
            </div>
          )}
          <ul className={card.ledger} aria-label={`Why: ${name ?? scoreSpoken(row, number)}`}>
            {entries.toSorted(byWeight).map((it) => (
              <Entry key={it.rule} entry={it} points={shows} />
            ))}
          </ul>
        </div>
      ))}
      {ledger.length === 0 && <p className={card.dim}>No rule fits yet.</p>}
    </section>
  )
}

/** What a limit took comes after what it was taken from. */
const byWeight = (a: LedgerEntry, b: LedgerEntry) =>
  a.kind === b.kind ? Math.abs(b.raw) - Math.abs(a.raw) : a.kind === 'limit' ? 1 : -1

function Entry({ entry, points }: { readonly entry: LedgerEntry; readonly points: boolean }) {
  const place = usePlace()
  const lost = entry.points - entry.raw
  const sign = entry.points < 0 || entry.raw < 0 ? '−' : '+'
  return (
    <li data-limit={entry.kind === 'limit' || undefined} className={styles.entry}>
      <span
        className={card.points}
        data-minus={(entry.points < 0 && entry.kind === 'rule') || undefined}
        data-limit={entry.kind === 'limit' || undefined}
      >
        {points ? signed(entry.raw) : entry.raw === 0 ? '' : sign}
      </span>
      <span dir="auto">
        {entry.reason}
        {points && lost !== 0 && (
          <span className={styles.aged} title={entry.at === null ? '' : `Last on ${fullMoment(entry.at, place)}`}>
            {' '}
            · {signed(lost)} with time
          </span>
        )}
      </span>
    </li>
  )
}

const signed = (points: number) => (points < 0 ? `−${-points}` : `+${points}`)
