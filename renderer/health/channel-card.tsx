import { Button } from '@mantine/core'
import {
  type Icon,
  IconAlertTriangle,
  IconCheck,
  IconFlask,
  IconForms,
  IconLoader2,
  IconMail,
  IconPhone,
  IconPlayerPause,
  IconRefresh,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, AccountKind, AccountState } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { Details } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { useReport } from '../ui/report.tsx'
import { ago, countdown, fullMoment } from '../ui/time-format.ts'
import styles from './health.module.css'

export const kindIcons: Readonly<Record<AccountKind, Icon>> = {
  email: IconMail,
  twilio: IconPhone,
  form: IconForms,
  sample: IconFlask,
}

const states: Readonly<Record<AccountState, readonly [Icon, 'ok' | 'risk' | 'late' | 'quiet']>> = {
  connecting: [IconLoader2, 'quiet'],
  ok: [IconCheck, 'ok'],
  'backing-off': [IconRefresh, 'risk'],
  'auth-failed': [IconAlertTriangle, 'late'],
  stopped: [IconPlayerPause, 'quiet'],
}

/** One channel: how it is, when something last came, what went wrong and when it is tried again. */
export function ChannelCard({ account }: { readonly account: Account }) {
  const KindIcon = kindIcons[account.kind]
  return (
    <article className={styles.card} aria-label={account.label} data-bad={account.state === 'auth-failed' || undefined}>
      <div className={styles.cardHead}>
        <KindIcon size={20} stroke={1.6} aria-hidden="true" />
        <h2 dir="auto" title={account.label}>
          {account.label}
        </h2>
      </div>
      <StateLine account={account} />
      <dl className={styles.facts}>
        <Moment label="Last message or call" at={account.lastEventAt} never="nothing yet" />
        <Moment label="Last time all was well" at={account.lastOkAt} never="not yet" />
        {account.lastErrorAt !== null && <Moment label="Last trouble" at={account.lastErrorAt} never="" />}
        <div>
          <dt>Since it was connected</dt>
          <dd>
            {account.seen} seen · {account.taken} taken in · {account.skipped} left out
          </dd>
        </div>
      </dl>
      {account.lastError && (
        <div className={styles.trouble} dir="auto">
          {account.lastError}
          {account.stateDetail && <Details text={account.stateDetail} label="Technical details" />}
        </div>
      )}
      <Retry account={account} />
    </article>
  )
}

export function StateLine({ account }: { readonly account: Account }) {
  const [IconOf, tone] = states[account.state]
  return (
    <p className={styles.state} data-tone={tone}>
      <IconOf size={16} aria-hidden="true" />
      <span dir="auto">{account.stateMessage}</span>
    </p>
  )
}

function Retry({ account }: { readonly account: Account }) {
  const now = useNow()
  const report = useReport()
  const [busy, setBusy] = useState(false)
  if (account.state === 'ok' || account.kind === 'sample') return null
  const left = account.nextRetryAt === null ? null : account.nextRetryAt - now
  const retry = () => {
    setBusy(true)
    call('channels.retryNow', { id: account.id })
      .catch(report)
      .finally(() => setBusy(false))
  }
  return (
    <div className={styles.retry}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRefresh size={14} />}
        loading={busy}
        onClick={retry}
      >
        Try now
      </Button>
      {left !== null && <span>{left > 0 ? `next try by itself in ${countdown(left)}` : 'trying…'}</span>}
    </div>
  )
}

function Moment({ label, at, never }: { readonly label: string; readonly at: number | null; readonly never: string }) {
  const now = useNow('minute')
  return (
    <div>
      <dt>{label}</dt>
      <dd title={at === null ? undefined : fullMoment(at)}>{at === null ? never : ago(at, now)}</dd>
    </div>
  )
}
