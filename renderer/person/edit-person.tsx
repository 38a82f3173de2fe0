import { ActionIcon, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import type { PersonCard } from '../../src/people/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useUndo } from '../shell/undo.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Origin } from './known-facts.tsx'
import styles from './person-card.module.css'

/** Name and company, with a pencil. */
export function EditPerson({ card }: { readonly card: PersonCard }) {
  const [open, setOpen] = useState(false)
  const known = useEngine('enrich.person', { personId: card.personId })
  const name = known.data?.fields.find((it) => it.field === 'name' && it.revertible)
  const company = known.data?.fields.find((it) => it.field === 'company' && it.display === card.company)
  return (
    <>
      <div className={styles.nameLine}>
        <span className={styles.name} dir="auto" title={card.name}>
          {card.name}
        </span>
        {name && <Origin field={name} />}
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Edit name and company"
          onClick={() => setOpen(true)}
        >
          <IconPencil size={14} />
        </ActionIcon>
      </div>
      {card.company && (
        <div className={styles.companyLine}>
          <span className={styles.company} dir="auto" title={card.company}>
            {card.company}
          </span>
          {company && <Origin field={company} />}
        </div>
      )}
      {open && <EditDialog card={card} onClose={() => setOpen(false)} />}
    </>
  )
}

function EditDialog({ card, onClose }: { readonly card: PersonCard; readonly onClose: () => void }) {
  const [problem, setProblem] = useState<unknown>(null)
  const form = useForm({
    initialValues: { name: card.name, company: card.company ?? '', title: card.title ?? '' },
    validate: { name: (value) => (value.trim() === '' ? 'A person needs a name.' : null) },
  })
  const undo = useUndo()
  const save = form.onSubmit(({ name, company, title }) => {
    const before = { name: card.name, company: card.company, title: card.title }
    call('people.update', {
      personId: card.personId,
      name,
      company: company.trim() === '' ? null : company,
      title: title.trim() === '' ? null : title,
    }).then(() => {
      undo.offer({
        label: `Changed ${name}`,
        undo: async () => void (await call('people.update', { personId: card.personId, ...before })),
      })
      onClose()
    }, setProblem)
  })
  return (
    <Modal opened onClose={onClose} title="Name and company" size={380}>
      <form onSubmit={save}>
        <Stack gap="sm">
          {problem !== null && <ErrorNotice error={problem} />}
          <TextInput label="Name" dir="auto" data-autofocus maxLength={200} {...form.getInputProps('name')} />
          <TextInput label="Company" dir="auto" maxLength={200} {...form.getInputProps('company')} />
          <TextInput label="Title" dir="auto" maxLength={200} {...form.getInputProps('title')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Save</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
