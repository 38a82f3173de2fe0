import { Button, Progress } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import styles from './first-reading.module.css'
import { canPause, readingOf } from './reading.ts'

/** How far the first reading of a mailbox is, and a button to hold it: a slow line may be needed for something else. */
export function FirstReading({ account }: { readonly account: Account }) {
  const report = useReport()
  const [busy, setBusy] = useState(false)
  const reading = readingOf(account)
  if (!reading) return null
  const { text, percent, paused } = reading
  const toggle = () => {
    setBusy(true)
    call('channels.pauseSync', { id: account.id, paused: !paused })
      .catch(report)
      .finally(() => setBusy(false))
  }
  return (
    <div className={styles.reading}>
      <div className={styles.line}>
        <span className={styles.text}>{text}</span>
        {canPause(account) && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            loading={busy}
            aria-label={`${paused ? 'Go on' : 'Pause'}: old mail of ${account.label}`}
            onClick={toggle}
          >
            {paused ? 'Go on' : 'Pause'}
          </Button>
        )}
      </div>
      <Progress
        value={percent}
        size="sm"
        color={paused ? 'gray' : 'indigo'}
        aria-label={`Old mail of ${account.label}`}
      />
    </div>
  )
}
