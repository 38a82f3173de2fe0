import { Button, Loader } from '@mantine/core'
import { IconBookmarkPlus, IconInfoCircle, IconSearchOff } from '@tabler/icons-react'
import { type KeyboardEvent, useRef } from 'react'
import type { SearchHit } from '../../src/inbox/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { ChannelGlyph } from '../ui/channel-glyph.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { shortMoment } from '../ui/time-format.ts'
import { Marked } from './marked.tsx'
import styles from './search-panel.module.css'
import { markedWords } from './split-marks.ts'
import { useSearch } from './use-search.ts'

/** Everything that was ever written or said, by its words. A click lands on the very entry. */
export function SearchPanel({ text }: { readonly text: string }) {
  const { act } = useWindow()
  const { query: found, hits, first } = useSearch(text.trim())
  const list = useRef<HTMLUListElement>(null)
  const open = (hit: SearchHit) =>
    hit.interactionId === null
      ? act({ do: 'open', personId: hit.personId })
      : act({ do: 'jump', personId: hit.personId, interactionId: hit.interactionId, words: markedWords(hit.snippet) })
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]
    if (next) next.focus()
    else if (step < 0) document.querySelector<HTMLElement>('[data-search-field]')?.focus()
  }
  if (found.isError) {
    return (
      <div className={styles.pad}>
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      </div>
    )
  }
  if (!first) {
    return (
      <div className={styles.pad}>
        <Loader size="sm" aria-label="Searching" />
      </div>
    )
  }
  const problems = first.problems.map((it) => (
    <p key={it} className={styles.problem} role="status">
      <IconInfoCircle size={15} aria-hidden="true" /> {it}
    </p>
  ))
  const further = found.hasNextPage && (
    <div className={styles.more}>
      <Button
        size="compact-sm"
        variant="subtle"
        loading={found.isFetchingNextPage}
        onClick={() => void found.fetchNextPage()}
      >
        {hits.length === 0 ? 'Look further back' : 'Show more'}
      </Button>
    </div>
  )
  if (hits.length === 0) {
    return (
      <div className={styles.panel}>
        {problems}
        <Empty
          icon={IconSearchOff}
          title={found.hasNextPage ? 'Nothing found so far' : `Nothing found for “${text.trim()}”`}
        >
          {first.about === 'leads' ? (
            <>Only open leads are looked at. Add is:any for everybody, or is:done.</>
          ) : (
            <>
              Search looks through names, addresses, numbers, mail, texts, notes and forms. Try fewer or shorter words.
            </>
          )}
        </Empty>
        {further}
      </div>
    )
  }
  return (
    <div className={styles.panel} data-search-hits>
      {problems}
      <div className={styles.head}>
        <p className={styles.count} role="status">
          {found.hasNextPage
            ? `The first ${hits.length} matches`
            : hits.length === 1
              ? '1 match'
              : `${hits.length} matches`}
          {first.about === 'leads' && !/\bis:/.test(text) && ', open leads only (is:any for everybody)'}
        </p>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconBookmarkPlus size={15} />}
          onClick={() => act({ do: 'dialog', dialog: { kind: 'view', view: null, query: text.trim() } })}
        >
          Keep as a view
        </Button>
      </div>
      <ul ref={list} className={styles.list} aria-label="Search results" onKeyDown={move}>
        {hits.map((hit) => (
          <li key={`${hit.personId}-${hit.interactionId ?? 'person'}`}>
            <Hit hit={hit} onOpen={() => open(hit)} />
          </li>
        ))}
      </ul>
      {further}
    </div>
  )
}

function Hit({ hit, onOpen }: { readonly hit: SearchHit; readonly onOpen: () => void }) {
  const now = useNow('minute')
  const place = usePlace()
  return (
    <button type="button" className={styles.hit} onClick={onOpen}>
      <Avatar name={hit.name} size={28} />
      <span className={styles.main}>
        <span className={styles.line}>
          <b className={styles.name} dir="auto">
            {hit.name}
          </b>
          {hit.at !== null && <span className={styles.when}>{shortMoment(hit.at, now, place)}</span>}
        </span>
        <span className={styles.line}>
          {hit.channel && <ChannelGlyph channel={hit.channel} size={14} />}
          <span className={styles.snippet} dir="auto">
            <Marked text={hit.snippet} />
          </span>
        </span>
      </span>
    </button>
  )
}
