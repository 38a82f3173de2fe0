import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import styles from './settings.module.css'

/** First and last day, as `2026-03-01`. */
export type DayRange = { readonly key: number; readonly first: string; readonly last: string; readonly reason: string }

type Props = {
  readonly value: readonly DayRange[]
  readonly today: string
  readonly onChange: (value: DayRange[]) => void
}

/** Vacations and the like, whole days each. */
export function AbsencesField({ value, today, onChange }: Props) {
  const change = (key: number, patch: Partial<DayRange>) =>
    onChange(value.map((it) => (it.key === key ? { ...it, ...patch } : it)))
  const add = () => {
    const key = 1 + Math.max(0, ...value.map((it) => it.key))
    onChange([...value, { key, first: today, last: today, reason: 'Vacation' }])
  }
  return (
    <fieldset className={styles.plain} aria-label="Days off">
      <div className={styles.fieldTitle}>Vacations and other days off</div>
      {value.map((it, index) => (
        <div key={it.key} className={styles.interval}>
          <TextInput
            size="xs"
            type="date"
            w={132}
            required
            aria-label={`First day off, ${index + 1}`}
            value={it.first}
            onChange={(event) => change(it.key, { first: event.currentTarget.value })}
          />
          to
          <TextInput
            size="xs"
            type="date"
            w={132}
            required
            min={it.first}
            aria-label={`Last day off, ${index + 1}`}
            value={it.last}
            error={it.last !== '' && it.last < it.first}
            onChange={(event) => change(it.key, { last: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            className={styles.grow ?? ''}
            maxLength={100}
            aria-label={`Reason, ${index + 1}`}
            placeholder="Reason"
            value={it.reason}
            onChange={(event) => change(it.key, { reason: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove days off ${index + 1}`}
            onClick={() => onChange(value.filter((other) => other.key !== it.key))}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={13} />} onClick={add}>
        Add days off
      </Button>
    </fieldset>
  )
}
