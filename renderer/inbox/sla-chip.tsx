import { useEngine } from '../rpc/queries.ts'
import { Chip } from '../ui/chip.tsx'
import { useNow } from '../ui/now.tsx'
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
  const now = useNow()
  const here = useEngine('settings.get', {}).data?.business.zone
  const text = chipText(row, now)
  const due = row.clock && dueText(row.clock.dueAt, now, { here, there: zone, name: row.name })
  return (
    <span title={due ?? undefined} style={{ display: 'contents' }}>
      <Chip state={text.state} left={text.left} label={text.label} big={long}>
        {text.time && <b>{text.time}</b>} {long ? longWords(text.words) : text.words}
      </Chip>
    </span>
  )
}

const longWords = (words: string) => (words.startsWith('to ') ? `left ${words}` : words)
