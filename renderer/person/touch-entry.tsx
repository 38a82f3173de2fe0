import { IconWalk } from '@tabler/icons-react'
import { touchNames } from '../../src/capture/contract.ts'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Attachments } from './attachments.tsx'
import styles from './entry.module.css'
import { RichText } from './rich-text.tsx'
import { When } from './small-entries.tsx'

type Note = Extract<TimelineEntry, { kind: 'note' }>
export type TouchNote = Note & { readonly touch: NonNullable<Note['touch']> }

export const isTouch = (entry: Note): entry is TouchNote => entry.touch !== undefined

type Props = { readonly entry: TouchNote; readonly name: string; readonly words: readonly string[] }

/** They came by a way that no channel sees, and somebody of us wrote it down: on their side, since they came. */
export function TouchEntry({ entry, name, words }: Props) {
  const { act } = useWindow()
  const { kind, source, referrer, attachments } = entry.touch
  const what = touchNames[kind]
  return (
    <article className={styles.bubble} aria-label={`${what}: ${name}`}>
      <div className={styles.head}>
        <IconWalk size={14} aria-hidden="true" />
        <b>{what}</b>
        {source !== what && <span dir="auto">{source}</span>}
        {referrer && (
          <button
            type="button"
            className={styles.sentBy}
            dir="auto"
            onClick={() => act({ do: 'open', personId: referrer.personId })}
          >
            sent by {referrer.name}
          </button>
        )}
      </div>
      {entry.text !== '' && (
        <div className={styles.bubbleText} dir="auto">
          <RichText text={entry.text} words={words} />
        </div>
      )}
      <Attachments list={attachments} />
      <div className={styles.under}>
        {entry.author && <span dir="auto">logged by {entry.author}</span>}
        <When at={entry.at} />
      </div>
    </article>
  )
}
