import { ActionIcon, Button, Modal, TextInput, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useUndo } from '../shell/undo.tsx'
import { useReport } from '../ui/report.tsx'
import styles from './dialogs.module.css'
import { peopleCount } from './people-count.ts'

type Label = { readonly id: number; readonly name: string; readonly people: number }

/** Renames labels for everybody who wears them, and removes them. */
export function LabelEditor({ onBack, onClose }: { readonly onBack: () => void; readonly onClose: () => void }) {
  const labels = useEngine('inbox.labels', {}).data?.labels ?? []
  return (
    <Modal opened onClose={onClose} title="Labels" size={420}>
      <ul className={styles.rows}>
        {labels.map((it) => (
          <LabelLine key={`${it.id} ${it.name}`} label={it} />
        ))}
      </ul>
      {labels.length === 0 && <p className={styles.text}>There is no label any more.</p>}
      <Button variant="default" onClick={onBack}>
        Back
      </Button>
    </Modal>
  )
}

function LabelLine({ label }: { readonly label: Label }) {
  const { id, name, people } = label
  const [text, setText] = useState(name)
  const undo = useUndo()
  const report = useReport()
  const rename = () => {
    const next = text.trim()
    if (next === '' || next === name) {
      setText(name)
      return
    }
    call('inbox.renameLabel', { id, name: next }).then(
      () =>
        undo.offer({
          label: `Label “${name}” is now “${next}”`,
          undo: async () => void (await call('inbox.renameLabel', { id, name })),
        }),
      (error: unknown) => {
        setText(name)
        report(error)
      },
    )
  }
  const remove = () =>
    call('inbox.removeLabel', { id }).then(
      () =>
        undo.offer({
          label: `Removed the label “${name}”`,
          undo: async () => void (await call('inbox.restoreLabel', { id })),
        }),
      report,
    )
  return (
    <li className={styles.row}>
      <TextInput
        className={styles.grow ?? ''}
        aria-label={`Name of the label ${name}`}
        maxLength={40}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
        }}
      />
      <span className={styles.count}>{peopleCount(people)}</span>
      <Tooltip label="Remove this label">
        <ActionIcon
          variant="default"
          color="red"
          size={32}
          aria-label={`Remove the label ${name}`}
          onClick={() => void remove()}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </li>
  )
}
