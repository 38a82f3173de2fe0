import { Button, Skeleton } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import type { Account } from '../../src/channels/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { FirstAnswerNotice } from '../settings/first-answer-notice.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { summary } from './account-words.ts'
import { ChannelCard } from './channel-card.tsx'
import styles from './health.module.css'
import { needsLook } from './health-words.ts'
import { ThisComputer } from './this-computer.tsx'
import { useHealth } from './use-health.ts'

type Props = {
  /** Opens the page where channels are connected and changed. */
  readonly onConnect: () => void
}

/** Is anything broken? One card per channel, in plain words; kept up to date by the engine's events. */
export function HealthPage({ onConnect }: Props) {
  const channels = useEngine('channels.list', {})
  const accounts = channels.data?.accounts ?? []
  const health = useHealth()
  const isQuiet = ({ id }: Account) => needsLook(health.get(id) ?? { quiet: null })
  const rank = (it: Account) => (isQuiet(it) ? order.indexOf('backing-off') : order.indexOf(it.state))
  const worstFirst = accounts.toSorted((a, b) => rank(a) - rank(b))
  return (
    <section className={styles.page} aria-label="Health">
      <header className={styles.header}>
        <div>
          <h1>Health</h1>
          {accounts.length > 0 && <Summary accounts={accounts} quiet={accounts.filter(isQuiet)} />}
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
      <FirstAnswerNotice />
      <div className={styles.grid}>
        {worstFirst.map((it) => (
          <ChannelCard
            key={it.id}
            account={it}
            accounts={accounts}
            health={health.get(it.id) ?? null}
            onConnect={onConnect}
          />
        ))}
      </div>
      <ThisComputer />
    </section>
  )
}

const order: readonly Account['state'][] = ['auth-failed', 'backing-off', 'stopped', 'connecting', 'ok']

type SummaryProps = { readonly accounts: readonly Account[]; readonly quiet: readonly Account[] }

function Summary({ accounts, quiet }: SummaryProps) {
  const now = useNow()
  return <p dir="auto">{summary(accounts, now, quiet)}</p>
}
