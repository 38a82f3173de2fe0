import { ActionIcon, Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, FormSettings, TestReport } from '../../src/channels/contract.ts'
import { call, host } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useReport } from '../ui/report.tsx'
import { formSnippet } from './form-snippet.ts'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { TestReportList } from './test-report.tsx'

type Props = { readonly account: Account | null; readonly onDone: () => void }
type Field = FormSettings['mapping'][string]

const fieldNames: readonly { readonly value: Field; readonly label: string }[] = [
  { value: 'name', label: 'Name' },
  { value: 'email', label: 'E-mail' },
  { value: 'phone', label: 'Phone' },
  { value: 'company', label: 'Company' },
  { value: 'message', label: 'Message' },
  { value: 'budget', label: 'Budget' },
  { value: 'postcode', label: 'Postcode' },
  { value: 'timeline', label: 'When' },
  { value: 'source', label: 'Source' },
]

/** A web form: its name, the address to post to, a snippet to paste, and a test lead through the real listener. */
export function FormChannel({ account, onDone }: Props) {
  const before = account?.settings.kind === 'form' ? account.settings : null
  const [made, setMade] = useState<{ readonly id: number; readonly url: string } | null>(
    before && account ? { id: account.id, url: before.url } : null,
  )
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: {
      name: before?.form.name ?? '',
      source: before?.form.source ?? 'Website',
      mapping: Object.entries(before?.form.mapping ?? {}).map(([theirs, ours]) => ({ theirs, ours })),
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give it a name, for instance “Contact page”.' : null),
      source: (value) => (value.trim() === '' ? 'Every lead needs a source.' : null),
    },
  })
  const submit = form.onSubmit(({ name, source, mapping }) => {
    const settings: FormSettings = {
      name,
      source,
      mapping: Object.fromEntries(
        mapping.filter((it) => it.theirs.trim() !== '').map((it) => [it.theirs.trim(), it.ours]),
      ),
    }
    void save(
      () => call('channels.saveForm', { id: made?.id ?? null, settings }),
      () => 'The form is ready',
    ).then((saved) => {
      if (!saved) return
      if (made) onDone()
      setMade(saved)
      form.resetDirty()
    })
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <div className={styles.grid2}>
          <TextInput
            label="Name of the form"
            dir="auto"
            data-autofocus
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <TextInput label="Source of its leads" dir="auto" maxLength={100} {...form.getInputProps('source')} />
        </div>
        {made && <Address url={made.url} id={made.id} />}
        <div>
          <div className={styles.dim}>
            Deskbell knows common field names by itself. Say here which of your fields are something else.
          </div>
          {form.values.mapping.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place until it is saved
            <div key={index} className={styles.interval} style={{ marginTop: 6 }}>
              <TextInput
                size="xs"
                className={styles.grow ?? ''}
                aria-label="Name of your field"
                placeholder="your_field"
                value={row.theirs}
                onChange={(event) => form.setFieldValue(`mapping.${index}.theirs`, event.currentTarget.value)}
              />
              is
              <Select
                size="xs"
                w={130}
                aria-label="What it holds"
                allowDeselect={false}
                data={fieldNames.map((it) => ({ ...it }))}
                value={row.ours}
                onChange={(value) => value && form.setFieldValue(`mapping.${index}.ours`, value as Field)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label="Remove this field"
                onClick={() => form.removeListItem('mapping', index)}
              >
                <IconX size={15} />
              </ActionIcon>
            </div>
          ))}
          <Button
            mt={6}
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={13} />}
            onClick={() => form.insertListItem('mapping', { theirs: '', ours: 'message' })}
          >
            Add a field
          </Button>
        </div>
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {made ? 'Save' : 'Make the form'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Address({ url, id }: { readonly url: string; readonly id: number }) {
  const report = useReport()
  const [result, setResult] = useState<TestReport | null>(null)
  const { busy, problem, save } = useSave()
  const copy = (text: string, what: string) =>
    void host('copyText', { text }).then(
      () => notifications.show({ message: `${what} copied`, autoClose: 1500 }),
      report,
    )
  const test = () =>
    void save(
      () => call('channels.testForm', { id }),
      () => null,
    ).then((it) => it && setResult(it))
  return (
    <>
      <div>
        <div className={styles.dim}>Forms and other services post to this address (JSON or form data):</div>
        <code className={styles.code}>{url}</code>
      </div>
      <details>
        <summary className={styles.dim}>HTML to paste into your web page</summary>
        <code className={styles.code}>{formSnippet(url)}</code>
      </details>
      {result && <TestReportList report={result} />}
      {problem !== null && <ErrorNotice error={problem} />}
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconCopy size={14} />}
          onClick={() => copy(url, 'Address')}
        >
          Copy address
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconCopy size={14} />}
          onClick={() => copy(formSnippet(url), 'HTML')}
        >
          Copy HTML
        </Button>
        <Button size="compact-sm" variant="light" loading={busy} onClick={test}>
          Send test lead
        </Button>
      </Group>
    </>
  )
}
