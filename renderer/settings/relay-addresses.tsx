import { Button, Group, Menu, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { CopyBox } from '../onboarding/copy-box.tsx'
import { Fold } from '../onboarding/fold.tsx'
import formStyles from '../onboarding/setup-form.module.css'
import { useGuard } from '../onboarding/use-guard.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { RelayPage } from './relay-page.tsx'
import { RelayRekey } from './relay-rekey.tsx'
import { type PublicAddress, possibleHooks, publicAddresses } from './relay-words.ts'
import styles from './settings.module.css'

/** The public addresses at a relay: to copy, to make and to give up. */
export function RelayAddresses({ id }: { readonly id: number }) {
  const channels = useEngine('channels.list', {})
  const { busy, problem, guard } = useGuard()
  const [moved, setMoved] = useState<boolean | null>(null)
  const accounts = channels.data?.accounts ?? []
  const account = accounts.find((it) => it.id === id)
  const settings = account?.settings
  // A relay that was connected a moment ago is in the list with the next event.
  if (settings?.kind !== 'relay') return <Skeleton height={120} radius="lg" aria-label="One moment" />
  const addresses = publicAddresses(settings, accounts)
  const possible = possibleHooks(settings.relay.hooks, accounts)
  return (
    <div className={formStyles.form}>
      {account?.state === 'auth-failed' && <RelayRekey id={id} message={account.stateMessage} onDone={setMoved} />}
      {moved !== null && (
        <p className={formStyles.note} role="status">
          {moved
            ? 'Connected again, with new addresses. Put the ones below into your website and at Twilio.'
            : 'Connected again. All addresses are as they were.'}
        </p>
      )}
      {addresses.length === 0 && (
        <p className={formStyles.note}>Connected. Now give a form or a phone number its public address.</p>
      )}
      {addresses.map((it) => (
        <AddressBox
          key={it.token}
          relayId={id}
          address={it}
          busy={busy}
          onRemove={() =>
            void guard(async () => void (await call('channels.removeRelayHook', { id, token: it.token })))
          }
        />
      ))}
      {problem !== null && <ErrorNotice error={problem} />}
      {possible.length > 0 && (
        <div>
          <Menu position="bottom-start">
            <Menu.Target>
              <Button leftSection={<IconPlus size={16} />} loading={busy}>
                Make a public address
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {possible.map(({ key, label, hook }) => (
                <Menu.Item
                  key={key}
                  onClick={() => void guard(async () => void (await call('channels.addRelayHook', { id, hook })))}
                >
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </div>
  )
}

type BoxProps = {
  readonly relayId: number
  readonly address: PublicAddress
  readonly busy: boolean
  readonly onRemove: () => void
}

function AddressBox({ relayId, address, busy, onRemove }: BoxProps) {
  const { label, url, hint, kind, token, page } = address
  const [asking, setAsking] = useState(false)
  return (
    <section className={styles.box} aria-label={label}>
      {url === null ? <b dir="auto">{label}</b> : <CopyBox label={label} text={url} />}
      <p className={styles.dim}>{hint}</p>
      {kind === 'form' && url !== null && (
        <Fold label={page === null ? 'No website? Make it a page of its own' : 'The page of this form'}>
          <RelayPage id={relayId} token={token} url={url} page={page} />
        </Fold>
      )}
      {asking ? (
        <Group gap={6}>
          <p className={formStyles.warning}>It answers no more then. A website that still uses it loses its posts.</p>
          <Button size="compact-sm" variant="default" autoFocus onClick={() => setAsking(false)}>
            Keep it
          </Button>
          <Button size="compact-sm" color="red.9" loading={busy} onClick={onRemove}>
            Give it up
          </Button>
        </Group>
      ) : (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          aria-label={`Give up: ${label}`}
          onClick={() => setAsking(true)}
        >
          Give up this address
        </Button>
      )}
    </section>
  )
}
