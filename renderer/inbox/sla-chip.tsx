import { Chip } from '../ui/chip.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { type ChipRow, chipText } from './chip-text.ts'
import { dueText } from './due-text.ts'

type Props = {
  readonly row: ChipRow
  readonly long?: boolean
  /** The customer's zone, where it is known. */
  readonly zone?: string | null
}

/** How long there is to answer somebody. Ticks with the shared clock; until when is in its tooltip. */
export function SlaChip({ row, long = false, zone = null }: Props) {
  const place = usePlace()
  const now = useNow()
  const text = chipText(row, now, place)
  const due = row.clock && dueText(row.clock.dueAt, now, { here: place.zone, there: zone, name: row.name })
  return (
    <span title={due ?? undefined} style={{ display: 'contents' }}>
      <Chip state={text.state} left={text.left} label={text.label} big={long}>
        {text.time && <b>{text.time}</b>} {long ? longWords(text.words) : text.words}
      </Chip>
    </span>
  )
}

const longWords = (words: string) => (words.startsWith('to ') ? `left ${words}` : words)
