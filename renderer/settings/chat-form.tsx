import { Button, Checkbox, ColorInput, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAccessPoint, IconCode } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, ChatSettings } from '../../src/channels/contract.ts'
import { CopyBox } from '../onboarding/copy-box.tsx'
import { focusFirstError } from '../onboarding/focus-first-error.ts'
import styles from '../onboarding/setup-form.module.css'
import { useGuard } from '../onboarding/use-guard.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ChatPreview } from './chat-preview.tsx'
import { chatSnippet, scriptOfChat } from './relay-words.ts'

type Props = { readonly account: Account | null; readonly onSaved: (id: number) => void }

const swatches = ['#1f2e6e', '#0b6e4f', '#8c1d18', '#5b2a86', '#1c1c1e', '#b45309']

/** The chat of the website: how it looks, and the line to paste. */
export function ChatForm({ account, onSaved }: Props) {
  const settings = useEngine('settings.get', {})
  const channels = useEngine('channels.list', {})
  if (!settings.data || !channels.data) return null
  const { name } = settings.data.business
  return (
    <ChatFields account={account} accounts={channels.data.accounts} business={name || 'Our office'} onSaved={onSaved} />
  )
}

type FieldsProps = Props & { readonly accounts: readonly Account[]; readonly business: string }

function ChatFields({ account, accounts, business, onSaved }: FieldsProps) {
  const [id, setId] = useState(account?.id ?? null)
  const { busy, problem, guard } = useGuard()
  const form = useForm<ChatSettings>({
    initialValues: account?.settings.kind === 'chat' ? account.settings.chat : startValues(business),
    validate: {
      name: (value) => (value.trim() === '' ? 'Type the name that visitors read.' : null),
      label: (value) => (value.trim() === '' ? 'Type what the button says.' : null),
      greeting: (value) => (value.trim() === '' ? 'Type what visitors read first.' : null),
      colour: (value) => (/^#[0-9a-f]{6}$/i.test(value) ? null : 'Choose a color, like #1f2e6e.'),
      source: (value) => (value.trim() === '' ? 'Say where these leads come from.' : null),
    },
  })
  const relays = accounts.filter((it) => it.kind === 'relay')
  const script = id === null ? null : scriptOfChat(accounts, id)
  const giveAddress = async (chatId: number) => {
    const relay = relays[0]
    if (relay) await call('channels.addRelayHook', { id: relay.id, hook: { kind: 'chat', chatId } })
  }
  const submit = form.onSubmit((values) => {
    void guard(async () => {
      const colour = values.colour.toLowerCase()
      const made = await call('channels.saveChat', { id, settings: { ...values, colour } })
      setId(made.id)
      form.resetDirty(values)
      onSaved(made.id)
      if (scriptOfChat(accounts, made.id) === null) await giveAddress(made.id)
    })
  }, focusFirstError(form))
  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      {relays.length === 0 && (
        <div className={styles.help} data-tone="needed">
          <IconAccessPoint size={18} aria-hidden="true" />
          <div>
            <b>A chat needs a relay</b>
            <p>
              Visitors must reach something that always answers. Connect a relay under Channels first; you can prepare
              the chat meanwhile.
            </p>
          </div>
        </div>
      )}
      <div className={styles.pair}>
        <TextInput label="Name that visitors read" dir="auto" maxLength={100} {...form.getInputProps('name')} />
        <TextInput label="On the button" dir="auto" maxLength={40} {...form.getInputProps('label')} />
      </div>
      <Textarea label="Greeting" dir="auto" autosize minRows={2} maxLength={500} {...form.getInputProps('greeting')} />
      <Textarea
        label="While you are closed"
        description="Your opening hours decide. When you are back is added by itself."
        dir="auto"
        autosize
        minRows={1}
        maxLength={300}
        {...form.getInputProps('away')}
      />
      <div className={styles.pair}>
        <ColorInput
          label="Color"
          description="Writing on it is black or white."
          swatches={swatches}
          {...form.getInputProps('colour')}
        />
        <TextInput
          label="Where these leads come from"
          description="Shown on each lead."
          dir="auto"
          maxLength={100}
          {...form.getInputProps('source')}
        />
      </div>
      <Checkbox
        label="Ask for an e-mail address"
        description="Lets you answer after they left the page. Nobody has to give it."
        {...form.getInputProps('ask.email', { type: 'checkbox' })}
      />
      <Checkbox label="Ask for a phone number" {...form.getInputProps('ask.phone', { type: 'checkbox' })} />
      <ChatPreview settings={form.values} />
      {problem !== null && <ErrorNotice error={problem} />}
      <div className={styles.buttons}>
        <Button type="submit" loading={busy} disabled={id !== null && !form.isDirty()}>
          {id === null ? 'Make the chat' : form.isDirty() ? 'Save' : 'Saved'}
        </Button>
        {id !== null && script === null && relays.length > 0 && (
          <Button variant="default" loading={busy} onClick={() => void guard(() => giveAddress(id))}>
            Make its public address
          </Button>
        )}
      </div>
      {script !== null && (
        <>
          <CopyBox label="Line for your website" text={chatSnippet(script)} />
          <div className={styles.help} data-tone="calm">
            <IconCode size={18} aria-hidden="true" />
            <div>
              <b>Where to put it</b>
              <p>
                On every page, just before &lt;/body&gt;. The website must be on https. If it has a
                Content-Security-Policy, allow {new URL(script).origin} in script-src and connect-src.
              </p>
            </div>
          </div>
        </>
      )}
    </form>
  )
}

const startValues = (business: string): ChatSettings => ({
  name: business,
  label: 'Chat with us',
  greeting: 'Hello! How can we help?',
  away: 'We are closed right now. Leave a message and we will answer.',
  colour: '#1f2e6e',
  ask: { email: true, phone: false },
  source: 'Website chat',
})
