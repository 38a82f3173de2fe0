import { ActionIcon, Button } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Calendar, SlaException } from '../../src/settings/contract.ts'
import styles from './settings.module.css'
import { SlaExceptionDialog } from './sla-exception-dialog.tsx'
import { exceptionWords } from './sla-words.ts'

type Props = {
  readonly value: readonly SlaException[]
  readonly calendars: readonly Calendar[]
  readonly onChange: (exceptions: readonly SlaException[]) => void
}

/** Other deadlines for some of the leads, in the order in which they are tried. */
export function SlaExceptions({ value, calendars, onChange }: Props) {
  const [editing, setEditing] = useState<SlaException | null>(null)
  const isNew = editing !== null && !value.some((it) => it.id === editing.id)
  const move = (at: number, by: number) => {
    const next = [...value]
    const [moved] = next.splice(at, 1)
    if (moved) next.splice(at + by, 0, moved)
    onChange(next)
  }
  const add = () =>
    setEditing({
      id: crypto.randomUUID(),
      name: '',
      when: { tiers: [], channels: [], stages: [], outsideHours: false },
      targets: {},
      calendar: 'business',
    })
  return (
    <div className={styles.box}>
      <h3 className={styles.boxTitle}>Exceptions</h3>
      <div className={styles.dim}>The first one that fits a lead decides; what it leaves out is as above.</div>
      {value.map((it, at) => (
        <div key={it.id} className={styles.row}>
          <div className={styles.grow}>
            <div className={styles.ellipsis} dir="auto">
              <b>{it.name}</b>
            </div>
            <div className={styles.dim}>{exceptionWords(it, calendars)}</div>
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={at === 0}
            aria-label={`Try ${it.name} earlier`}
            onClick={() => move(at, -1)}
          >
            <IconArrowUp size={15} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={at === value.length - 1}
            aria-label={`Try ${it.name} later`}
            onClick={() => move(at, 1)}
          >
            <IconArrowDown size={15} />
          </ActionIcon>
          <Button size="compact-sm" variant="default" aria-label={`Edit ${it.name}`} onClick={() => setEditing(it)}>
            Edit
          </Button>
        </div>
      ))}
      <Button size="compact-sm" variant="default" mt={8} leftSection={<IconPlus size={14} />} onClick={add}>
        Add an exception
      </Button>
      {editing !== null && (
        <SlaExceptionDialog
          exception={editing}
          calendars={calendars}
          onDone={(changed) => {
            onChange(isNew ? [...value, changed] : value.map((it) => (it.id === changed.id ? changed : it)))
            setEditing(null)
          }}
          onRemove={
            isNew
              ? null
              : () => {
                  onChange(value.filter((it) => it.id !== editing.id))
                  setEditing(null)
                }
          }
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  )
}
