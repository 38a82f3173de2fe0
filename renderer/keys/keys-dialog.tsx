import { ActionIcon, Button, Modal, TextInput, Tooltip } from '@mantine/core'
import { IconPlus, IconRotate, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useWindow } from '../shell/window-context.tsx'
import { PlainKeyCap } from '../ui/key-cap.tsx'
import { useKeymap } from '../ui/preferences.tsx'
import { type Command, commands } from './commands.ts'
import { keyLabel } from './key-label.ts'
import { KeyRecorder } from './key-recorder.tsx'
import styles from './keys-dialog.module.css'
import { withKeys, withoutOwn } from './own-keys.ts'
import { commandsUnder, holdersOf, keyPresets } from './presets.ts'
import { refusalOf } from './refused-keys.ts'

/** What is being chosen: for which action, instead of which of its keys, and what was pressed. */
type Choice = {
  readonly command: Command
  /** Null: one more. */
  readonly instead: string | null
  readonly pressed: string | null
}

/** Every action with its keys, each to be changed by pressing others. */
export function KeysDialog() {
  const { act } = useWindow()
  const keymap = useKeymap()
  const { preset, own, setOwn } = keymap
  const [wanted, setWanted] = useState('')
  const [choice, setChoice] = useState<Choice | null>(null)
  const [said, setSaid] = useState('')
  const words = wanted.trim().toLowerCase()
  const shown = commandsUnder(keymap).filter((it) =>
    `${it.title} ${it.group} ${it.words ?? ''} ${it.keys.join(' ')}`.toLowerCase().includes(words),
  )
  const groups = [...new Set(shown.map((it) => it.group))]
  const ownSome = Object.keys(own).length > 0

  const give = ({ command, instead }: Choice, keys: string) => {
    const others = command.keys.filter((it) => it !== instead && it !== keys)
    setOwn(withKeys(own, command.id, instead === command.keys[0] ? [keys, ...others] : [...others, keys]))
    setChoice(null)
    setSaid(`${command.title} is ${spoken(keys)} now.`)
  }
  const pressed = (at: Choice, keys: string) => {
    if (refusalOf(keys) === null && holdersOf(keys, at.command.id, keymap).length === 0) give(at, keys)
    else setChoice({ ...at, pressed: keys })
  }
  const drop = (command: Command, keys: string) => {
    const left = command.keys.filter((it) => it !== keys)
    setOwn(withKeys(own, command.id, left))
    setSaid(`${command.title} is no longer ${spoken(keys)}.`)
  }

  return (
    <Modal opened onClose={() => act({ do: 'dialog', dialog: null })} title="Change keys" size={680}>
      <div className={styles.top}>
        <TextInput
          className={styles.find ?? ''}
          aria-label="Find an action or a key"
          placeholder="Find an action or a key"
          data-autofocus
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!ownSome}
          onClick={() => {
            setOwn({})
            setSaid('All keys are as they were.')
          }}
        >
          Reset all
        </Button>
      </div>
      <p className={styles.hint}>
        Click a key and press another. On top of the set “{keyPresets.find((it) => it.value === preset)?.label}”; kept
        on this computer.
      </p>
      <div className={styles.hidden} role="status">
        {said}
      </div>
      {shown.length === 0 && <p className={styles.hint}>No action is called that.</p>}
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h3 className={styles.heading}>{group}</h3>
          <ul className={styles.list}>
            {shown
              .filter((it) => it.group === group)
              .map((command) => {
                const now = choice?.command.id === command.id ? choice : null
                const recorder = now?.pressed === null && (
                  <KeyRecorder
                    title={command.title}
                    onKeys={(keys) => pressed({ ...now, command }, keys)}
                    onCancel={() => setChoice((it) => (it?.pressed === null ? null : it))}
                  />
                )
                return (
                  <li key={command.id} className={styles.line}>
                    <span className={styles.title}>{command.title}</span>
                    <span className={styles.keys}>
                      {command.keys.map((keys) =>
                        recorder && now.instead === keys ? (
                          <span key={keys}>{recorder}</span>
                        ) : (
                          <Key
                            key={keys}
                            command={command}
                            keys={keys}
                            onChange={() => setChoice({ command, instead: keys, pressed: null })}
                            onDrop={() => drop(command, keys)}
                          />
                        ),
                      )}
                      {recorder && now.instead === null && recorder}
                      <Tooltip label="One more key">
                        <ActionIcon
                          size="sm"
                          variant="subtle"
                          color="gray"
                          aria-label={`One more key for ${command.title}`}
                          onClick={() => setChoice({ command, instead: null, pressed: null })}
                        >
                          <IconPlus size={15} />
                        </ActionIcon>
                      </Tooltip>
                      <Tooltip label="As in the set">
                        <ActionIcon
                          size="sm"
                          variant="subtle"
                          color="gray"
                          aria-label={`Reset ${command.title}`}
                          style={{ visibility: own[command.id] ? 'visible' : 'hidden' }}
                          onClick={() => {
                            setOwn(withoutOwn(own, command.id))
                            setSaid(`${command.title} has the keys of its set again.`)
                          }}
                        >
                          <IconRotate size={15} />
                        </ActionIcon>
                      </Tooltip>
                    </span>
                    {now?.pressed != null && (
                      <Taken
                        command={command}
                        keys={now.pressed}
                        holders={holdersOf(now.pressed, command.id, keymap)}
                        onUse={() => give({ ...now, command }, now.pressed ?? '')}
                        onAgain={() => setChoice({ ...now, pressed: null })}
                        onCancel={() => setChoice(null)}
                      />
                    )}
                  </li>
                )
              })}
          </ul>
        </section>
      ))}
    </Modal>
  )
}

type KeyProps = {
  readonly command: Command
  readonly keys: string
  readonly onChange: () => void
  readonly onDrop: () => void
}

/** One combination: a click changes it, the small cross takes it away. What the window itself needs has neither. */
function Key({ command, keys, onChange, onDrop }: KeyProps) {
  if (refusalOf(keys) !== null) {
    return (
      <span className={styles.fixed} title="This key stays: the window needs it">
        <PlainKeyCap keys={keys} />
        <span className={styles.hidden}>{spoken(keys)}</span>
      </span>
    )
  }
  return (
    <span className={styles.key}>
      <button
        type="button"
        className={styles.change}
        aria-label={`${command.title}: ${spoken(keys)}. Change`}
        onClick={onChange}
      >
        <PlainKeyCap keys={keys} />
      </button>
      <button
        type="button"
        className={styles.drop}
        aria-label={`Take ${spoken(keys)} from ${command.title}`}
        onClick={onDrop}
      >
        <IconX size={12} aria-hidden="true" />
      </button>
    </span>
  )
}

type TakenProps = {
  readonly command: Command
  readonly keys: string
  readonly holders: readonly Command[]
  readonly onUse: () => void
  readonly onAgain: () => void
  readonly onCancel: () => void
}

/** The combination is not free: who has it, and what can be done. */
function Taken({ command, keys, holders, onUse, onAgain, onCancel }: TakenProps) {
  const refusal = refusalOf(keys)
  const titles = holders.slice(0, 3).map((it) => commands.find(({ id }) => id === it.id)?.title ?? it.title)
  const more = holders.length - titles.length
  return (
    <div className={styles.taken} role="alert">
      <span>
        <PlainKeyCap keys={keys} /> <span className={styles.hidden}>{spoken(keys)}</span>
        {refusal === null
          ? `belongs to ${titles.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
          : `cannot be chosen: it ${refusal}.`}
      </span>
      <span className={styles.keys}>
        {refusal === null && (
          <Button size="compact-xs" autoFocus onClick={onUse}>
            Use it for {command.title}
          </Button>
        )}
        <Button size="compact-xs" variant="default" autoFocus={refusal !== null} onClick={onAgain}>
          Press another
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={onCancel}>
          Leave it
        </Button>
      </span>
    </div>
  )
}

const spoken = (keys: string) => keyLabel(keys).join(' ')
