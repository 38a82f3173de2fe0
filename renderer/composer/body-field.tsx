import { type KeyboardEvent, type RefObject, useId, useState } from 'react'
import { useEngine } from '../rpc/queries.ts'
import type { ComposerMode } from '../shell/window-state.ts'
import styles from './composer.module.css'
import mentionStyles from './mention-list.module.css'
import { MentionList } from './mention-list.tsx'
import { membersFor, mentionAt, withMention } from './mention-suggestions.ts'

type Props = {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly mode: ComposerMode
  readonly name: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onSend: (alsoDone: boolean) => void
  readonly onTemplates: () => void
  readonly onFiles: (files: FileList) => void
}

const longest = { text: 1600, chat: 4000, email: 200_000, note: 200_000 } as const

const mostMembers = 6
const gaps = /(\{\{[^{}]*\}\})/

/** The message. Grows with it; what a template left open is marked. Enter is a new line; Ctrl or ⌘ with Enter sends. */
export function BodyField({ field, mode, name, value, onChange, onSend, onTemplates, onFiles }: Props) {
  const everybody = useEngine('team.list', {}, { enabled: mode === 'note' }).data?.members ?? []
  const me = useEngine('settings.get', {}).data?.me
  // Whoever writes need not be called.
  const team = everybody.filter((it) => it.id !== me)
  const listId = useId()
  const [caret, setCaret] = useState(0)
  const [marked, setMarked] = useState(0)
  // Esc closes the list for this `@`.
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const spot = mode === 'note' ? mentionAt(value, caret) : null
  const members = spot && spot.start !== closedAt ? membersFor(spot, team).slice(0, mostMembers) : []
  const at = Math.min(marked, members.length - 1)
  const call = (memberName: string) => {
    if (!spot) return
    const next = withMention(value, spot, memberName)
    onChange(next.text)
    setCaret(next.caret)
    setMarked(0)
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret))
  }
  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const chosen = members[at]
    if (chosen && !event.ctrlKey && !event.metaKey) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step !== undefined) setMarked((at + step + members.length) % members.length)
      else if (event.key === 'Enter' || event.key === 'Tab') call(chosen.name)
      else if (event.key === 'Escape') setClosedAt(spot?.start ?? null)
      if (step !== undefined || ['Enter', 'Tab', 'Escape'].includes(event.key)) {
        event.preventDefault()
        return
      }
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      onSend(event.shiftKey)
    } else if (event.key === '/' && value === '' && mode !== 'note') {
      event.preventDefault()
      onTemplates()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      event.currentTarget.blur()
    }
  }
  return (
    <div className={mentionStyles.anchor}>
      {members.length > 0 && <MentionList id={listId} members={members} at={at} onPick={call} />}
      <div className={styles.bodyBox}>
        <div className={styles.mirror} aria-hidden="true" dir="auto">
          {mode !== 'note' &&
            value
              .split(gaps)
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no identity but their place
              .map((part, index) => (gaps.test(part) ? <mark key={index}>{part}</mark> : part))}
          {'\n'}
        </div>
        <textarea
          ref={field}
          className={styles.body}
          aria-label="Message"
          dir="auto"
          rows={2}
          placeholder={
            mode === 'note' ? 'What the team should know… ( @ calls somebody)' : `Write to ${name}…  ( / for templates)`
          }
          maxLength={longest[mode]}
          value={value}
          aria-controls={members.length > 0 ? listId : undefined}
          aria-activedescendant={members[at] ? `${listId}-${members[at].id}` : undefined}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onChange={(event) => {
            setCaret(event.currentTarget.selectionStart)
            onChange(event.currentTarget.value)
          }}
          onKeyDown={keyDown}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return
            event.preventDefault()
            onFiles(event.clipboardData.files)
          }}
        />
      </div>
    </div>
  )
}
