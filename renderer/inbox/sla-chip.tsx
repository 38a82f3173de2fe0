import { Chip } from '../ui/chip.tsx'
import { useNow } from '../ui/now.tsx'
import { type ChipRow, chipText } from './chip-text.ts'

/** How long there is to answer somebody. Ticks with the shared clock. */
export function SlaChip({ row, long = false }: { readonly row: ChipRow; readonly long?: boolean }) {
  const text = chipText(row, useNow())
  return (
    <Chip state={text.state} left={text.left} label={text.label} big={long}>
      {text.time && <b>{text.time}</b>} {long ? longWords(text.words) : text.words}
    </Chip>
  )
}

const longWords = (words: string) => (words.startsWith('to ') ? `left ${words}` : words)
