import { Button, Group, Menu, Modal, Stack } from '@mantine/core'
import { IconAccessPoint, IconForms, IconMail, IconMessages, IconPhone, IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { kindIcons, StateLine } from '../health/channel-card.tsx'
import { FirstReading } from '../health/first-reading.tsx'
import { MailboxForm } from '../onboarding/mailbox-form.tsx'
import { TwilioForm } from '../onboarding/twilio-form.tsx'
import { WebFormForm } from '../onboarding/web-form-form.tsx'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ChatForm } from './chat-form.tsx'
import { RelayForm } from './relay-form.tsx'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'

type Editing = { readonly kind: keyof typeof titles; readonly account: Account | null }

const titles = {
  email: 'Mailbox',
  twilio: 'Phone number (Twilio)',
  form: 'Web form',
  chat: 'Chat on your website',
  relay: 'Relay',
} as const

/** Where leads come in and answers go out. */
export function ChannelsSection() {
  const channels = useEngine('channels.list', {})
  const [editing, setEditing] = useState<Editing | null>(null)
  const accounts = channels.data?.accounts ?? []
  const close = () => setEditing(null)
  return (
    <Stack gap="md">
      <p className={styles.lead}>Where leads come in and answers go out.</p>
      {channels.isError && !channels.data && (
        <ErrorNotice error={channels.error} onRetry={() => void channels.refetch()} />
      )}
      {accounts.map((it) => (
        <AccountRow key={it.id} account={it} onEdit={(kind) => setEditing({ kind, account: it })} />
      ))}
      {channels.data && accounts.length === 0 && <p className={styles.dim}>Nothing is connected yet.</p>}
      <div>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button leftSection={<IconPlus size={16} />}>Connect a channel</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconMail size={16} />}
              onClick={() => setEditing({ kind: 'email', account: null })}
            >
              Mailbox
            </Menu.Item>
            <Menu.Item
              leftSection={<IconPhone size={16} />}
              onClick={() => setEditing({ kind: 'twilio', account: null })}
            >
              Phone number (Twilio): calls and texts
            </Menu.Item>
            <Menu.Item
              leftSection={<IconForms size={16} />}
              onClick={() => setEditing({ kind: 'form', account: null })}
            >
              Web form
            </Menu.Item>
            <Menu.Item
              leftSection={<IconMessages size={16} />}
              onClick={() => setEditing({ kind: 'chat', account: null })}
            >
              Chat on your website
            </Menu.Item>
            <Menu.Item
              leftSection={<IconAccessPoint size={16} />}
              onClick={() => setEditing({ kind: 'relay', account: null })}
            >
              Relay: public addresses that always answer
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {editing && (
        <Modal opened onClose={close} title={titles[editing.kind]} size={620}>
          <ChannelForm editing={editing} />
        </Modal>
      )}
    </Stack>
  )
}

/** Stays open after saving: it says how the live test went, and a form shows the address to post to. */
function ChannelForm({ editing: { kind, account } }: { readonly editing: Editing }) {
  const FormOf = { email: MailboxForm, twilio: TwilioForm, form: WebFormForm, chat: ChatForm, relay: RelayForm }[kind]
  return <FormOf account={account} onSaved={() => undefined} />
}

type RowProps = { readonly account: Account; readonly onEdit: (kind: Editing['kind']) => void }

function AccountRow({ account, onEdit }: RowProps) {
  const [asking, setAsking] = useState(false)
  const IconOf = kindIcons[account.kind]
  const { kind } = account
  return (
    <article className={styles.box} aria-label={account.label}>
      <h3 className={styles.boxTitle}>
        <IconOf size={18} stroke={1.6} aria-hidden="true" />
        <span className={`${styles.grow} ${styles.ellipsis}`} dir="auto">
          {account.label}
        </span>
        {kind !== 'sample' && (
          <Group gap={6} wrap="nowrap">
            <Button size="compact-sm" variant="default" onClick={() => onEdit(kind)}>
              {kind === 'relay' ? 'Addresses' : 'Edit'}
            </Button>
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
              Remove
            </Button>
          </Group>
        )}
      </h3>
      <Stack gap={10}>
        <StateLine account={account} />
        <FirstReading account={account} />
      </Stack>
      {asking && <RemoveDialog account={account} onClose={() => setAsking(false)} />}
    </article>
  )
}

function RemoveDialog({ account, onClose }: { readonly account: Account; readonly onClose: () => void }) {
  const { busy, problem, save } = useSave()
  const remove = () =>
    void save(
      () => call('channels.remove', { id: account.id }),
      () => `${account.label} is disconnected`,
    ).then((done) => done !== undefined && onClose())
  return (
    <ConfirmRemove label={account.label} busy={busy} onRemove={remove} onClose={onClose}>
      {account.kind === 'relay' && (
        <div>Its public addresses lead nowhere then, and what still waits there cannot be read any more.</div>
      )}
      {problem !== null && <ErrorNotice error={problem} />}
    </ConfirmRemove>
  )
}

type ConfirmProps = {
  readonly label: string
  readonly busy: boolean
  readonly onRemove: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

function ConfirmRemove({ label, busy, onRemove, onClose, children }: ConfirmProps) {
  return (
    <Modal opened onClose={onClose} title="Disconnect this channel?" size={420}>
      <Stack gap="sm">
        <div>
          <b dir="auto">{label}</b> stops and its password is forgotten. Everything that came through it stays here.
        </div>
        {children}
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            Cancel
          </Button>
          <Button color="red.9" loading={busy} onClick={onRemove}>
            Disconnect
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
