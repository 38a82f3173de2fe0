import { Button, Skeleton } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ChannelCard } from './channel-card.tsx'
import styles from './health.module.css'

/** Is anything broken? One card per channel, in plain words. */
export function HealthPage() {
  const { act } = useWindow()
  const channels = useEngine('channels.list', {})
  const accounts = channels.data?.accounts ?? []
  const connect = () => act({ do: 'go', page: { kind: 'settings', section: 'channels' } })
  return (
    <section className={styles.page} aria-label="Health">
      <header className={styles.header}>
        <h1>Health</h1>
        <p>{channels.data ? summary(accounts) : ' '}</p>
      </header>
      {channels.isError && !channels.data && (
        <ErrorNotice error={channels.error} onRetry={() => void channels.refetch()} />
      )}
      {channels.isPending && <Skeleton height={160} radius="lg" aria-label="Channels are being fetched" />}
      {channels.data && accounts.length === 0 && (
        <Empty icon={IconPlugConnected} title="No channel yet">
          <p>Connect a mailbox, a phone number or a web form; how each is doing shows up here.</p>
          <Button onClick={connect}>Connect a channel</Button>
        </Empty>
      )}
      <div className={styles.grid}>
        {accounts.map((it) => (
          <ChannelCard key={it.id} account={it} />
        ))}
      </div>
    </section>
  )
}

function summary(accounts: readonly { readonly state: string }[]): string {
  const broken = accounts.filter((it) => it.state === 'auth-failed').length
  const trying = accounts.filter((it) => it.state === 'backing-off').length
  if (accounts.length === 0) return ''
  if (broken > 0)
    return `${broken === 1 ? 'One channel needs' : `${broken} channels need`} you. New leads may be missing.`
  if (trying > 0) return 'Deskbell is trying to reach a channel again by itself.'
  return 'Everything is connected.'
}
