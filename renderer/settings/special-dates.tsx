import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { CalendarDays } from '../../src/settings/contract.ts'
import { TimeField } from './hours-field.tsx'
import styles from './settings.module.css'

type Dates = CalendarDays['dates']
type Props = { readonly value: Dates; readonly onChange: (dates: Dates) => void }

const usual = { from: 9 * 60, to: 13 * 60 }

/** Single days with hours of their own, or none. */
export function SpecialDates({ value, onChange }: Props) {
  const change = (at: number, part: Partial<Dates[number]>) =>
    onChange(value.map((it, index) => (index === at ? { ...it, ...part } : it)))
  const add = () => onChange([...value, { date: freeDate(value), name: '', hours: [] }])
  return (
    <fieldset aria-label="Special dates" className={styles.plain}>
      <div style={{ fontSize: 13, fontWeight: 600 }}>Special dates</div>
      <div className={styles.dim}>Days you are closed, or open at other hours. They win over holidays.</div>
      {value.map((it, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: dates are typed, so nothing else stays the same
        <div key={at} className={styles.row} style={{ flexWrap: 'wrap' }}>
          <TextInput
            size="xs"
            type="date"
            aria-label="Date"
            w={140}
            value={it.date}
            onChange={(event) => event.currentTarget.value && change(at, { date: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={`What ${it.date} is`}
            placeholder="Stocktaking, team day…"
            className={styles.grow ?? ''}
            dir="auto"
            maxLength={100}
            value={it.name}
            onChange={(event) => change(at, { name: event.currentTarget.value })}
          />
          {it.hours.length === 0 && <span className={styles.dim}>closed</span>}
          {it.hours.map((hours, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: hours are typed, so nothing else stays the same
            <span key={index} className={styles.interval}>
              <TimeField
                label={`${it.date} from`}
                value={hours.from}
                onChange={(from) => change(at, { hours: replaced(it.hours, index, { ...hours, from }) })}
              />
              to
              <TimeField
                label={`${it.date} to`}
                value={hours.to}
                opens={hours.from}
                onChange={(to) => change(at, { hours: replaced(it.hours, index, { ...hours, to }) })}
              />
            </span>
          ))}
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={it.hours.length === 0 ? `Open on ${it.date}` : `Closed on ${it.date}`}
            onClick={() => change(at, { hours: it.hours.length === 0 ? [usual] : [] })}
          >
            {it.hours.length === 0 ? 'Set hours' : 'Closed'}
          </Button>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${it.date}`}
            onClick={() => onChange(value.filter((_, index) => index !== at))}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <Button size="compact-sm" variant="default" mt={6} leftSection={<IconPlus size={14} />} onClick={add}>
        Add a date
      </Button>
    </fieldset>
  )
}

const replaced = <T,>(list: readonly T[], at: number, item: T): T[] =>
  list.map((it, index) => (index === at ? item : it))

/** Today, or the first day after it that is not there yet. */
function freeDate(dates: Dates): string {
  const at = new Date()
  while (dates.some((it) => it.date === at.toISOString().slice(0, 10))) at.setUTCDate(at.getUTCDate() + 1)
  return at.toISOString().slice(0, 10)
}
