import { Button } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, ChannelHealth } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { fullMoment } from '../ui/time-format.ts'
import { since } from './account-words.ts'
import styles from './try-outs.module.css'

type Props = { readonly account: Account; readonly health: ChannelHealth }

/** Test leads that the provider sent: they came through, and nobody waits for an answer. */
export function TryOuts({ account, health: { tryOuts } }: Props) {
  if (tryOuts.length === 0) return null
  return (
    <ul className={styles.list} aria-label={`Test leads of ${account.label}`}>
      {tryOuts.map((it) => (
        <TryOut key={it.id} tryOut={it} />
      ))}
    </ul>
  )
}

function TryOut({ tryOut: { id, at, fields } }: { readonly tryOut: ChannelHealth['tryOuts'][number] }) {
  const now = useNow()
  const place = usePlace()
  const report = useReport()
  const [busy, setBusy] = useState(false)
  const remove = () => {
    setBusy(true)
    call('channels.removeTryOut', { id })
      .catch(report)
      .finally(() => setBusy(false))
  }
  return (
    <li className={styles.one}>
      <IconFlask size={16} aria-hidden="true" />
      <div className={styles.text}>
        <b>Test lead</b> <time title={fullMoment(at, place)}>{since(at, now)}</time>
        <p dir="auto">{fields.map(({ label, value }) => `${label}: ${value}`).join(' · ')}</p>
        <p>It came through. Nobody was made of it, and no deadline runs.</p>
      </div>
      <Button size="compact-sm" variant="default" loading={busy} aria-label="Remove this test lead" onClick={remove}>
        Remove
      </Button>
    </li>
  )
}
