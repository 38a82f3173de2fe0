import { Loader } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react'
import { Details, ErrorNotice } from '../ui/error-notice.tsx'
import styles from './test-steps.module.css'
import type { LiveTest } from './use-live-test.ts'

type Props = {
  readonly test: LiveTest
  /** What is tried, to be shown while nobody knows how it ends. */
  readonly expected: readonly string[]
  readonly good: string
  readonly bad: string
}

/** A connection test in plain words: what was tried, how it ended, the technical text one click away. */
export function TestSteps({ test, expected, good, bad }: Props) {
  return (
    // The region is there before anything happens, or screen readers would not hear of it.
    <div role="status">
      {test.kind === 'failed' && <ErrorNotice error={test.error} />}
      {test.kind === 'running' && (
        <div className={styles.report} data-state="running">
          <p className={styles.title}>
            <Loader size={15} aria-hidden="true" /> Trying it now…
          </p>
          <ol className={styles.steps}>
            {expected.map((name) => (
              <li key={name} data-state="running">
                <Loader size={13} color="gray" aria-hidden="true" />
                <span>{name}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
      {test.kind === 'done' && (
        <div className={styles.report} data-state={test.report.ok ? 'ok' : 'bad'}>
          <p className={styles.title}>
            <Mark ok={test.report.ok} size={18} /> {test.report.ok ? good : bad}
          </p>
          <ol className={styles.steps}>
            {test.report.steps.map((step) => (
              <li key={step.name} data-state={step.ok ? 'ok' : 'bad'}>
                <Mark ok={step.ok} size={17} />
                <span dir="auto">
                  <span className={styles.name}>
                    {step.name}: {step.ok ? 'works.' : 'does not work.'}
                  </span>{' '}
                  {step.message}
                  {step.detail && <Details text={step.detail} label="Technical details" />}
                </span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  )
}

function Mark({ ok, size }: { readonly ok: boolean; readonly size: number }) {
  const IconOf = ok ? IconCircleCheckFilled : IconCircleXFilled
  return <IconOf size={size} aria-hidden="true" />
}
