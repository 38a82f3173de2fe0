import { Button } from '@mantine/core'
import { IconMoonStars } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, ChannelHealth } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { dayName } from '../ui/time-format.ts'
import { needsLook, quietSentence } from './health-words.ts'
import styles from './quiet-notice.module.css'

type Props = { readonly account: Account; readonly health: ChannelHealth }

/** Nothing came for longer than usual: what that may mean, and a way to say that it is fine. */
export function QuietNotice({ account, health }: Props) {
  const place = usePlace()
  const now = useNow()
  const report = useReport()
  const [busy, setBusy] = useState(false)
  const sentence = quietSentence(account, health, now)
  if (sentence === null || !health.quiet) return null
  const accept = () => {
    setBusy(true)
    call('channels.acceptQuiet', { id: account.id })
      .catch(report)
      .finally(() => setBusy(false))
  }
  const asks = needsLook(health)
  return (
    <div className={styles.quiet} data-asks={asks || undefined}>
      <IconMoonStars size={17} aria-hidden="true" />
      <div className={styles.text}>
        <b>{asks ? 'Quiet' : 'Quiet, and you said that is fine'}</b>
        <p>{sentence}</p>
        {asks ? (
          <>
            <p>It may be chance. If it is not, leads get lost and nothing else says so: test it.</p>
            <Button
              size="compact-sm"
              variant="default"
              loading={busy}
              aria-label={`It is fine: ${account.label}. Ask again in 7 days`}
              onClick={accept}
            >
              It is fine: ask again in 7 days
            </Button>
          </>
        ) : (
          <p>Deskbell asks again: {dayName(health.quiet.askAgainAt ?? now, now, place)}.</p>
        )}
      </div>
    </div>
  )
}
