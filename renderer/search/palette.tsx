import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { commandsUnder } from '../keys/presets.ts'
import type { Handlers } from '../keys/use-command-keys.ts'
import { useEngine } from '../rpc/queries.ts'
import { sectionTitles } from '../settings/sections.ts'
import { useUndo } from '../shell/undo.tsx'
import { useWindow } from '../shell/window-context.tsx'
import type { SettingsSection } from '../shell/window-state.ts'
import { Avatar } from '../ui/avatar.tsx'
import { ChannelGlyph } from '../ui/channel-glyph.tsx'
import { KeyCap, PlainKeyCap } from '../ui/key-cap.tsx'
import { useKeymap } from '../ui/preferences.tsx'
import { Marked } from './marked.tsx'
import styles from './palette.module.css'
import { markedWords } from './split-marks.ts'

/** Ctrl or ⌘ K: every action with its key, every person, everything that was ever said. */
export function Palette({ handlers }: { readonly handlers: Handlers }) {
  const { act } = useWindow()
  const undo = useUndo()
  const keymap = useKeymap()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 120)
  const searching = asked.length > 1
  const finding = useEngine('people.find', { text: asked, limit: 6 }, { enabled: searching, keepPrevious: true })
  const search = useEngine('inbox.search', { text: asked, limit: 6 }, { enabled: searching, keepPrevious: true })
  const isLate = ({ isFetching, isPlaceholderData }: typeof finding | typeof search) => isFetching || isPlaceholderData
  const pending = text.trim() !== asked || (searching && (isLate(finding) || isLate(search)))
  const selection = useSelection(pending)
  const savedViews = useEngine('inbox.views', {}).data
  const wanted = text.trim().toLowerCase()
  const matches = (words: string) => wanted.split(/\s+/).every((it) => words.toLowerCase().includes(it))
  const actions = commandsUnder(keymap).filter(
    (it) => handlers[it.id] && it.id !== 'palette' && matches(`${it.title} ${it.group} ${it.words ?? ''}`),
  )
  const sections = (Object.entries(sectionTitles) as [SettingsSection, string][]).filter(
    ([, title]) => wanted !== '' && matches(`settings ${title}`),
  )
  // Only when asked for: what was done last would push everything else down.
  const undoable = wanted !== '' && matches('undo take back') ? undo.recent() : []
  const views = (savedViews?.views ?? []).filter((it) => wanted !== '' && matches(`view ${it.name}`))
  const said = searching ? (search.data?.hits ?? []).filter((it) => it.interactionId !== null) : []
  const found = searching ? (finding.data?.people ?? []) : []
  const nothing = actions.length + sections.length + undoable.length + views.length + said.length + found.length === 0

  return (
    <Spotlight.Root
      query={text}
      onQueryChange={(next) => {
        selection.reset()
        setText(next)
      }}
      shortcut={null}
      scrollable
      maxHeight={460}
      size={620}
      // Where it opened it stays, however much is found.
      centered={false}
      classNames={{ actionsList: styles.list ?? '' }}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
    >
      <Spotlight.Search
        placeholder="What do you want to do, or whom do you look for?"
        aria-label="Command palette"
        leftSection={<IconSearch size={18} stroke={1.6} />}
        onKeyDownCapture={selection.onKeyDown}
      />
      <Spotlight.ActionsList>
        <Selected keep={selection.keep} />
        {nothing && !pending && <Spotlight.Empty>Nothing found. Try another word.</Spotlight.Empty>}
        {found.length > 0 && (
          <Spotlight.ActionsGroup label="People">
            {found.map((it) => (
              <Spotlight.Action key={it.personId} onClick={() => act({ do: 'open', personId: it.personId })}>
                <span className={styles.line}>
                  <Avatar name={it.name} size={24} />
                  <span className={styles.title} dir="auto">
                    {it.company ? `${it.name} · ${it.company}` : it.name}
                  </span>
                  <span className={styles.dim}>{it.handles[0]?.display}</span>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {actions.length > 0 && (
          <Spotlight.ActionsGroup label="Actions">
            {actions.map((it) => (
              <Spotlight.Action key={it.id} onClick={() => requestAnimationFrame(() => handlers[it.id]?.())}>
                <span className={styles.line}>
                  <span className={styles.title}>{it.group === 'Go to' ? `Go to ${it.title}` : it.title}</span>
                  {it.keys[0] && <PlainKeyCap keys={it.keys[0]} />}
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {undoable.length > 0 && (
          <Spotlight.ActionsGroup label="Take back">
            {undoable.map((it, index) => (
              <Spotlight.Action key={it.id} onClick={it.take}>
                <span className={styles.line}>
                  <span className={styles.title} dir="auto">
                    {it.label}
                  </span>
                  {index === 0 && <KeyCap keys="z" />}
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {views.length > 0 && (
          <Spotlight.ActionsGroup label="Views">
            {views.map((it) => (
              <Spotlight.Action
                key={it.id}
                onClick={() => act({ do: 'go', page: { kind: 'leads', view: `saved:${it.id}` } })}
                label={it.name}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {sections.length > 0 && (
          <Spotlight.ActionsGroup label="Settings">
            {sections.map(([section, title]) => (
              <Spotlight.Action
                key={section}
                onClick={() => act({ do: 'go', page: { kind: 'settings', section } })}
                label={title}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {said.length > 0 && (
          <Spotlight.ActionsGroup label="What was said">
            {said.map((it) => (
              <Spotlight.Action
                key={`${it.personId}-${it.interactionId}`}
                onClick={() => {
                  if (it.interactionId === null) return
                  act({
                    do: 'jump',
                    personId: it.personId,
                    interactionId: it.interactionId,
                    words: markedWords(it.snippet),
                  })
                }}
              >
                <span className={styles.line}>
                  {it.channel && <ChannelGlyph channel={it.channel} />}
                  <b className={styles.name} dir="auto">
                    {it.name}
                  </b>
                  <span className={styles.snippet} dir="auto">
                    <Marked text={it.snippet} />
                  </span>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

/**
 * The first result is the one that Enter takes, until somebody moves to another one; that one stays chosen when more
 * comes in above it. Enter waits for results that are on their way.
 * @param pending  what is shown is not yet the answer to what was typed
 */
function useSelection(pending: boolean) {
  const moved = useRef(false)
  const entered = useRef(false)
  useEffect(() => {
    if (pending || !entered.current) return
    entered.current = false
    results()[0]?.click()
  }, [pending])
  return {
    reset: () => {
      moved.current = false
      entered.current = false
    },
    onKeyDown: (event: KeyboardEvent) => {
      const by = steps[event.key]
      if (event.nativeEvent.isComposing || (by === undefined && event.key !== 'Enter')) return
      // In place of Spotlight's own keys: it counts places, and those move when results come in.
      event.preventDefault()
      event.stopPropagation()
      const all = results()
      const at = all.findIndex(isSelected)
      if (by !== undefined) {
        moved.current = true
        select(all, (at + by + all.length) % all.length)
      } else if (pending && !moved.current) entered.current = true
      else all[at]?.click()
    },
    keep: () => {
      const all = results()
      const at = all.findIndex(isSelected)
      if (at < 0 || (at > 0 && !moved.current)) select(all, 0)
    },
  }
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
const results = () => [...document.querySelectorAll<HTMLElement>('[data-action]')]
const isSelected = (it: HTMLElement) => it.hasAttribute('data-selected')

function select(all: readonly HTMLElement[], index: number): void {
  for (const it of all) it.removeAttribute('data-selected')
  all[index]?.setAttribute('data-selected', 'true')
  all[index]?.scrollIntoView({ block: 'nearest' })
}

/** Stands among the results, so that it is told of each change of them, and of the first. */
function Selected({ keep }: { readonly keep: () => void }) {
  useLayoutEffect(() => {
    keep()
    // When the box opens, what stands in it is only now being put into the page.
    const later = requestAnimationFrame(keep)
    return () => cancelAnimationFrame(later)
  })
  return null
}
