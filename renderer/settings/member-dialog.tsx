import { Modal, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Member } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { DialogButtons } from './dialog-buttons.tsx'
import { useSave } from './save-bar.tsx'

type Props = { readonly member: Member | null; readonly me: number | null; readonly onClose: () => void }

/** The first member is whoever sits here. */
export function MemberDialog({ member, me, onClose }: Props) {
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: {
      name: member?.name ?? '',
      email: member?.email ?? '',
      mobile: member?.mobile ?? '',
      onDuty: member?.onDuty ?? true,
    },
    validate: { name: (value) => (value.trim() === '' ? 'What is their name?' : null) },
  })
  const submit = form.onSubmit(({ name, email, mobile, onDuty }) => {
    const work = async () => {
      const { id } = await call('team.save', {
        id: member?.id ?? null,
        name,
        email: email.trim() || null,
        mobile: mobile.trim() || null,
        onDuty,
      })
      if (me === null) await call('settings.savePreferences', { me: id })
      return id
    }
    void save(work, () => 'Saved').then((id) => id !== undefined && onClose())
  })
  const remove = () => {
    if (!member) return
    void save(
      () => call('team.remove', { id: member.id }),
      () => `${member.name} was removed. Their leads have no owner now.`,
    ).then((done) => done !== undefined && onClose())
  }
  return (
    <Modal opened onClose={onClose} title={member ? member.name : 'Somebody new'} size={400}>
      <form onSubmit={submit}>
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
          {problem !== null && <ErrorNotice error={problem} />}
          <DialogButtons busy={busy} onRemove={member && remove} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  )
}
