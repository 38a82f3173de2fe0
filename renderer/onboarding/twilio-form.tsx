import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconInfoCircle, IconPlugConnected } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, TwilioSettings } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { focusFirstError } from './focus-first-error.ts'
import { Fold } from './fold.tsx'
import { OutsideLink } from './outside-link.tsx'
import styles from './setup-form.module.css'
import { TestSteps } from './test-steps.tsx'
import { TwilioNumbers } from './twilio-numbers.tsx'
import { type ListedNumber, typedNumber } from './twilio-values.ts'
import { useGuard } from './use-guard.ts'
import { useLiveTest } from './use-live-test.ts'

type Props = { readonly account: Account | null; readonly onSaved: (id: number) => void }

type Values = {
  readonly accountSid: string
  readonly authToken: string
  readonly number: string
  readonly others: readonly string[]
  readonly baseUrl: string
}

/** Connects the numbers of a Twilio account: tried live without calling or texting anybody, then saved. */
export function TwilioForm({ account, onSaved }: Props) {
  const [id, setId] = useState(account?.id ?? null)
  const { busy, problem, guard, forget } = useGuard()
  const { test, run, reset } = useLiveTest()
  const [found, setFound] = useState<readonly ListedNumber[] | null>(null)
  const form = useForm<Values>({
    initialValues: startValues(account),
    validate: {
      accountSid: (value) =>
        /^AC[0-9a-fA-F]{32}$/.test(value.trim()) ? null : 'An Account SID starts with AC and has 34 characters.',
      authToken: (value) => (value.trim() === '' && id === null ? 'The auth token is missing.' : null),
      number: (value) => (/\d{3}/.test(value) ? null : 'Write the number with its country, like +1 415 555 0142.'),
      baseUrl: (value) => (value.trim() === '' || URL.canParse(value.trim()) ? null : 'That is not a web address.'),
    },
  })

  const save = (values: Values) =>
    guard(async () => {
      const saved = await call('channels.saveTwilio', { id, settings: settingsOf(values), authToken: tokenOf(values) })
      setId(saved.id)
      form.setFieldValue('authToken', '')
      onSaved(saved.id)
    })

  const connect = form.onSubmit((values) => {
    forget()
    void run(() => call('channels.testTwilio', { id, settings: settingsOf(values), authToken: tokenOf(values) })).then(
      (report) => (report?.ok ? save(values) : undefined),
    )
  }, focusFirstError(form))

  const listNumbers = async () => {
    const { accountSid, baseUrl } = settingsOf(form.values)
    const { numbers } = await call('channels.listTwilioNumbers', {
      id,
      settings: { accountSid, baseUrl },
      authToken: tokenOf(form.values),
    })
    form.setFieldValue('number', typedNumber(form.values.number, numbers))
    setFound(numbers)
  }

  const failed = test.kind === 'done' && !test.report.ok
  const saved = id !== null && test.kind === 'done' && test.report.ok && problem === null && !busy
  return (
    <form className={styles.form} noValidate onSubmit={connect} onChange={() => test.kind !== 'none' && reset()}>
      <div className={styles.help} data-tone="calm">
        <IconInfoCircle size={18} aria-hidden="true" />
        <div>
          <b>Where to find these</b>
          <p>Account SID and auth token are on the first page of the Twilio console, under “Account Info”.</p>
          <OutsideLink url="https://console.twilio.com">Open the Twilio console</OutsideLink>
        </div>
      </div>
      <TextInput
        label="Account SID"
        placeholder="AC…"
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        {...form.getInputProps('accountSid')}
      />
      <div className={styles.pair}>
        <PasswordInput
          label="Auth token"
          description={id === null ? 'Kept on this computer only.' : 'Leave empty to keep the one there is.'}
          autoComplete="off"
          spellCheck={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the auth token' }}
          {...form.getInputProps('authToken')}
        />
        {found === null && form.values.others.length === 0 && (
          <TextInput
            label="Your Twilio number"
            description="For calls, texts and WhatsApp."
            type="tel"
            placeholder="+1 415 555 0142"
            maxLength={40}
            {...form.getInputProps('number')}
          />
        )}
      </div>
      <TwilioNumbers
        number={form.values.number}
        others={form.values.others}
        found={found}
        onList={listNumbers}
        onChange={({ number, others }) => {
          reset()
          form.setValues({ number, others })
        }}
      />
      <Fold label="Another address for Twilio" forced={form.errors.baseUrl !== undefined}>
        <TextInput
          label="Address of the service"
          description="Leave empty for Twilio itself. Only for tests, or for a service that speaks the same language."
          placeholder="https://api.twilio.com"
          spellCheck={false}
          {...form.getInputProps('baseUrl')}
        />
      </Fold>
      <TestSteps
        test={test}
        expected={['Sign in', 'Number', 'Calls and texts (nobody is called)']}
        good={saved ? 'Connected. Calls and texts come in by themselves now.' : 'Everything works.'}
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

function startValues(account: Account | null): Values {
  if (account?.settings.kind !== 'twilio') return { accountSid: '', authToken: '', number: '', others: [], baseUrl: '' }
  const { accountSid, number, others = [], baseUrl } = account.settings.twilio
  return { accountSid, authToken: '', number, others, baseUrl: baseUrl ?? '' }
}

const settingsOf = ({ accountSid, number, others, baseUrl }: Values): TwilioSettings => ({
  accountSid: accountSid.trim(),
  number: number.trim(),
  others: [...others],
  baseUrl: baseUrl.trim() || null,
})

const tokenOf = ({ authToken }: Values): string | null => authToken.trim() || null
