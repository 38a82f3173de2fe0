import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { SaveBar, useSave } from '../settings/save-bar.tsx'

type Props = { readonly me: number | null; readonly onDone: () => void }

export function MeStep({ me, onDone }: Props) {
  const team = useEngine('team.list', {}).data
  const member = team?.members.find((it) => it.id === me) ?? null
  return team ? <MeForm key={member?.id ?? 'new'} member={member} onDone={onDone} /> : null
}

type Member = {
  readonly id: number
  readonly name: string
  readonly email: string | null
  readonly mobile: string | null
}

function MeForm({ member, onDone }: { readonly member: Member | null; readonly onDone: () => void }) {
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: { name: member?.name ?? '', mobile: member?.mobile ?? '' },
    validate: { name: (value) => (value.trim() === '' ? 'What is your name?' : null) },
  })
  const submit = form.onSubmit(({ name, mobile }) => {
    const work = async () => {
      const { id } = await call('team.save', {
        id: member?.id ?? null,
        name,
        email: member?.email ?? null,
        mobile: mobile.trim() || null,
        onDuty: true,
      })
      await call('settings.savePreferences', { me: id })
      return id
    }
    void save(work, () => null).then((id) => id !== undefined && onDone())
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Your name" dir="auto" maxLength={100} {...form.getInputProps('name')} />
        <TextInput
          label="Your mobile"
          description="When you call a lead from Deskbell, this phone rings first; then the lead’s."
          maxLength={40}
          {...form.getInputProps('mobile')}
        />
        <SaveBar busy={busy} problem={problem} label="Save and go on" />
      </Stack>
    </form>
  )
}
