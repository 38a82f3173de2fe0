import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import styles from './search-field.module.css'
import { chipsOf, suggestionsFor, without } from './search-parts.ts'

const typingMs = 120

/** Where searches are typed. Filters show as chips below it; what could come next is offered while typing. */
export function SearchField() {
  const { state, act } = useWindow()
  const [text, setText] = useState(state.search)
  const [focused, setFocused] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const team = useEngine('team.list', {}, { enabled: focused }).data?.members ?? []
  const labels = useEngine('inbox.labels', {}, { enabled: focused }).data?.labels ?? []
  // What this field searched for last. Coming back, it must not undo the letters typed in the meantime.
  const sent = useRef(state.search)
  // Somebody else emptied or filled the search (Esc, the palette): the field follows.
  useEffect(() => {
    if (state.search === sent.current) return
    sent.current = state.search
    setText(state.search)
  }, [state.search])
  const search = useCallback(
    (wanted: string) => {
      sent.current = wanted
      act({ do: 'search', text: wanted })
    },
    [act],
  )
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => search(text), typingMs)
    return () => clearTimeout(timer)
  }, [text, search])
  const chips = chipsOf(text)
  const suggestions = focused
    ? suggestionsFor(text, { owner: team.map((it) => it.name), label: labels.map((it) => it.name) })
    : []
  const take = (next: string) => {
    setText(next)
    field.current?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches whether the focus is in here
    <div
      className={styles.box}
      onFocus={() => setFocused(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false)
      }}
    >
      <TextInput
        ref={field}
        data-search-field
        type="search"
        aria-label="Search"
        aria-keyshortcuts="/"
        placeholder="Search people, mail, calls…"
        maxLength={500}
        spellCheck={false}
        leftSection={<IconSearch size={15} aria-hidden="true" />}
        rightSection={
          text === '' ? (
            <KeyCap keys="/" />
          ) : (
            <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText('')} />
          )
        }
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = suggestions[0]
          if (event.key === 'Tab' && !event.shiftKey && first && text !== '') {
            event.preventDefault()
            take(first.text)
          }
          if (event.key === 'Escape') {
            event.preventDefault()
            setText('')
            search('')
            event.currentTarget.blur()
          }
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault()
            search(text)
            document.querySelector<HTMLElement>('[data-search-hits] li button')?.focus()
          }
        }}
      />
      {chips.length > 0 && (
        <ul className={styles.chips} aria-label="Filters of this search">
          {chips.map((chip) => (
            <li key={chip.start}>
              <button
                type="button"
                className={styles.chip}
                data-not={chip.not || undefined}
                aria-label={`Remove the filter ${chip.not ? 'not ' : ''}${chip.text}`}
                onClick={() => take(without(text, chip))}
              >
                {chip.not && <b>not </b>}
                <span dir="auto">{chip.text}</span>
                <IconX size={12} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {suggestions.length > 0 && (
        <fieldset className={styles.suggestions} aria-label="Filters you can add">
          {suggestions.map((it, index) => (
            <button key={it.label} type="button" className={styles.suggestion} onClick={() => take(it.text)}>
              {it.label}
              {index === 0 && text !== '' && <KeyCap keys="Tab" />}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  )
}
