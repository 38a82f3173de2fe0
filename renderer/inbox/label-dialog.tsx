import { Button, Modal, TextInput } from '@mantine/core'
import { IconCheck, IconMinus, IconPlus, IconTag } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Picker } from '../ui/picker.tsx'
import styles from './dialogs.module.css'
import { LabelEditor } from './label-editor.tsx'
import { rowsOnScreen } from './optimistic.ts'
import { peopleCount } from './people-count.ts'

// They belong to the name that is typed.
const noDigits: readonly string[] = []

type Props = {
  readonly title: string
  readonly leadIds: readonly number[]
  readonly onPick: (name: string, on: boolean) => void
}

/** Labels to put on people or take off them: type a name, or choose with the arrows. */
export function LabelDialog({ title, leadIds, onPick }: Props) {
  const { act } = useWindow()
  const client = useQueryClient()
  const labels = useEngine('inbox.labels', {})
  const list = useRef<HTMLDivElement>(null)
  const [text, setText] = useState('')
  const [editing, setEditing] = useState(false)
  const close = () => act({ do: 'dialog', dialog: null })
  const typed = text.trim().toLowerCase()
  const known = (labels.data?.labels ?? []).filter((it) => it.name.toLowerCase().includes(typed))
  const isNew = typed !== '' && !known.some((it) => it.name.toLowerCase() === typed)
  const rows = rowsOnScreen(client, leadIds)
  const wearers = (name: string) => rows.filter((it) => it.labels.includes(name)).length
  const pick = (name: string) => {
    close()
    onPick(name, wearers(name) < leadIds.length)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const name = isNew ? text.trim() : known[0]?.name
    if (name) pick(name)
  }
  if (editing) return <LabelEditor onBack={() => setEditing(false)} onClose={close} />
  return (
    <Modal opened onClose={close} title={`Label ${title}`} size={380}>
      {labels.error && <ErrorNotice error={labels.error} onRetry={() => void labels.refetch()} />}
      <form onSubmit={submit}>
        <TextInput
          data-autofocus
          aria-label="Name of a label"
          placeholder="Find a label, or name a new one"
          maxLength={40}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return
            event.preventDefault()
            list.current?.querySelector('button')?.focus()
          }}
          rightSection={isNew ? <IconPlus size={15} aria-hidden="true" /> : null}
        />
      </form>
      <div className={styles.scroll} ref={list}>
        <Picker
          label="Labels"
          takeFocus={false}
          digits={noDigits}
          items={[
            ...known.map((it) => {
              const count = wearers(it.name)
              const all = count > 0 && count === leadIds.length
              return {
                key: it.name,
                label: it.name,
                hint: all ? 'take off' : count > 0 ? `${count} of ${leadIds.length}` : peopleCount(it.people),
                left: all ? <IconCheck size={16} /> : count > 0 ? <IconMinus size={16} /> : <IconTag size={16} />,
              }
            }),
            ...(isNew ? [{ key: text.trim(), label: `New label “${text.trim()}”`, left: <IconPlus size={16} /> }] : []),
          ]}
          onPick={pick}
        />
      </div>
      {labels.data && labels.data.labels.length === 0 && typed === '' && (
        <p className={styles.text}>There is no label yet. Type a name, then Enter.</p>
      )}
      {labels.data && labels.data.labels.length > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => setEditing(true)}>
          Rename or remove labels
        </Button>
      )}
    </Modal>
  )
}
