import { Button } from '@mantine/core'
import {
  type Icon,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconEye,
  IconInfoCircle,
  IconLoader2,
  IconStethoscope,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, ChannelHealth, SelfTestStep } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { Details } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { fullMoment } from '../ui/time-format.ts'
import { since } from './account-words.ts'
import { stepWords, took } from './health-words.ts'
import styles from './self-test.module.css'

const icons: Readonly<Record<SelfTestStep['state'], Icon>> = {
  running: IconLoader2,
  ok: IconCircleCheckFilled,
  look: IconEye,
  failed: IconAlertTriangleFilled,
  note: IconInfoCircle,
}

type Props = { readonly account: Account; readonly health: ChannelHealth }

/** Sends something through the channel to itself, and shows step by step how far it came. */
export function SelfTest({ account, health: { canTest, test } }: Props) {
  const report = useReport()
  const [asked, setAsked] = useState(false)
  if (!canTest) return null
  const running = test !== null && test.endedAt === null
  const begin = () => {
    setAsked(true)
    call('channels.selfTest', { id: account.id })
      .catch(report)
      .finally(() => setAsked(false))
  }
  return (
    <section className={styles.test} aria-label={`Test of ${account.label}`}>
      <div className={styles.head}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconStethoscope size={15} aria-hidden="true" />}
          loading={asked || running}
          aria-label={`Test it: ${account.label}`}
          onClick={begin}
        >
          Test it
        </Button>
        {test && !running && <LastTest at={test.endedAt ?? test.startedAt} />}
        {!test && <span className={styles.when}>never tested</span>}
      </div>
      {test && test.steps.length > 0 && (
        <ol className={styles.steps} aria-live="polite">
          {test.steps.map((step) => (
            <Step key={step.name} step={step} />
          ))}
        </ol>
      )}
    </section>
  )
}

function LastTest({ at }: { readonly at: number }) {
  const place = usePlace()
  const now = useNow()
  return (
    <span className={styles.when} title={fullMoment(at, place)}>
      tested {since(at, now)}
    </span>
  )
}

function Step({ step: { name, state, message, tookMs, detail } }: { readonly step: SelfTestStep }) {
  const IconOf = icons[state]
  return (
    <li className={styles.step} data-state={state}>
      <IconOf size={16} role="img" aria-label={stepWords[state]} />
      <div className={styles.stepText}>
        <div className={styles.name}>
          <b>{name}</b>
          {tookMs !== null && <span>{took(tookMs)}</span>}
        </div>
        <p>{message}</p>
        {detail !== null && <Details text={detail} label="Technical details" />}
      </div>
    </li>
  )
}
