import { Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Business, Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { BusinessFields, businessRules } from './business-fields.tsx'
import { CalendarDaysField } from './calendar-days-field.tsx'
import { CalendarsBox } from './calendars-box.tsx'
import { daysProblem } from './days-problem.ts'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './settings.module.css'

type Props = { readonly settings: Pick<Settings, 'business' | 'calendars' | 'slaExceptions'> }

export function BusinessSection({ settings }: Props) {
  const { business } = settings
  const form = useForm<Business>({
    initialValues: business,
    validate: { ...businessRules, days: (value: Business['days']) => daysProblem(value) },
  })
  const { busy, problem, save } = useSave()
  const submit = form.onSubmit((values) => {
    void save(
      () => call('settings.saveBusiness', values),
      () => 'Saved',
    ).then((done) => done && form.resetDirty(values))
  })
  return (
    <Stack gap="md">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <BusinessFields form={form} />
          <div className={styles.box}>
            <h3 className={styles.boxTitle}>Holidays and special days</h3>
            <CalendarDaysField
              value={form.values.days}
              zone={form.values.zone}
              onChange={(days) => form.setFieldValue('days', days)}
            />
            {form.errors.days && (
              <p role="alert" className={styles.problem}>
                {form.errors.days}
              </p>
            )}
          </div>
          <SaveBar busy={busy} problem={problem} dirty={form.isDirty()} onReset={form.reset} />
        </Stack>
      </form>
      <CalendarsBox settings={settings} />
    </Stack>
  )
}
