import { ScrollArea } from '@mantine/core'
import { Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Handlers } from '../keys/use-command-keys.ts'
import styles from './palette.module.css'
import { useChoice } from './use-choice.ts'
import { type Result, type ResultGroup, usePaletteResults } from './use-palette-results.tsx'

/** Ctrl or ⌘ K: every action with its key, every person, everything that was ever said. */
export function Palette({ handlers }: { readonly handlers: Handlers }) {
  const [text, setText] = useState('')
  const { groups, pending } = usePaletteResults(text, handlers)
  const choice = useChoice(
    groups.flatMap(({ results }) => results),
    pending,
  )
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={(next) => {
        choice.reset()
        setText(next)
      }}
      shortcut={null}
      scrollable
      maxHeight={460}
      size={620}
      // Where it opened it stays, however much is found.
      centered={false}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
    >
      <Spotlight.Search
        placeholder="What do you want to do, or whom do you look for?"
        aria-label="Command palette"
        aria-controls={listId}
        aria-activedescendant={choice.chosen ?? undefined}
        leftSection={<IconSearch size={18} stroke={1.6} />}
        // The dialog gives it the keyboard a moment later; the first letter of somebody quick would be lost.
        autoFocus
        onKeyDownCapture={choice.onKeyDown}
      />
      <ScrollArea.Autosize className={styles.list ?? ''} type="scroll" scrollbarSize={4}>
        <div role="listbox" id={listId} aria-label="Results">
          {groups.length === 0 && !pending && <Spotlight.Empty>Nothing found. Try another word.</Spotlight.Empty>}
          {groups.map((group) => (
            <Group key={group.label} group={group} chosen={choice.chosen} />
          ))}
        </div>
      </ScrollArea.Autosize>
    </Spotlight.Root>
  )
}

const listId = 'palette-results'

function Group({ group, chosen }: { readonly group: ResultGroup; readonly chosen: string | null }) {
  return (
    <Spotlight.ActionsGroup label={group.label} role="group" aria-label={group.label}>
      {group.results.map((result) => (
        <Option key={result.key} result={result} isChosen={result.key === chosen} />
      ))}
    </Spotlight.ActionsGroup>
  )
}

function Option({ result, isChosen }: { readonly result: Result; readonly isChosen: boolean }) {
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView({ block: 'nearest' })
  }, [isChosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the keys are the box's, where the keyboard stays.
    <div
      ref={line}
      id={result.key}
      role="option"
      aria-selected={isChosen}
      className={styles.line}
      // Else a click takes the keyboard from the box, which then closes before the click arrives.
      onMouseDown={(event) => event.preventDefault()}
      onClick={result.run}
    >
      {result.shown}
    </div>
  )
}
