import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Account, TestReport, TwilioSettings } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { TestReportList } from './test-report.tsx'

type Props = { readonly account: Account | null; readonly onDone: () => void; readonly doneLabel?: string }

/** Calls and texts: the two keys from Twilio's console and the number. */
export function TwilioForm({ account, onDone, doneLabel = 'Save' }: Props) {
  const before = account?.settings.kind === 'twilio' ? account.settings.twilio : null
  const [authToken, setAuthToken] = useState('')
  const [report, setReport] = useState<TestReport | null>(null)
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: {
      accountSid: before?.accountSid ?? '',
      number: before?.number ?? '',
      baseUrl: before?.baseUrl ?? '',
    },
    validate: {
      accountSid: (value) =>
        /^AC[0-9a-fA-F]{32}$/.test(value.trim()) ? null : 'An Account SID starts with AC and has 34 characters.',
      number: (value) => (value.trim().length < 3 ? 'Which number do leads call and text?' : null),
    },
    onValuesChange: () => setReport(null),
  })
  const id = account?.id ?? null
  const secret = authToken === '' ? null : authToken
  const settings = (): TwilioSettings => ({
    accountSid: form.values.accountSid.trim(),
    number: form.values.number.trim(),
    baseUrl: form.values.baseUrl.trim() === '' ? null : form.values.baseUrl.trim(),
  })
  const test = async () => {
    if (form.validate().hasErrors) return
    const result = await save(
      () => call('channels.testTwilio', { id, settings: settings(), authToken: secret }),
      () => null,
    )
    if (result) setReport(result)
  }
  const submit = form.onSubmit(() => {
    void save(
      () => call('channels.saveTwilio', { id, settings: settings(), authToken: secret }),
      () => 'The phone number is connected',
    ).then((done) => done && onDone())
  })
  const ready = before !== null || authToken !== ''
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <p className={styles.dim} style={{ margin: 0 }}>
          All three are on the first page of console.twilio.com, under Account Info.
        </p>
        <TextInput label="Account SID" placeholder="AC…" data-autofocus {...form.getInputProps('accountSid')} />
        <PasswordInput
          label="Auth Token"
          placeholder={before ? 'unchanged' : ''}
          autoComplete="off"
          value={authToken}
          onChange={(event) => {
            setAuthToken(event.currentTarget.value)
            setReport(null)
          }}
        />
        <TextInput label="Number leads call and text" placeholder="+1 415 555 0100" {...form.getInputProps('number')} />
        {before?.baseUrl && <TextInput label="API address" {...form.getInputProps('baseUrl')} />}
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
