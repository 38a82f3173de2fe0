import { Button } from '@mantine/core'
import { IconAlertTriangle, IconFlask, IconLoader2 } from '@tabler/icons-react'
import { useState } from 'react'
import { host } from '../rpc/call.ts'
import { useEngineState } from '../rpc/engine-state.ts'
import { useEngine } from '../rpc/queries.ts'
import { useNow } from '../ui/now.tsx'
import { useReport } from '../ui/report.tsx'
import { countdown } from '../ui/time-format.ts'
import styles from './banners.module.css'
import { OfflineBanner } from './offline-banner.tsx'

/** Strips above everything: the engine is away, no internet for the channels, or this is the sample business. */
export function Banners() {
  return (
    <>
      <EngineBanner />
      <OfflineBanner />
      <SampleBanner />
    </>
  )
}

function EngineBanner() {
  const state = useEngineState()
  if (!state || state.state === 'running') return null
  if (state.state === 'restarting') return <Restarting retryAt={state.retryAt} />
  if (state.state === 'starting') {
    return (
      <p className={styles.banner} data-kind="wait" role="status">
        <IconLoader2 size={16} aria-hidden="true" /> One moment, Deskbell’s engine is starting…
      </p>
    )
  }
  return null
}

function Restarting({ retryAt }: { readonly retryAt: number }) {
  const left = retryAt - useNow()
  return (
    <p className={styles.banner} data-kind="wait" role="status">
      <IconAlertTriangle size={16} aria-hidden="true" />
      Deskbell’s engine stopped and starts again{left > 0 ? ` in ${countdown(left)}` : ' now'}. Nothing was lost; what
      you type is kept.
    </p>
  )
}

function SampleBanner() {
  const settings = useEngine('settings.get', {})
  const report = useReport()
  const [busy, setBusy] = useState(false)
  if (!settings.data?.sample) return null
  const leave = () => {
    setBusy(true)
    host('removeSample', {})
      .catch(report)
      .finally(() => setBusy(false))
  }
  return (
    <div className={styles.banner} data-kind="sample" role="status">
      <IconFlask size={16} aria-hidden="true" />
      <span>
        <b>Sample business</b> — nothing leaves this computer
      </span>
      <Button size="compact-xs" variant="white" color="dark" loading={busy} onClick={leave}>
        Set up my business
      </Button>
    </div>
  )
}
