import { Button } from '@mantine/core'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { mainKey } from '../keys/commands.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { usePlace } from '../ui/place.tsx'
import { calendarDay, type Place } from '../ui/time-format.ts'
import { inMoney } from './money.ts'
import styles from './outcome-card.module.css'

type End = MethodOutput<'convert.lead'>
type Props = { readonly leadId: number; readonly name: string }

/** On the card: how it ended, or the button to say so; and how likely it is won where a model may say. */
export function OutcomeCard({ leadId, name }: Props) {
  const { act } = useWindow()
  const place = usePlace()
  const end = useEngine('convert.lead', { leadId }).data
  if (!end) return null
  return (
    <section>
      <h3 className={styles.heading}>
        Outcome
        <Button
          size="compact-xs"
          variant="default"
          rightSection={<KeyCap keys={mainKey('judge') ?? ''} />}
          onClick={() =>
            act({ do: 'dialog', dialog: { kind: 'judge', leadIds: [leadId], title: name, step: 'choose' } })
          }
        >
          {end.outcome === null ? 'Won or lost' : 'Change'}
        </Button>
      </h3>
      <p className={styles.said} data-outcome={end.outcome ?? undefined} dir="auto">
        {endWords(end, place)}
      </p>
      {end.note && (
        <p className={styles.note} dir="auto">
          {end.note}
        </p>
      )}
      <Chance leadId={leadId} />
    </section>
  )
}

/** How a lead ended, in one line. */
export function endWords(end: End, place: Place): string {
  const parts = [
    end.outcome === null
      ? end.qualifiedAt === null
        ? 'Still open'
        : 'Qualified, still open'
      : outcomeNames[end.outcome],
    end.value && inMoney(end.value),
    end.reason,
    end.competitor && `to ${end.competitor}`,
    end.at !== null && end.outcome !== null && calendarDay(end.at, place),
    end.revisitAt !== null && `ask again ${calendarDay(end.revisitAt, place)}`,
  ]
  return parts.filter(Boolean).join(' · ')
}

const outcomeNames = { won: 'Won', lost: 'Lost', disqualified: 'Disqualified' } as const

function Chance({ leadId }: { readonly leadId: number }) {
  const said = useEngine('predict.lead', { leadId }).data
  if (!said || said.chance === null) return null
  return (
    <div className={styles.chance}>
      <p>
        <b>{Math.round(said.chance * 100)}%</b> of leads like this one are won
        {said.decides ? '; this decides how soon they are due.' : '.'}
      </p>
      <ul aria-label="Why">
        {said.reasons.map((it) => (
          <li key={it.text} dir="auto">
            <span aria-hidden="true" data-direction={it.direction}>
              {it.direction === 'raises' ? '+' : '−'}
            </span>
            <span className={styles.hidden}>{it.direction === 'raises' ? 'For it: ' : 'Against it: '}</span>
            {it.text}
          </li>
        ))}
      </ul>
    </div>
  )
}
