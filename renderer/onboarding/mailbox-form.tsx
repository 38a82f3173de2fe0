import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconExternalLink, IconMail, IconPlugConnected } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { call, host } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { CaptureFields } from './capture-fields.tsx'
import { focusFirstError } from './focus-first-error.ts'
import { Fold } from './fold.tsx'
import { LoginFields } from './login-fields.tsx'
import {
  cleanPassword,
  connectionOf,
  type MailboxValues,
  mailboxRules,
  serverLine,
  settingsOf,
  startValues,
} from './mailbox-values.ts'
import { ServerFields } from './server-fields.tsx'
import styles from './setup-form.module.css'
import { authBefore, signInHelp, signInProvider } from './sign-in-values.ts'
import { SignInWait, type SigningIn } from './sign-in-wait.tsx'
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
  const [hasPassword, setHasPassword] = useState(account !== null && authBefore(account)?.kind !== 'oauth')
  const signedIn = authBefore(account)?.kind === 'oauth'
  const [signingIn, setSigningIn] = useState<SigningIn | null>(null)
  const firstField = useRef<HTMLInputElement>(null)
  const { busy, problem, guard, forget } = useGuard()
  const { test, run, reset } = useLiveTest()
  const form = useForm<MailboxValues>({
    initialValues: startValues(account, ''),
    validate: {
      ...mailboxRules,
      password: (value, { login }) =>
        value === '' && login.kind === 'password' && !hasPassword
          ? 'Enter the password; it is needed to connect.'
          : null,
      login: {
        clientId: (value, { login }) =>
          login.kind === 'oauth' && value.trim() === '' ? 'Paste the client ID; the sign-in page asks for it.' : null,
      },
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
      const { capture: _, auth: __, ...found } = await call('channels.suggestEmail', { address: form.values.address })
      form.setValues({ ...found, name: form.values.name || found.name || (business?.name ?? '') })
      if (signInProvider(found.imap.host) === null) form.setFieldValue('login.kind', 'password')
      go('rest')
    })

  const store = async (values: MailboxValues): Promise<number> => {
    const { kind } = values.login
    const password = kind === 'password' ? cleanPassword(values.password) : null
    const saved = await call('channels.saveEmail', { id, settings: settingsOf(values, account), password })
    setId(saved.id)
    setHasPassword(kind === 'password')
    form.setFieldValue('password', '')
    onSaved(saved.id)
    return saved.id
  }

  const save = (values: MailboxValues) => guard(async () => void (await store(values)))

  const signIn = form.onSubmit((values) => {
    reset()
    setSigningIn(null)
    void guard(async () => {
      const { url } = await call('channels.signIn', {
        id: await store(values),
        clientSecret: values.login.clientSecret.trim() || null,
      })
      setSigningIn({ url, since: Date.now(), again: signedIn && account?.state === 'ok' })
      await host('openExternal', { url })
    })
  }, focusFirstError(form))

  const connect = form.onSubmit((values) => {
    forget()
    setSigningIn(null)
    const settings = settingsOf(values, account)
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
  const provider = signInProvider(imap.host) ?? providerBefore(account)
  const bySignIn = provider !== null && form.values.login.kind === 'oauth'
  // Before somebody has signed in there is nothing to test with.
  const isTestable = !bySignIn || signedIn
  const failed = test.kind === 'done' && !test.report.ok
  const saved = id !== null && test.kind === 'done' && test.report.ok && problem === null && !busy
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={isTestable ? connect : signIn}
      onChange={() => test.kind !== 'none' && reset()}
    >
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
      <LoginFields
        form={form}
        provider={provider}
        hasPassword={hasPassword}
        hasSecret={signedIn}
        firstField={firstField}
      />
      <CaptureFields
        value={form.values.capture}
        error={typeof form.errors.capture === 'string' ? form.errors.capture : null}
        isNew={id === null}
        onChange={(capture) => form.setFieldValue('capture', capture)}
        listFolders={async () => {
          const settings = connectionOf(form.values, account)
          const password = bySignIn ? null : cleanPassword(form.values.password)
          return (await call('channels.listFolders', { id, settings, password })).folders
        }}
      />
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
      {signingIn !== null && id !== null && <SignInWait id={id} signingIn={signingIn} />}
      {problem !== null && <ErrorNotice error={problem} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          leftSection={isTestable ? <IconPlugConnected size={16} /> : <IconExternalLink size={16} />}
          loading={busy || test.kind === 'running'}
          variant={saved ? 'default' : 'filled'}
        >
          {!isTestable
            ? `Save and sign in with ${signInHelp[provider].name}`
            : id === null
              ? 'Test and connect'
              : 'Test and save'}
        </Button>
        {isTestable && bySignIn && (
          <Button
            variant="default"
            leftSection={<IconExternalLink size={16} />}
            disabled={busy}
            onClick={() => signIn()}
          >
            Sign in again
          </Button>
        )}
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

const providerBefore = (account: Account | null) => {
  const auth = authBefore(account)
  return auth?.kind === 'oauth' ? auth.provider : null
}
