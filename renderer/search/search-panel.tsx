import { Loader } from '@mantine/core'
import { IconSearchOff } from '@tabler/icons-react'
import { type KeyboardEvent, useRef } from 'react'
import type { SearchHit } from '../../src/inbox/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { ChannelGlyph } from '../ui/channel-glyph.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { plural, shortMoment } from '../ui/time-format.ts'
import { Marked } from './marked.tsx'
import styles from './search-panel.module.css'
import { markedWords } from './split-marks.ts'

const limit = 50

/** Everything that was ever written or said, by its words. A click lands on the very entry. */
export function SearchPanel({ text }: { readonly text: string }) {
  const { act } = useWindow()
  const found = useEngine('inbox.search', { text: text.trim(), limit }, { keepPrevious: true })
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
  if (!found.data) {
    return (
      <div className={styles.pad}>
        <Loader size="sm" aria-label="Searching" />
      </div>
    )
  }
  const { hits } = found.data
  if (hits.length === 0) {
    return (
      <Empty icon={IconSearchOff} title={`Nothing found for “${text.trim()}”`}>
        Search looks through names, addresses, numbers, mail, texts, notes and forms. Try fewer or shorter words.
      </Empty>
    )
  }
  return (
    <div className={styles.panel} data-search-hits>
      <p className={styles.count} role="status">
        {hits.length === limit
          ? `The newest ${limit} matches`
          : plural(hits.length, 'match').replace('matchs', 'matches')}
      </p>
      <ul ref={list} className={styles.list} aria-label="Search results" onKeyDown={move}>
        {hits.map((hit) => (
          <li key={`${hit.personId}-${hit.interactionId ?? 'person'}`}>
            <Hit hit={hit} onOpen={() => open(hit)} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Hit({ hit, onOpen }: { readonly hit: SearchHit; readonly onOpen: () => void }) {
  const now = useNow('minute')
  return (
    <button type="button" className={styles.hit} onClick={onOpen}>
      <Avatar name={hit.name} size={28} />
      <span className={styles.main}>
        <span className={styles.line}>
          <b className={styles.name} dir="auto">
            {hit.name}
          </b>
          {hit.at !== null && <span className={styles.when}>{shortMoment(hit.at, now)}</span>}
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
