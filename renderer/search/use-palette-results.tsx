import { useDebouncedValue } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import type { ReactNode } from 'react'
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
import type { Choosable } from './use-choice.ts'

export type Result = Choosable & { readonly shown: ReactNode }
export type ResultGroup = { readonly label: string; readonly results: readonly Result[] }

/**
 * People, actions and words that fit what was typed.
 * @returns groups that have something in them; `pending` while they are not yet the answer to this text
 */
export function usePaletteResults(text: string, handlers: Handlers): { groups: ResultGroup[]; pending: boolean } {
  const { act } = useWindow()
  const undo = useUndo()
  const keymap = useKeymap()
  const [asked] = useDebouncedValue(text.trim(), 120)
  const searching = asked.length > 1
  const finding = useEngine('people.find', { text: asked, limit: 6 }, { enabled: searching, keepPrevious: true })
  const search = useEngine('inbox.search', { text: asked, limit: 6 }, { enabled: searching, keepPrevious: true })
  const isLate = ({ isFetching, isPlaceholderData }: typeof finding | typeof search) => isFetching || isPlaceholderData
  const savedViews = useEngine('inbox.views', {}).data
  const wanted = text.trim().toLowerCase()
  const matches = (words: string) => wanted.split(/\s+/).every((it) => words.toLowerCase().includes(it))
  const begins = (title: string) =>
    wanted.split(/\s+/).every((it) =>
      title
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .some((word) => word.startsWith(it)),
    )
  // What would push everything else down comes only when it is asked for.
  const asksFor = (words: string) => wanted !== '' && matches(words)

  const people = (searching ? (finding.data?.people ?? []) : []).map((it) => ({
    key: `person-${it.personId}`,
    run: () => act({ do: 'open', personId: it.personId }),
    shown: (
      <>
        <Avatar name={it.name} size={24} />
        <span className={styles.title} dir="auto">
          {it.company ? `${it.name} · ${it.company}` : it.name}
        </span>
        <span className={styles.dim}>{it.handles[0]?.display}</span>
      </>
    ),
  }))
  const actions = commandsUnder(keymap)
    .filter((it) => handlers[it.id] && it.id !== 'palette' && matches(`${it.title} ${it.group} ${it.words ?? ''}`))
    // What is called so comes before what only has to do with it.
    .toSorted((a, b) => Number(begins(b.title)) - Number(begins(a.title)))
    .map((it) => ({
      key: `action-${it.id}`,
      // When the box is closed: else it takes the keyboard back from what opens.
      run: () => void requestAnimationFrame(() => handlers[it.id]?.()),
      shown: (
        <>
          <span className={styles.title}>{it.group === 'Go to' ? `Go to ${it.title}` : it.title}</span>
          {it.keys[0] && <PlainKeyCap keys={it.keys[0]} />}
        </>
      ),
    }))
  const undoable = (asksFor('undo take back') ? undo.recent() : []).map((it, index) => ({
    key: `undo-${it.id}`,
    run: it.take,
    shown: (
      <>
        <span className={styles.title} dir="auto">
          {it.label}
        </span>
        {index === 0 && <KeyCap keys="z" />}
      </>
    ),
  }))
  const views = (savedViews?.views ?? [])
    .filter((it) => asksFor(`view ${it.name}`))
    .map((it) => ({
      key: `view-${it.id}`,
      run: () => act({ do: 'go', page: { kind: 'leads', view: `saved:${it.id}` } }),
      shown: <span className={styles.title}>{it.name}</span>,
    }))
  const sections = (Object.entries(sectionTitles) as [SettingsSection, string][])
    .filter(([, title]) => asksFor(`settings ${title}`))
    .map(([section, title]) => ({
      key: `section-${section}`,
      run: () => act({ do: 'go', page: { kind: 'settings', section } }),
      shown: <span className={styles.title}>{title}</span>,
    }))
  const said = (searching ? (search.data?.hits ?? []) : []).flatMap(({ interactionId, ...it }) =>
    interactionId === null
      ? []
      : {
          key: `said-${it.personId}-${interactionId}`,
          run: () => act({ do: 'jump', personId: it.personId, interactionId, words: markedWords(it.snippet) }),
          shown: (
            <>
              {it.channel && <ChannelGlyph channel={it.channel} />}
              <b className={styles.name} dir="auto">
                {it.name}
              </b>
              <span className={styles.snippet} dir="auto">
                <Marked text={it.snippet} />
              </span>
            </>
          ),
        },
  )
  const groups: ResultGroup[] = [
    { label: 'People', results: people },
    { label: 'Actions', results: actions },
    { label: 'Take back', results: undoable },
    { label: 'Views', results: views },
    { label: 'Settings', results: sections },
    { label: 'What was said', results: said },
  ]
  const closing = ({ run, ...it }: Result) => ({
    ...it,
    run: () => {
      run()
      spotlight.close()
    },
  })
  return {
    groups: groups
      .filter(({ results }) => results.length > 0)
      .map(({ label, results }) => ({ label, results: results.map(closing) })),
    pending: text.trim() !== asked || (searching && (isLate(finding) || isLate(search))),
  }
}
