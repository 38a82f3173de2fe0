import { Tooltip } from '@mantine/core'
import { plural } from '../ui/time-format.ts'
import { segments } from './segments.ts'

/** What a text will cost: characters and parts, and why an emoji makes it more. */
export function SegmentCount({ text }: { readonly text: string }) {
  const { characters, parts, left, alphabet } = segments(text)
  const why =
    alphabet === 'UCS-2'
      ? 'A letter or emoji outside the plain telephone alphabet makes each part 70 characters instead of 160.'
      : 'Each part is sent and paid for like one text.'
  return (
    <Tooltip label={`${why} ${plural(left, 'character')} left in this part.`} multiline w={260}>
      <span>
        {plural(characters, 'character')} · {plural(parts, 'part')}
      </span>
    </Tooltip>
  )
}
