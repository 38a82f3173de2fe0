import { Button } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useReport } from '../ui/report.tsx'
import styles from './banners.module.css'
import { useWindow } from './window-context.tsx'

/** Four times a year: were the scores right? Gone when somebody looked, or does not want to. */
export function ReviewBanner() {
  const { state, act } = useWindow()
  const report = useReport()
  const review = useEngine('predict.review', {}).data
  const isThere = state.page.kind === 'settings' && state.page.section === 'review'
  if (!review?.due || isThere) return null
  return (
    <div className={styles.banner} data-kind="wait" role="status">
      <IconChartDots size={16} aria-hidden="true" />
      <span>Three months are over: were the leads you called hot the ones you won?</span>
      <Button
        size="compact-xs"
        variant="white"
        color="dark"
        onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'review' } })}
      >
        Look
      </Button>
      <Button size="compact-xs" variant="white" color="dark" onClick={() => call('predict.reviewed', {}).catch(report)}>
        Not now
      </Button>
    </div>
  )
}
