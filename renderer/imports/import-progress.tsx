import { Progress } from '@mantine/core'
import type { ImportRun } from '../../src/capture/contract.ts'
import { percent } from './columns.ts'
import styles from './imports.module.css'
import { outcome, stateNames } from './words.ts'

/** How far the engine is with a list. */
export function ImportProgress({ run }: { readonly run: ImportRun }) {
  const share = percent(run)
  return (
    <div className={styles.progress}>
      <div className={styles.progressText}>
        <b>
          {stateNames[run.state]}
          {share !== null && ` · ${share}%`}
        </b>
        <span>{outcome(run)}</span>
      </div>
      <Progress.Root size="lg">
        <Progress.Section
          value={share ?? 100}
          animated={share === null}
          aria-label={`${stateNames[run.state]} ${run.fileName}`}
        />
      </Progress.Root>
    </div>
  )
}
