import { Modal, NumberInput, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Member, Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { dayOf } from '../ui/zoned-days.ts'
import { AbsencesField } from './absences-field.tsx'
import { DialogButtons } from './dialog-buttons.tsx'
import { hoursProblem } from './hours.ts'
import { HoursField } from './hours-field.tsx'
import { fieldsOf, hoursChoices, memberFrom, ownHours } from './member-fields.ts'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { useSaveMember } from './use-save-member.ts'

type Props = {
  readonly member: Member | null
  readonly settings: Pick<Settings, 'me' | 'business' | 'calendars'>
  /** Skills that others have, to choose from. */
  readonly skills: readonly string[]
  readonly now: number
  readonly onClose: () => void
}

/** The first member is whoever sits here. */
export function MemberDialog({ member, settings, skills, now, onClose }: Props) {
  const { me, business } = settings
  const { busy, problem, save } = useSave()
  const saveMember = useSaveMember()
  const form = useForm({
    initialValues: fieldsOf(member, settings),
    validate: {
      name: (value) => (value.trim() === '' ? 'What is their name?' : null),
      hours: (value, { calendar }) =>
        calendar !== ownHours
          ? null
          : value.length === 0
            ? 'Choose at least one stretch of work.'
            : hoursProblem(value),
      absences: (value) =>
        value.some((it) => it.first === '' || it.last < it.first)
          ? 'The last day off must not be before the first.'
          : null,
    },
  })
  const submit = form.onSubmit((values) => {
    const work = async () => {
      const id = await saveMember(memberFrom(values, member, business.zone))
      if (me === null) await call('settings.savePreferences', { me: id })
      return id
    }
    void save(work, () => 'Saved').then((id) => id !== undefined && onClose())
  })
  const remove = () => {
    if (!member) return
    void save(
      () => call('team.remove', { id: member.id }),
      () => `${member.name} was removed. Routing gives their open leads to others.`,
    ).then((done) => done !== undefined && onClose())
  }
  const { calendar, hours, absences } = form.values
  return (
    <Modal opened onClose={onClose} title={member ? member.name : 'Somebody new'} size={560}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput label="Name" dir="auto" data-autofocus maxLength={100} {...form.getInputProps('name')} />
          <TextInput label="E-mail" maxLength={320} {...form.getInputProps('email')} />
          <TextInput
            label="Mobile"
            description="Rings first when they call somebody from Deskbell."
            maxLength={40}
            {...form.getInputProps('mobile')}
          />
          <Switch label="On duty: gets new leads" {...form.getInputProps('onDuty', { type: 'checkbox' })} />
          <Select
            label="Working hours"
            description="New leads come in these hours only, while the switch above is on."
            allowDeselect={false}
            data={hoursChoices(settings, member)}
            {...form.getInputProps('calendar')}
          />
          {calendar === ownHours && (
            <div>
              <HoursField value={hours} onChange={(value) => form.setFieldValue('hours', value)} />
              {form.errors.hours && (
                <p role="alert" className={styles.problem}>
                  {form.errors.hours}
                </p>
              )}
            </div>
          )}
          <AbsencesField
            value={absences}
            today={dayOf(now, business.zone)}
            onChange={(value) => form.setFieldValue('absences', value)}
          />
          {form.errors.absences && (
            <p role="alert" className={styles.problem}>
              {form.errors.absences}
            </p>
          )}
          <TagsInput
            label="Skills"
            description="Rules of Routing can ask for them."
            placeholder={form.values.skills.length === 0 ? 'Roofing, Spanish …' : ''}
            data={[...skills]}
            acceptValueOnBlur
            maxTags={50}
            {...form.getInputProps('skills')}
          />
          <NumberInput
            label="Most open leads at a time"
            placeholder="no limit"
            w={220}
            min={1}
            max={10_000}
            {...form.getInputProps('capacity')}
          />
          {problem !== null && <ErrorNotice error={problem} />}
          <DialogButtons busy={busy} onRemove={member && remove} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}
