import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { OpeningHours } from '../../src/settings/contract.ts'
import { clockText } from '../ui/clock-text.ts'
import { addInterval, closingOf, minutesOf, weekdays } from './hours.ts'
import styles from './settings.module.css'

type Props = { readonly value: OpeningHours; readonly onChange: (hours: OpeningHours) => void }

/** Opening hours, day by day; several stretches a day for a lunch break. */
export function HoursField({ value, onChange }: Props) {
  return (
    <fieldset aria-label="Opening hours" className={styles.plain}>
      {weekdays.map((name, place) => {
        const weekday = place + 1
        const day = value.flatMap((it, at) => (it.weekday === weekday ? [{ ...it, at }] : []))
        return (
          <div key={name} className={styles.day}>
            <span>{name}</span>
            <div className={styles.intervals}>
              {day.map((it, index) => (
                <div key={it.at} className={styles.interval}>
                  <TimeField
                    label={`${name} from`}
                    value={it.from}
                    onChange={(from) => onChange(value.map((old, at) => (at === it.at ? { ...old, from } : old)))}
                  />
                  to
                  <TimeField
                    label={`${name} to`}
                    value={it.to}
                    opens={it.from}
                    onChange={(to) => onChange(value.map((old, at) => (at === it.at ? { ...old, to } : old)))}
                  />
                  {it.to > 24 * 60 && <span className={styles.dim}>next day</span>}
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove these hours on ${name}`}
                    onClick={() => onChange(value.filter((_, at) => at !== it.at))}
                  >
                    <IconX size={15} />
                  </ActionIcon>
                  {index === day.length - 1 && (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      leftSection={<IconPlus size={13} />}
                      aria-label={`Break on ${name}: open again after it`}
                      onClick={() => onChange(addInterval(value, weekday))}
                    >
                      Break
                    </Button>
                  )}
                </div>
              ))}
              {day.length === 0 && (
                <div className={styles.interval}>
                  <span className={styles.dim}>closed</span>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    leftSection={<IconPlus size={13} />}
                    aria-label={`Open on ${name}`}
                    onClick={() => onChange(addInterval(value, weekday))}
                  >
                    Open
                  </Button>
                </div>
              )}
            </div>
          </div>
        )
      })}
    </fieldset>
  )
}

type TimeProps = {
  readonly label: string
  readonly value: number
  /** Given for a closing time: what is not after it is on the next day. */
  readonly opens?: number
  readonly onChange: (minutes: number) => void
}

export function TimeField({ label, value, opens, onChange }: TimeProps) {
  const shown = clockText(value)
  const read = (text: string) => (opens === undefined ? startOf(text) : closingOf(text, opens))
  const [text, setText] = useState(shown)
  return (
    <TextInput
      size="xs"
      w={88}
      aria-label={label}
      value={text}
      error={read(text) === null}
      onChange={(event) => {
        setText(event.currentTarget.value)
        const minutes = read(event.currentTarget.value)
        if (minutes !== null) onChange(minutes)
      }}
      onBlur={() => setText(shown)}
    />
  )
}

/** A day begins before its end. */
function startOf(text: string): number | null {
  const minutes = minutesOf(text)
  return minutes === 24 * 60 ? null : minutes
}
