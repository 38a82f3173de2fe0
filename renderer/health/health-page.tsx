import { Button, Skeleton } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import type { Account } from '../../src/channels/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { summary } from './account-words.ts'
import { ChannelCard } from './channel-card.tsx'
import styles from './health.module.css'
import { ThisComputer } from './this-computer.tsx'

type Props = {
  /** Opens the page where channels are connected and changed. */
  readonly onConnect: () => void
}

/** Is anything broken? One card per channel, in plain words; kept up to date by the engine's events. */
export function HealthPage({ onConnect }: Props) {
  const channels = useEngine('channels.list', {})
  const accounts = channels.data?.accounts ?? []
  const worstFirst = accounts.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  return (
    <section className={styles.page} aria-label="Health">
      <header className={styles.header}>
        <div>
          <h1>Health</h1>
          {accounts.length > 0 && <Summary accounts={accounts} />}
        </div>
        {accounts.length > 0 && (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={onConnect}>
            Connect a channel
          </Button>
        )}
      </header>
      {channels.isError && !channels.data && (
        <ErrorNotice error={channels.error} onRetry={() => void channels.refetch()} />
      )}
      {channels.isPending && <Skeleton height={260} radius="lg" aria-label="Channels are being fetched" />}
      {channels.data && accounts.length === 0 && (
        <div className={styles.nothing}>
          <Empty icon={IconPlugConnected} title="Nothing is connected yet">
            <p>
              Connect a mailbox, a Twilio number or a web form. How each is doing, and when it last brought something,
              is then shown here.
            </p>
            <Button onClick={onConnect}>Connect a channel</Button>
          </Empty>
        </div>
      )}
      <div className={styles.grid}>
        {worstFirst.map((it) => (
          <ChannelCard key={it.id} account={it} accounts={accounts} onConnect={onConnect} />
        ))}
      </div>
      <ThisComputer />
    </section>
  )
}

const order: readonly Account['state'][] = ['auth-failed', 'backing-off', 'stopped', 'connecting', 'ok']

function Summary({ accounts }: { readonly accounts: readonly Account[] }) {
  const now = useNow()
  return <p dir="auto">{summary(accounts, now)}</p>
}
