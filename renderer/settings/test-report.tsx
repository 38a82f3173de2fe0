import { IconCheck, IconX } from '@tabler/icons-react'
import type { TestReport } from '../../src/channels/contract.ts'
import { Details } from '../ui/error-notice.tsx'
import styles from './settings.module.css'

/** What a live test found, step by step. */
export function TestReportList({ report }: { readonly report: TestReport }) {
  return (
    <ol className={styles.steps} aria-label="Result of the test" role="status">
      {report.steps.map((step) => (
        <li key={step.name} data-ok={step.ok || undefined} data-bad={!step.ok || undefined}>
          {step.ok ? <IconCheck size={16} aria-label="Works" /> : <IconX size={16} aria-label="Does not work" />}
          <span>
            <b>{step.name}</b> {step.message}
            {step.detail && <Details text={step.detail} />}
          </span>
        </li>
      ))}
    </ol>
  )
}
