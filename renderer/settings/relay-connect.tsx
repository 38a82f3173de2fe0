import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAccessPoint, IconPlugConnected } from '@tabler/icons-react'
import { focusFirstError } from '../onboarding/focus-first-error.ts'
import styles from '../onboarding/setup-form.module.css'
import { useGuard } from '../onboarding/use-guard.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { relayUrl } from './relay-words.ts'

/** Opens a workspace at a relay, with the invite of whoever runs it. */
export function RelayConnect({ onConnected }: { readonly onConnected: (id: number) => void }) {
  const { busy, problem, guard } = useGuard()
  const form = useForm({
    initialValues: { url: '', invite: '' },
    validate: {
      url: (value) => (relayUrl(value) === null ? 'That is not a web address, like relay.example.com.' : null),
      invite: (value) => (value.trim() === '' ? 'Paste the invite code.' : null),
    },
  })
  const connect = form.onSubmit(({ url, invite }) => {
    void guard(async () => {
      const made = await call('channels.connectRelay', { url: relayUrl(url) ?? url, invite: invite.trim() })
      onConnected(made.id)
    })
  }, focusFirstError(form))
  return (
    <form className={styles.form} noValidate onSubmit={connect}>
      <div className={styles.help} data-tone="calm">
        <IconAccessPoint size={18} aria-hidden="true" />
        <div>
          <b>An address that always answers</b>
          <p>
            A relay takes posts of your website and of Twilio while this computer sleeps, locks them so that only you
            can read them, and hands them over when Deskbell is open. Whoever runs it gives you its address and a code.
          </p>
        </div>
      </div>
      <TextInput
        label="Address of the relay"
        placeholder="relay.example.com"
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        data-autofocus
        {...form.getInputProps('url')}
      />
      <TextInput
        label="Invite code"
        description="Works once, for seven days."
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        {...form.getInputProps('invite')}
      />
      {problem !== null && <ErrorNotice error={problem} />}
      <div className={styles.buttons}>
        <Button type="submit" leftSection={<IconPlugConnected size={16} />} loading={busy}>
          Connect
        </Button>
      </div>
    </form>
  )
}
