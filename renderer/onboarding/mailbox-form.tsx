import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconMail, IconPlugConnected } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { focusFirstError } from './focus-first-error.ts'
import { Fold } from './fold.tsx'
import {
  cleanPassword,
  type MailboxValues,
  mailboxRules,
  serverLine,
  settingsOf,
  startValues,
} from './mailbox-values.ts'
import { PasswordHelp } from './password-help.tsx'
import { ServerFields } from './server-fields.tsx'
import styles from './setup-form.module.css'
import { TestSteps } from './test-steps.tsx'
import { useGuard } from './use-guard.ts'
import { useLiveTest } from './use-live-test.ts'

type Props = { readonly account: Account | null; readonly onSaved: (id: number) => void }

/** Connects a mailbox: the address tells the servers, then it is tried live, then it is saved. */
export function MailboxForm({ account, onSaved }: Props) {
  const business = useEngine('settings.get', {}).data?.business
  const [id, setId] = useState(account?.id ?? null)
  const [stage, setStage] = useState<'address' | 'rest'>(account ? 'rest' : 'address')
  const [moved, setMoved] = useState(false)
  const firstField = useRef<HTMLInputElement>(null)
  const { busy, problem, guard, forget } = useGuard()
  const { test, run, reset } = useLiveTest()
  const form = useForm<MailboxValues>({
    initialValues: startValues(account, ''),
    validate: {
      ...mailboxRules,
      password: (value) => (value === '' && id === null ? 'Enter the password; it is needed to connect.' : null),
    },
  })

  // The button that was pressed is gone with its stage; the hand goes on typing in the next one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage is what it waits for
  useEffect(() => {
    if (moved) firstField.current?.focus()
  }, [stage, moved])

  const go = (to: 'address' | 'rest') => {
    setMoved(true)
    setStage(to)
  }

  const findServers = () =>
    guard(async () => {
      const found = await call('channels.suggestEmail', { address: form.values.address })
      const name = form.values.name || found.name || (business?.name ?? '')
      form.setValues({ ...found, name, password: form.values.password })
      go('rest')
    })

  const save = (values: MailboxValues) =>
    guard(async () => {
      const saved = await call('channels.saveEmail', {
        id,
        settings: settingsOf(values),
        password: cleanPassword(values.password),
      })
      setId(saved.id)
      form.setFieldValue('password', '')
      onSaved(saved.id)
    })

  const connect = form.onSubmit((values) => {
    forget()
    const settings = settingsOf(values)
    void run(() => call('channels.testEmail', { id, settings, password: cleanPassword(values.password) })).then(
      (report) => (report?.ok ? save(values) : undefined),
    )
  }, focusFirstError(form))

  if (stage === 'address') {
    return (
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void findServers()
        }}
      >
        <TextInput
          ref={firstField}
          label="E-mail address"
          description="The one your leads write to. Deskbell finds the servers from it."
          type="email"
          placeholder="office@your-business.com"
          autoComplete="email"
          maxLength={320}
          data-autofocus
          {...form.getInputProps('address')}
        />
        {problem !== null && <ErrorNotice error={problem} />}
        <div className={styles.buttons}>
          <Button type="submit" loading={busy} disabled={form.values.address.trim() === ''}>
            Find my mailbox
          </Button>
        </div>
      </form>
    )
  }

  const { imap, smtp } = form.values
  const failed = test.kind === 'done' && !test.report.ok
  const saved = id !== null && test.kind === 'done' && test.report.ok && problem === null && !busy
  return (
    <form className={styles.form} noValidate onSubmit={connect} onChange={() => test.kind !== 'none' && reset()}>
      <div className={styles.chosen}>
        <IconMail size={18} aria-hidden="true" />
        <span className={styles.chosenText} title={form.values.address}>
          {form.values.address}
        </span>
        <Button
          size="compact-sm"
          variant="default"
          aria-label="Change the e-mail address"
          onClick={() => {
            reset()
            go('address')
          }}
        >
          Change
        </Button>
      </div>
      <PasswordHelp imapHost={imap.host} />
      <div className={styles.pair}>
        <TextInput
          label="Your mails come from"
          description="Name that people see beside your address."
          dir="auto"
          maxLength={200}
          {...form.getInputProps('name')}
        />
        <PasswordInput
          ref={firstField}
          label="Password"
          description={id === null ? 'Kept on this computer only.' : 'Leave empty to keep the one there is.'}
          autoComplete="off"
          spellCheck={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          {...form.getInputProps('password')}
        />
      </div>
      <Fold forced={hasServerError(form.errors)} label={`Servers: ${serverLine(imap)} · ${serverLine(smtp)}`}>
        <ServerFields form={form} of="imap" />
        <ServerFields form={form} of="smtp" />
      </Fold>
      <TestSteps
        test={test}
        expected={['Receiving mail', 'Sending mail (nothing is sent)']}
        good={saved ? 'Connected. New mail comes in by itself now.' : 'Everything works.'}
        bad="Not connected yet"
      />
      {problem !== null && <ErrorNotice error={problem} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          leftSection={<IconPlugConnected size={16} />}
          loading={busy || test.kind === 'running'}
          variant={saved ? 'default' : 'filled'}
        >
          {id === null ? 'Test and connect' : 'Test and save'}
        </Button>
        {failed && (
          <Button variant="default" disabled={busy} onClick={() => form.onSubmit((values) => void save(values))()}>
            Save anyway and keep trying
          </Button>
        )}
      </div>
    </form>
  )
}

const hasServerError = (errors: Readonly<Record<string, unknown>>) =>
  Object.keys(errors).some((path) => path.startsWith('imap.') || path.startsWith('smtp.'))
