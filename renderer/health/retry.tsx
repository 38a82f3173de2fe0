import { Button } from '@mantine/core'
import { IconKey, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { useNow } from '../ui/now.tsx'
import { useReport } from '../ui/report.tsx'
import { countdown } from '../ui/time-format.ts'
import styles from './health.module.css'

type Props = { readonly account: Account; readonly onConnect: () => void }

/** When it is tried again by itself, and a button for those who cannot wait. */
export function Retry({ account, onConnect }: Props) {
  const { state, kind } = account
  if (kind === 'sample' || state === 'ok' || state === 'connecting') return null
  return (
    <div className={styles.retry}>
      {state === 'auth-failed' && (
        <Button size="compact-sm" leftSection={<IconKey size={15} />} onClick={onConnect}>
          {whatToDo(account)}
        </Button>
      )}
      <TryNow account={account} />
      {account.nextRetryAt !== null && <Countdown to={account.nextRetryAt} />}
    </div>
  )
}

function TryNow({ account }: { readonly account: Account }) {
  const report = useReport()
  const [busy, setBusy] = useState(false)
  const retry = () => {
    setBusy(true)
    call('channels.retryNow', { id: account.id })
      .catch(report)
      .finally(() => setBusy(false))
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconRefresh size={14} />}
      loading={busy}
      aria-label={`Try now: ${account.label}`}
      onClick={retry}
    >
      Try now
    </Button>
  )
}

function Countdown({ to }: { readonly to: number }) {
  const left = to - useNow()
  return <span className={styles.next}>{left > 0 ? `tries by itself in ${countdown(left)}` : 'trying now…'}</span>
}

function whatToDo({ settings }: Account): string {
  switch (settings.kind) {
    case 'twilio':
      return 'Enter the token again'
    case 'relay':
      return 'Connect it again'
    case 'email':
      return settings.email.auth?.kind === 'oauth' ? 'Sign in again' : 'Enter the password again'
    default:
      return 'Look at its settings'
  }
}
