import { Button, Divider, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Picker } from '../ui/picker.tsx'

const most = 6

/**
 * Somebody to write to or to call: found by name, address or number, or made.
 * @param number  a number to start from, from a `tel:` link
 */
export function ComposeDialog({ number }: { readonly number: string }) {
  const { act } = useWindow()
  const [text, setText] = useState(number)
  const [asked] = useDebouncedValue(text.trim(), 120)
  const found = useEngine(
    'people.find',
    { text: asked, limit: most },
    { enabled: asked.length > 1, keepPrevious: true },
  )
  const people = asked.length > 1 ? (found.data?.people ?? []) : []
  const close = () => act({ do: 'dialog', dialog: null })
  const open = (personId: number) => {
    act({ do: 'open', personId })
    act({ do: 'focus', mode: null })
  }
  return (
    <Modal opened onClose={close} title="Write to somebody" size={460}>
      <Stack gap="sm">
        <TextInput
          data-autofocus
          aria-label="Name, address or number"
          placeholder="Name, address or number"
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            const first = people[0]
            if (event.key === 'Enter' && first) open(first.personId)
          }}
        />
        {people.length > 0 && (
          <Picker
            label="People found"
            takeFocus={false}
            digits={[]}
            items={people.map((it) => ({
              key: String(it.personId),
              label: it.company ? `${it.name} · ${it.company}` : it.name,
              hint: it.handles[0]?.display ?? '',
              left: <Avatar name={it.name} size={26} />,
            }))}
            onPick={(key) => open(Number(key))}
          />
        )}
        <Divider label="or somebody new" labelPosition="left" />
        <NewPerson start={text} onMade={open} onCancel={close} />
      </Stack>
    </Modal>
  )
}

type NewPersonProps = {
  readonly start: string
  readonly onMade: (personId: number) => void
  readonly onCancel: () => void
}

function NewPerson({ start, onMade, onCancel }: NewPersonProps) {
  const [problem, setProblem] = useState<unknown>(null)
  const form = useForm({
    initialValues: {
      name: '',
      email: '',
      phone: /^[+\d][\d\s()-]{4,}$/.test(start) ? start : '',
      source: 'Added by hand',
    },
    validate: (values) => ({
      name: values.name.trim() === '' ? 'What is their name?' : null,
      email: values.email.trim() === '' && values.phone.trim() === '' ? 'An address or a number is needed.' : null,
      source: values.source.trim() === '' ? 'Where did they come from?' : null,
    }),
  })
  const add = form.onSubmit(({ name, email, phone, source }) => {
    call('people.add', { name, email: email.trim() || null, phone: phone.trim() || null, source }).then(
      ({ personId }) => onMade(personId),
      setProblem,
    )
  })
  return (
    <form onSubmit={add}>
      <Stack gap="xs">
        {problem !== null && <ErrorNotice error={problem} />}
        <TextInput label="Name" dir="auto" maxLength={200} {...form.getInputProps('name')} />
        <Group grow align="flex-start">
          <TextInput label="E-mail" maxLength={320} {...form.getInputProps('email')} />
          <TextInput label="Phone" maxLength={40} {...form.getInputProps('phone')} />
        </Group>
        <TextInput label="How did they find you?" maxLength={100} {...form.getInputProps('source')} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit">Add and write</Button>
        </Group>
      </Stack>
    </form>
  )
}
