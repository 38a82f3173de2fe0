import { IconAlertCircle, IconCheck, IconChecks, IconClock, IconSend2 } from '@tabler/icons-react'
import type { Delivery } from '../../src/people/contract.ts'
import { useTakeBack } from '../composer/use-take-back.ts'
import { call } from '../rpc/call.ts'
import { useNow } from '../ui/now.tsx'
import { useReport } from '../ui/report.tsx'
import { countdown } from '../ui/time-format.ts'
import styles from './delivery.module.css'

type Sending = {
  readonly delivery: Delivery
  readonly problem: string | null
  readonly jobId: number | null
  readonly undoUntil: number | null
}
type Props = { readonly entry: Sending; readonly personId: number }

/** Where a message of ours is: still ours to take back, on its way, there, or stuck with a reason. */
export function DeliveryLine({ entry: { delivery, problem, jobId, undoUntil }, personId }: Props) {
  if (delivery === 'failed') return <Failed problem={problem} jobId={jobId} />
  if (delivery === 'queued') return <Queued jobId={jobId} undoUntil={undoUntil} personId={personId} />
  if (delivery === 'sending') {
    return (
      <span className={styles.state}>
        <IconSend2 size={14} aria-hidden="true" /> sending…
      </span>
    )
  }
  if (delivery === 'received' || delivery === 'cancelled') return null
  return (
    <span className={styles.state}>
      {delivery === 'delivered' ? (
        <IconChecks size={14} aria-hidden="true" />
      ) : (
        <IconCheck size={14} aria-hidden="true" />
      )}
      {delivery}
    </span>
  )
}

function Queued({ jobId, undoUntil, personId }: Pick<Sending, 'jobId' | 'undoUntil'> & Pick<Props, 'personId'>) {
  const left = (undoUntil ?? 0) - useNow()
  const takeBack = useTakeBack()
  const report = useReport()
  if (left <= 0 || jobId === null) {
    return (
      <span className={styles.state}>
        <IconClock size={14} aria-hidden="true" /> waiting to be sent
      </span>
    )
  }
  return (
    <span className={styles.state}>
      <IconClock size={14} aria-hidden="true" /> leaves in {countdown(left)}
      <button type="button" className={styles.button} onClick={() => void takeBack(jobId, personId).catch(report)}>
        Take back
      </button>
    </span>
  )
}

function Failed({ problem, jobId }: Pick<Sending, 'problem' | 'jobId'>) {
  const report = useReport()
  return (
    <span className={styles.failed} role="alert">
      <IconAlertCircle size={15} aria-hidden="true" />
      <span dir="auto">{problem ?? 'This could not be sent.'}</span>
      {jobId !== null && (
        <button
          type="button"
          className={styles.button}
          onClick={() => void call('contact.retrySend', { jobId }).catch(report)}
        >
          Try again
        </button>
      )}
    </span>
  )
}
