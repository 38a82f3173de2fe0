import { CloseButton, SegmentedControl, TextInput } from '@mantine/core'
import { IconSearch, IconUserQuestion } from '@tabler/icons-react'
import { type Ref, useEffect, useRef, useState } from 'react'
import type { InboxView } from '../../src/inbox/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { SearchPanel } from '../search/search-panel.tsx'
import { useWindow } from '../shell/window-context.tsx'
import { Chip } from '../ui/chip.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { plural } from '../ui/time-format.ts'
import { BulkBar } from './bulk-bar.tsx'
import { LeadList } from './lead-list.tsx'
import styles from './list-column.module.css'

const titles: Readonly<Record<InboxView, string>> = {
  inbox: 'Inbox',
  waiting: 'Inbox',
  snoozed: 'Inbox',
  done: 'Inbox',
  hot: 'Hot',
  due: 'Due',
  mine: 'Mine',
  unassigned: 'Without an owner',
  calls: 'Calls',
  all: 'People',
}

const segments: readonly { readonly value: InboxView; readonly label: string }[] = [
  { value: 'inbox', label: 'Open' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'snoozed', label: 'Snoozed' },
  { value: 'done', label: 'Done' },
]

/** The left column: what is late, a search, the rows, and the keys that work on them. */
export function ListColumn({ view }: { readonly view: InboxView }) {
  const { state, act } = useWindow()
  const searching = state.search.trim() !== ''
  return (
    <section className={styles.column} aria-label={titles[view]}>
      <header className={styles.header}>
        <div className={styles.top}>
          <h1 className={styles.title}>{titles[view]}</h1>
          <Urgency view={view} />
        </div>
        <SearchField />
        {segments.some((it) => it.value === view) && !searching && (
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Which leads"
            data={segments.map((it) => ({ ...it }))}
            value={view}
            onChange={(value) => act({ do: 'go', page: { kind: 'leads', view: value as InboxView } })}
          />
        )}
      </header>
      {searching ? <SearchPanel text={state.search} /> : <LeadList key={view} view={view} />}
      <BulkBar view={view} />
      <footer className={styles.hints} aria-hidden="true">
        <Hint keys={['j', 'k']} word="move" />
        <Hint keys={['d']} word="call" />
        <Hint keys={['r']} word="reply" />
        <Hint keys={['e']} word="done" />
        <button
          type="button"
          tabIndex={-1}
          className={styles.help}
          onClick={() => act({ do: 'dialog', dialog: { kind: 'help' } })}
        >
          <KeyCap keys="?" /> keys
        </button>
      </footer>
    </section>
  )
}

function Hint({ keys, word }: { readonly keys: readonly string[]; readonly word: string }) {
  return (
    <span className={styles.hint}>
      {keys.map((key) => (
        <KeyCap key={key} keys={key} />
      ))}
      {word}
    </span>
  )
}

/** How many are late and how many soon will be: one click shows them. */
function Urgency({ view }: { readonly view: InboxView }) {
  const { act } = useWindow()
  const { data } = useEngine('inbox.counts', {})
  if (!data) return null
  const toDue = () => act({ do: 'go', page: { kind: 'leads', view: 'due' } })
  return (
    <div className={styles.chips}>
      {data.late > 0 && (
        <button
          type="button"
          className={styles.chipButton}
          onClick={toDue}
          aria-label={`${plural(data.late, 'lead')} late. Show what is due`}
        >
          <Chip state="late">
            <b>{data.late}</b> late
          </Chip>
        </button>
      )}
      {data.atRisk > 0 && (
        <button
          type="button"
          className={styles.chipButton}
          onClick={toDue}
          aria-label={`${plural(data.atRisk, 'lead')} at risk. Show what is due`}
        >
          <Chip state="risk">
            <b>{data.atRisk}</b> at risk
          </Chip>
        </button>
      )}
      {data.unassigned > 0 && view === 'inbox' && data.late + data.atRisk === 0 && (
        <button
          type="button"
          className={styles.unowned}
          onClick={() => act({ do: 'go', page: { kind: 'leads', view: 'unassigned' } })}
        >
          <IconUserQuestion size={14} aria-hidden="true" /> {data.unassigned} without an owner
        </button>
      )}
    </div>
  )
}

const typingMs = 120

function SearchField() {
  const { state, act } = useWindow()
  const [text, setText] = useState(state.search)
  const field: Ref<HTMLInputElement> = useRef(null)
  // Somebody else emptied or filled the search (Esc, the palette): the field follows.
  useEffect(() => setText(state.search), [state.search])
  useEffect(() => {
    if (text === state.search) return
    const timer = setTimeout(() => act({ do: 'search', text }), typingMs)
    return () => clearTimeout(timer)
  }, [text, state.search, act])
  return (
    <TextInput
      ref={field}
      data-search-field
      type="search"
      aria-label="Search"
      aria-keyshortcuts="/"
      placeholder="Search people, mail, calls…"
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      rightSection={
        text === '' ? (
          <KeyCap keys="/" />
        ) : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => act({ do: 'search', text: '' })} />
        )
      }
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault()
          act({ do: 'search', text: '' })
          event.currentTarget.blur()
        }
        if (event.key === 'Enter' || event.key === 'ArrowDown') {
          event.preventDefault()
          act({ do: 'search', text })
          document.querySelector<HTMLElement>('[data-search-hits] button')?.focus()
        }
      }}
    />
  )
}
