import { ActionIcon } from '@mantine/core'
import { IconTag, IconX } from '@tabler/icons-react'
import type { InboxRow } from '../../src/inbox/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import styles from './label-chips.module.css'
import { useLeadActions } from './use-lead-actions.ts'

// The row has room for one beside where they came from.
const shownOnRow = 1

/** The first label of a person, on their row. */
export function RowLabels({ labels }: { readonly labels: readonly string[] }) {
  if (labels.length === 0) return null
  const more = labels.length - shownOnRow
  return (
    <span className={styles.onRow} title={labels.join(', ')}>
      {labels.slice(0, shownOnRow).map((it) => (
        <span key={it} className={styles.chip} dir="auto">
          {it}
        </span>
      ))}
      {more > 0 && <span className={styles.more}>+{more}</span>}
    </span>
  )
}

/** All labels of a person, each with a way to take it off, and a way to more. */
export function PersonLabels({ row }: { readonly row: InboxRow }) {
  const { act } = useWindow()
  const actions = useLeadActions()
  const { leadId, name, labels } = row
  return (
    <ul className={styles.all} aria-label={`Labels of ${name}`}>
      {labels.map((it) => (
        <li key={it} className={styles.chip}>
          <span dir="auto">{it}</span>
          <ActionIcon
            variant="transparent"
            color="gray"
            size={16}
            aria-label={`Take off the label ${it}`}
            onClick={() => actions.label([{ leadId, name }], it, false)}
          >
            <IconX size={12} />
          </ActionIcon>
        </li>
      ))}
      <li>
        <button
          type="button"
          className={styles.add}
          onClick={() => act({ do: 'dialog', dialog: { kind: 'label', title: name, leadIds: [leadId] } })}
        >
          <IconTag size={13} aria-hidden="true" /> Label
        </button>
      </li>
    </ul>
  )
}
