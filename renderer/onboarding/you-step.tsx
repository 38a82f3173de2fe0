import { Skeleton, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Member } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { focusFirstError } from './focus-first-error.ts'
import styles from './setup-form.module.css'
import { useGuard } from './use-guard.ts'

type Props = {
  readonly me: number | null
  /** The button that saves stands outside, with this as its `form`. */
  readonly formId: string
  readonly onSaved: () => void
}

export function YouStep({ me, formId, onSaved }: Props) {
  const team = useEngine('team.list', {})
  if (team.isError && !team.data) return <ErrorNotice error={team.error} onRetry={() => void team.refetch()} />
  if (!team.data) return <Skeleton height={140} radius="lg" aria-label="One moment" />
  // Set up once before and interrupted: whoever is there is most likely the one who sits here.
  const member =
    team.data.members.find((it) => it.id === me) ?? (me === null ? team.data.members[0] : undefined) ?? null
  return <YouForm key={member?.id ?? 'new'} member={member} formId={formId} onSaved={onSaved} />
}

function YouForm({ member, formId, onSaved }: Omit<Props, 'me'> & { readonly member: Member | null }) {
  const { problem, guard } = useGuard()
  const form = useForm({
    initialValues: { name: member?.name ?? '', mobile: member?.mobile ?? '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'What is your name? Leads are signed over to it.' : null),
      mobile: (value) =>
        value.trim() === '' || /\d{3}/.test(value) ? null : 'Write the number with its country, like +1 415 555 0142.',
    },
  })
  const submit = form.onSubmit(({ name, mobile }) => {
    void guard(async () => {
      const { id } = await call('team.save', {
        id: member?.id ?? null,
        name: name.trim(),
        email: member?.email ?? null,
        mobile: mobile.trim() || null,
        onDuty: member?.onDuty ?? true,
      })
      await call('settings.savePreferences', { me: id })
      onSaved()
    })
  }, focusFirstError(form))
  return (
    <form id={formId} className={styles.form} noValidate onSubmit={submit}>
      <TextInput
        label="Your name"
        description="As your leads should read it, for instance Dana Reyes."
        dir="auto"
        autoComplete="name"
        maxLength={100}
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Your mobile"
        description="Rings first when you call a lead from Deskbell. Can be left empty."
        type="tel"
        autoComplete="tel"
        placeholder="+1 415 555 0142"
        maxLength={40}
        {...form.getInputProps('mobile')}
      />
      {problem !== null && <ErrorNotice error={problem} />}
    </form>
  )
}
