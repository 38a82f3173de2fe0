import { Modal, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMemo } from 'react'
import type { Calendar } from '../../src/settings/contract.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { CalendarDaysField } from './calendar-days-field.tsx'
import { daysProblem } from './days-problem.ts'
import { DialogButtons } from './dialog-buttons.tsx'
import { hoursProblem } from './hours.ts'
import { HoursField } from './hours-field.tsx'
import { zones } from './places.ts'
import styles from './settings.module.css'

type Props = {
  readonly calendar: Calendar
  readonly usedBy: readonly string[]
  readonly busy: boolean
  readonly problem: unknown
  readonly onSave: (calendar: Calendar) => void
  readonly onRemove: (() => void) | null
  readonly onClose: () => void
}

export function CalendarDialog({ calendar, usedBy, busy, problem, onSave, onRemove, onClose }: Props) {
  const zoneList = useMemo(zones, [])
  const form = useForm<Calendar>({
    initialValues: calendar,
    validate: {
      name: (value) => (value.trim() === '' ? 'What is this calendar called?' : null),
      hours: (value, values) => (values.alwaysOpen ? null : hoursProblem(value)),
      days: (value) => daysProblem(value),
    },
  })
  const problems = [form.errors.hours, form.errors.days].filter((it) => it !== undefined)
  return (
    <Modal opened onClose={onClose} title={calendar.name || 'New calendar'} size={640}>
      <form onSubmit={form.onSubmit(onSave)} noValidate>
        <Stack gap="sm">
          <div className={styles.grid2}>
            <TextInput label="Name" dir="auto" data-autofocus maxLength={100} {...form.getInputProps('name')} />
            <Select
              label="Time zone"
              searchable
              allowDeselect={false}
              data={[...zoneList]}
              limit={80}
              {...form.getInputProps('zone')}
            />
          </div>
          <Switch label="Open day and night" {...form.getInputProps('alwaysOpen', { type: 'checkbox' })} />
          {!form.values.alwaysOpen && (
            <HoursField value={form.values.hours} onChange={(hours) => form.setFieldValue('hours', hours)} />
          )}
          <CalendarDaysField
            value={form.values.days}
            zone={form.values.zone}
            onChange={(days) => form.setFieldValue('days', days)}
          />
          {problems.map((it) => (
            <p key={String(it)} role="alert" className={styles.problem}>
              {it}
            </p>
          ))}
          {onRemove && usedBy.length > 0 && (
            <div className={styles.dim} dir="auto">
              Used by {usedBy.join(', ')}: removed, they go by the hours of the business.
            </div>
          )}
          {problem !== null && <ErrorNotice error={problem} />}
          <DialogButtons busy={busy} onRemove={onRemove} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}
