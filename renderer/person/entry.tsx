import { IconBan } from '@tabler/icons-react'
import { memo } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { CallEntry } from './call-entry.tsx'
import styles from './entry.module.css'
import { FormEntry } from './form-entry.tsx'
import { IntentLabel } from './intent-label.tsx'
import { MailEntry } from './mail-entry.tsx'
import { NoteEntry } from './note-entry.tsx'
import { EventEntry } from './small-entries.tsx'
import { unfold } from './step-message.ts'
import { TextEntry } from './text-entry.tsx'
import { isTouch, TouchEntry } from './touch-entry.tsx'
import { entryId } from './use-anchored-scroll.ts'

type Props = {
  readonly entry: TimelineEntry
  readonly personId: number
  readonly name: string
  /** Words of a search to mark. */
  readonly words: readonly string[]
  /** Not 0: a search led here; the entry lights up for a moment. */
  readonly flash: number
}

/** One thing in the timeline. */
export const Entry = memo(function Entry({ entry, personId, name, words, flash }: Props) {
  return (
    <li
      id={entryId(entry.id)}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return
        event.preventDefault()
        unfold(event.currentTarget)
      }}
      className={styles.entry}
      data-side={sideOf(entry)}
      data-message={entry.kind === 'event' ? undefined : ''}
      data-flash={flash > 0 || undefined}
    >
      {contentOf(entry, personId, name, words)}
      {entry.blocked && (
        <span className={styles.blocked} title="They were blocked when it came, so it called nobody">
          <IconBan size={13} aria-hidden="true" /> Blocked
        </span>
      )}
      {entry.insight && <IntentLabel interactionId={entry.id} insight={entry.insight} />}
    </li>
  )
})

function contentOf(entry: TimelineEntry, personId: number, name: string, words: readonly string[]) {
  switch (entry.kind) {
    case 'email':
      return <MailEntry entry={entry} personId={personId} name={name} words={words} />
    case 'text':
      return <TextEntry entry={entry} personId={personId} name={name} words={words} />
    case 'call':
      return <CallEntry entry={entry} personId={personId} name={name} words={words} />
    case 'form':
      return <FormEntry entry={entry} words={words} />
    case 'note':
      if (isTouch(entry)) return <TouchEntry entry={entry} name={name} words={words} />
      return <NoteEntry entry={entry} words={words} />
    case 'event':
      return <EventEntry entry={entry} />
  }
}

function sideOf(entry: TimelineEntry): 'left' | 'right' | 'middle' {
  if (entry.kind === 'event') return 'middle'
  if (entry.kind === 'note') return isTouch(entry) ? 'left' : 'right'
  return entry.direction === 'in' ? 'left' : 'right'
}
