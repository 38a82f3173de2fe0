import type { KeyboardEvent, Ref } from 'react'
import type { ComposerMode } from '../shell/window-state.ts'
import styles from './composer.module.css'

type Props = {
  readonly field: Ref<HTMLTextAreaElement>
  readonly mode: ComposerMode
  readonly name: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onSend: (alsoDone: boolean) => void
  readonly onTemplates: () => void
  readonly onFiles: (files: FileList) => void
}

const longest = { text: 1600, chat: 4000, email: 200_000, note: 200_000 } as const

const gaps = /(\{\{[^{}]*\}\})/

/** The message. Grows with it; what a template left open is marked. Enter is a new line; Ctrl or ⌘ with Enter sends. */
export function BodyField({ field, mode, name, value, onChange, onSend, onTemplates, onFiles }: Props) {
  const keyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
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
        placeholder={mode === 'note' ? 'What the team should know…' : `Write to ${name}…  ( / for templates)`}
        maxLength={longest[mode]}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={keyDown}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return
          event.preventDefault()
          onFiles(event.clipboardData.files)
        }}
      />
    </div>
  )
}
