import { Stack, Switch } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { tierNames, tierOrder } from '../ui/score-words.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { SlaExceptions } from './sla-exceptions.tsx'
import { clockNames, slaClocks, TargetField } from './target-field.tsx'
import { joinTarget } from './target-parts.ts'

type Props = { readonly settings: Pick<Settings, 'business' | 'sla' | 'tiers' | 'slaExceptions' | 'calendars'> }

/** How fast is fast enough, for each kind of lead; counted in business time. */
export function SlaSection({ settings }: Props) {
  const { sla, tiers, slaExceptions, calendars } = settings
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: { sla, tiers, exceptions: slaExceptions },
    validate: {
      tiers: {
        warmFrom: (value, values) => (value < values.tiers.hotFrom ? null : 'Hot must start above warm.'),
      },
    },
  })
  const submit = form.onSubmit((values) => {
    void save(
      () => call('settings.saveSla', values),
      () => 'Saved. It counts for leads from now on.',
    ).then((done) => done && form.resetDirty(values))
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <p className={styles.lead}>
          {settings.business.alwaysOpen
            ? 'Deadlines run day and night: you said that you are always open.'
            : 'Deadlines run in your opening hours only.'}{' '}
          At 80% the chip says “at risk”.
        </p>
        <div className={styles.box}>
          <h3 className={styles.boxTitle}>Which leads are hot</h3>
          <div className={styles.grid2}>
            <WholeNumber
              label="Hot from a score of"
              min={1}
              max={100}
              {...form.getInputProps('tiers.hotFrom')}
              value={form.values.tiers.hotFrom}
            />
            <WholeNumber
              label="Warm from a score of"
              min={0}
              max={99}
              {...form.getInputProps('tiers.warmFrom')}
              value={form.values.tiers.warmFrom}
            />
          </div>
        </div>
        {tierOrder.map((tier) => (
          <div key={tier} className={styles.box}>
            <h3 className={styles.boxTitle}>{tierNames[tier]}</h3>
            {slaClocks.map((clock) => (
              <TierTarget
                key={clock}
                label={clockNames[clock]}
                tier={tierNames[tier]}
                value={form.values.sla[tier][clock]}
                onChange={(value) => form.setFieldValue(`sla.${tier}.${clock}`, value)}
              />
            ))}
          </div>
        ))}
        <SlaExceptions
          value={form.values.exceptions}
          calendars={calendars}
          onChange={(exceptions) => form.setFieldValue('exceptions', [...exceptions])}
        />
        <SaveBar busy={busy} problem={problem} dirty={form.isDirty()} onReset={form.reset} />
      </Stack>
    </form>
  )
}

type FieldProps = {
  readonly label: string
  readonly tier: string
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}

function TierTarget({ label, tier, value, onChange }: FieldProps) {
  return (
    <div className={styles.row}>
      <Switch
        className={styles.grow ?? ''}
        label={label}
        aria-label={`${tier}: ${label}`}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? joinTarget(30, 'minutes') : null)}
      />
      {value === null ? (
        <span className={styles.dim}>no deadline</span>
      ) : (
        <TargetField label={`${tier}: ${label}`} value={value} onChange={onChange} />
      )}
    </div>
  )
}
