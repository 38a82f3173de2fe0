import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ImportRun } from '../../src/capture/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ImportProgress } from './import-progress.tsx'
import styles from './imports.module.css'
import { StepHead } from './step-head.tsx'
import { useRefreshImports } from './use-import.ts'

type Props = { readonly run: ImportRun; readonly onLeave: () => void }

const meaning = {
  checking: 'Looking at every row. Nothing is imported yet.',
  running: 'You can go on working. It continues when you leave this page.',
  undoing: 'Taking everything of this list back. You can go on working.',
} as const

/** A step that the engine works on. */
export function RunningStep({ run, onLeave }: Props) {
  const [problem, setProblem] = useState<unknown>(null)
  const [stopping, setStopping] = useState(false)
  const refresh = useRefreshImports()
  const { importId, state } = run
  if (state !== 'checking' && state !== 'running' && state !== 'undoing') return null
  const ask = (method: 'capture.cancelImport' | 'capture.undoImport') => {
    setStopping(true)
    setProblem(null)
    call(method, { importId })
      .then(refresh, setProblem)
      .finally(() => setStopping(false))
  }
  return (
    <Stack gap="md">
      <StepHead run={run} onLeave={onLeave} />
      <div className={styles.box}>
        <ImportProgress run={run} />
        <p className={styles.small}>{meaning[state]}</p>
        {state === 'undoing' && run.problem !== null && (
          <div className={styles.below}>
            <p className={styles.wrong}>{run.problem}</p>
            <Button size="compact-sm" variant="default" loading={stopping} onClick={() => ask('capture.undoImport')}>
              Try again
            </Button>
          </div>
        )}
        {state !== 'undoing' && (
          <Group mt="sm">
            <Button variant="default" loading={stopping} onClick={() => ask('capture.cancelImport')}>
              {state === 'checking' ? 'Stop checking' : 'Stop the import'}
            </Button>
            {state === 'running' && <span className={styles.small}>What is in stays in. You can go on later.</span>}
          </Group>
        )}
      </div>
      {problem !== null && <ErrorNotice error={problem} />}
    </Stack>
  )
}
