import { Modal, MultiSelect, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { LeadStage } from '../../src/convert/contract.ts'
import type { ChannelKind, Tier } from '../../src/inbox/contract.ts'
import { minute } from '../../src/lib/durations.ts'
import type { Calendar, SlaException } from '../../src/settings/contract.ts'
import { channelNames } from '../ui/channel-glyph.tsx'
import { tierChoices } from '../ui/score-words.ts'
import { stageNames } from '../ui/stage-names.ts'
import { DialogButtons } from './dialog-buttons.tsx'
import styles from './settings.module.css'
import { calendarChoices } from './sla-words.ts'
import { clockNames, type SlaClock, slaClocks, TargetField } from './target-field.tsx'

type Props = {
  readonly exception: SlaException
  readonly calendars: readonly Calendar[]
  readonly onDone: (exception: SlaException) => void
  readonly onRemove: (() => void) | null
  readonly onClose: () => void
}

const channelChoices = (Object.entries(channelNames) as [ChannelKind, string][])
  .filter(([value]) => value !== 'note')
  .map(([value, label]) => ({ value, label }))

// What ended owes nobody anything.
const stageChoices = (['new', 'contacted', 'qualified'] as const).map((value) => ({ value, label: stageNames[value] }))

/** Whom an exception is for and what it changes. Nothing is saved before the page is. */
export function SlaExceptionDialog({ exception, calendars, onDone, onRemove, onClose }: Props) {
  const form = useForm<SlaException>({
    initialValues: exception,
    validate: {
      name: (value) => (value.trim() === '' ? 'What is this exception called?' : null),
      targets: (value) =>
        slaClocks.every((clock) => value[clock] === undefined) ? 'Change at least one deadline.' : null,
    },
  })
  const { when, targets } = form.values
  const setTarget = (clock: SlaClock, target: number | null | undefined) => {
    const { [clock]: _old, ...others } = targets
    form.setFieldValue('targets', target === undefined ? others : { ...others, [clock]: target })
  }
  return (
    <Modal opened onClose={onClose} title={exception.name || 'New exception'} size={620}>
      <form
        noValidate
        onSubmit={(event) => {
          // The page behind it is a form, too.
          event.stopPropagation()
          form.onSubmit(onDone)(event)
        }}
      >
        <Stack gap="sm">
          <TextInput label="Name" dir="auto" data-autofocus maxLength={100} {...form.getInputProps('name')} />
          <div className={styles.grid2}>
            <MultiSelect
              label="Which leads"
              placeholder={when.tiers.length === 0 ? 'All' : ''}
              data={[...tierChoices]}
              value={when.tiers}
              onChange={(tiers) => form.setFieldValue('when.tiers', tiers as Tier[])}
            />
            <MultiSelect
              label="How they came"
              placeholder={when.channels.length === 0 ? 'Any way' : ''}
              data={channelChoices}
              value={when.channels}
              onChange={(channels) => form.setFieldValue('when.channels', channels as ChannelKind[])}
            />
            <MultiSelect
              label="How far they are"
              placeholder={when.stages.length === 0 ? 'Anywhere' : ''}
              data={stageChoices}
              value={when.stages}
              onChange={(stages) => form.setFieldValue('when.stages', stages as LeadStage[])}
            />
          </div>
          <Switch
            label="Only those that came while you were closed"
            checked={when.outsideHours}
            onChange={(event) => form.setFieldValue('when.outsideHours', event.currentTarget.checked)}
          />
          <div>
            {slaClocks.map((clock) => (
              <ExceptionTarget
                key={clock}
                label={clockNames[clock]}
                value={targets[clock]}
                onChange={(target) => setTarget(clock, target)}
              />
            ))}
            {form.errors.targets && (
              <p role="alert" className={styles.problem}>
                {form.errors.targets}
              </p>
            )}
          </div>
          <Select
            label="The time counts in"
            allowDeselect={false}
            data={calendarChoices(calendars)}
            {...form.getInputProps('calendar')}
          />
          <DialogButtons done="Done" onRemove={onRemove} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}

type TargetProps = {
  readonly label: string
  readonly value: number | null | undefined
  readonly onChange: (target: number | null | undefined) => void
}

function ExceptionTarget({ label, value, onChange }: TargetProps) {
  const mode = value === undefined ? 'usual' : value === null ? 'none' : 'own'
  return (
    <div className={styles.row}>
      <span className={styles.grow}>{label}</span>
      {typeof value === 'number' && <TargetField label={label} value={value} onChange={onChange} />}
      <Select
        size="xs"
        w={150}
        allowDeselect={false}
        aria-label={label}
        data={[
          { value: 'usual', label: 'as usual' },
          { value: 'own', label: 'own deadline' },
          { value: 'none', label: 'no deadline' },
        ]}
        value={mode}
        onChange={(next) => onChange(next === 'own' ? 15 * minute : next === 'none' ? null : undefined)}
      />
    </div>
  )
}
