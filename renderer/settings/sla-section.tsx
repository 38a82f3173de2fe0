import { NumberInput, Select, Stack, Switch } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Tiers } from '../../src/score/contract.ts'
import type { SlaPolicy } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { joinTarget, splitTarget, type TargetUnit, unitMs } from './target-parts.ts'

type Props = { readonly sla: SlaPolicy; readonly tiers: Tiers }
type Tier = keyof SlaPolicy
type Clock = keyof SlaPolicy['hot']

const tierNames: Readonly<Record<Tier, string>> = { hot: 'Hot', warm: 'Warm', nurture: 'Nurture' }
const clockNames: Readonly<Record<Clock, string>> = {
  ownedMs: 'Somebody takes it',
  firstContactMs: 'First answer',
  secondTouchMs: 'Second try, when they are silent',
  nextReplyMs: 'Later answers',
  answerMs: 'Their call is picked up',
}

/** How fast is fast enough, for each kind of lead; counted in business time. */
export function SlaSection({ sla, tiers }: Props) {
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: { sla, tiers },
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
    ).then((done) => done && form.resetDirty())
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <p className={styles.lead}>Deadlines run in your opening hours only. At 80 % the chip says “at risk”.</p>
        <div className={styles.box}>
          <h3 className={styles.boxTitle}>Which leads are hot</h3>
          <div className={styles.grid2}>
            <NumberInput label="Hot from a score of" min={1} max={100} {...form.getInputProps('tiers.hotFrom')} />
            <NumberInput label="Warm from a score of" min={0} max={99} {...form.getInputProps('tiers.warmFrom')} />
          </div>
        </div>
        {(Object.keys(tierNames) as Tier[]).map((tier) => (
          <div key={tier} className={styles.box}>
            <h3 className={styles.boxTitle}>{tierNames[tier]}</h3>
            {(Object.keys(clockNames) as Clock[]).map((clock) => (
              <TargetField
                key={clock}
                label={clockNames[clock]}
                tier={tierNames[tier]}
                value={form.values.sla[tier][clock]}
                onChange={(value) => form.setFieldValue(`sla.${tier}.${clock}`, value)}
              />
            ))}
          </div>
        ))}
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

function TargetField({ label, tier, value, onChange }: FieldProps) {
  const { amount, unit } = splitTarget(value ?? unitMs.hours)
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
        <>
          <span className={styles.dim}>within</span>
          <NumberInput
            size="xs"
            w={76}
            min={1}
            max={999}
            aria-label={`${tier}: ${label}, how long`}
            value={amount}
            onChange={(next) => onChange(joinTarget(Number(next) || 1, unit))}
          />
          <Select
            size="xs"
            w={106}
            allowDeselect={false}
            aria-label={`${tier}: ${label}, unit`}
            data={['minutes', 'hours', 'days']}
            value={unit}
            onChange={(next) => next && onChange(joinTarget(amount, next as TargetUnit))}
          />
        </>
      )}
    </div>
  )
}
