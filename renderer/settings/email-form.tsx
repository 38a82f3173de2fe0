import { Button, Collapse, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Account, EmailSettings, TestReport } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useSave } from './save-bar.tsx'
import { emptyServer, ServerFields } from './server-fields.tsx'
import styles from './settings.module.css'
import { TestReportList } from './test-report.tsx'

type Props = { readonly account: Account | null; readonly onDone: () => void; readonly doneLabel?: string }

const empty: EmailSettings = { address: '', name: '', imap: emptyServer(993), smtp: emptyServer(465) }

/** Address → servers found → password → a live test of both ways → saved. */
export function EmailForm({ account, onDone, doneLabel = 'Save' }: Props) {
  const before = account?.settings.kind === 'email' ? account.settings.email : null
  const [password, setPassword] = useState('')
  const [report, setReport] = useState<TestReport | null>(null)
  const [servers, setServers] = useState(false)
  const { busy, problem, save } = useSave()
  const form = useForm<EmailSettings>({
    initialValues: before ?? empty,
    validate: {
      address: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'An address looks like you@example.com.'),
    },
    onValuesChange: () => setReport(null),
  })
  const known = form.values.imap.host !== ''
  const suggest = async () => {
    const address = form.values.address.trim()
    if (!/^\S+@\S+$/.test(address) || (known && before)) return
    const found = await save(
      () => call('channels.suggestEmail', { address }),
      () => null,
    )
    if (found) form.setValues({ ...found, name: form.values.name || found.name })
  }
  const id = account?.id ?? null
  const secret = password === '' ? null : password
  const test = async () => {
    if (form.validate().hasErrors) return
    const result = await save(
      () => call('channels.testEmail', { id, settings: form.values, password: secret }),
      () => null,
    )
    if (result) {
      setReport(result)
      if (!result.ok) setServers(true)
    }
  }
  const submit = form.onSubmit((settings) => {
    void save(
      () => call('channels.saveEmail', { id, settings, password: secret }),
      () => 'The mailbox is connected',
    ).then((done) => done && onDone())
  })
  const ready = known && (before !== null || password !== '')
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <div className={styles.grid2}>
          <TextInput
            label="E-mail address"
            type="email"
            data-autofocus
            {...form.getInputProps('address')}
            onBlur={() => void suggest()}
          />
          <TextInput
            label="Your name in mail"
            dir="auto"
            placeholder="Dana from Brightwater"
            {...form.getInputProps('name')}
          />
        </div>
        <PasswordInput
          label="Password"
          description="Gmail, Yahoo, iCloud and others want an app password: make one in the security settings of your account. It is kept encrypted on this computer."
          placeholder={before ? 'unchanged' : ''}
          autoComplete="off"
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value)
            setReport(null)
          }}
        />
        {known && (
          <div>
            <Button
              variant="subtle"
              size="compact-sm"
              px={4}
              aria-expanded={servers}
              onClick={() => setServers(!servers)}
            >
              {servers ? 'Hide servers' : `Servers: ${form.values.imap.host} and ${form.values.smtp.host}`}
            </Button>
            <Collapse expanded={servers} keepMounted={false}>
              <Stack gap="sm" mt="xs">
                <ServerFields title="Incoming mail (IMAP)" path="imap" form={form} />
                <ServerFields title="Outgoing mail (SMTP)" path="smtp" form={form} />
              </Stack>
            </Collapse>
          </div>
        )}
        {report && <TestReportList report={report} />}
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="flex-end">
          <Button variant="default" disabled={!ready} loading={busy} onClick={() => void test()}>
            Test connection
          </Button>
          <Button type="submit" disabled={!ready || busy}>
            {report && !report.ok ? 'Save anyway' : doneLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
