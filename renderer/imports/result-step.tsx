import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ImportRun } from '../../src/capture/contract.ts'
import { call } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { AskAboutImport } from './ask-about-import.tsx'
import styles from './imports.module.css'
import { RowList } from './row-list.tsx'
import { StepHead } from './step-head.tsx'
import { UndoImport } from './undo-import.tsx'
import { useRefreshImports } from './use-import.ts'
import { canUndo, outcome } from './words.ts'

type Props = { readonly run: ImportRun; readonly onLeave: () => void }

/** How it went, and what can still be done about it. */
export function ResultStep({ run, onLeave }: Props) {
  const { act } = useWindow()
  const [problem, setProblem] = useState<unknown>(null)
  const refresh = useRefreshImports()
  const { importId, state } = run
  const goOn = () => {
    setProblem(null)
    call('capture.runImport', { importId }).then(refresh, setProblem)
  }
  const isHalfWay = state === 'stopped' || state === 'failed'
  const view = run.plan?.as === 'people' ? 'all' : 'inbox'
  return (
    <Stack gap="md">
      <StepHead run={run} onLeave={onLeave} />
      <div className={styles.box} data-tone={state === 'failed' ? 'late' : undefined} role="status">
        <p className={styles.result}>{outcome(run)}</p>
        <p className={styles.small}>{meaning[state]}</p>
        <Group mt="sm" gap="sm">
          {isHalfWay && <Button onClick={goOn}>Go on</Button>}
          {state === 'done' && (
            <Button onClick={() => act({ do: 'go', page: { kind: 'leads', view } })}>
              {view === 'all' ? 'Show people' : 'Show the inbox'}
            </Button>
          )}
          {state !== 'done' && (
            <Button variant="default" onClick={onLeave}>
              Import another list
            </Button>
          )}
          {canUndo(state) && <UndoImport run={run} onProblem={setProblem} />}
        </Group>
      </div>
      {problem !== null && <ErrorNotice error={problem} />}
      {state === 'done' && <AskAboutImport importId={importId} />}
      {state !== 'undone' || run.kept > 0 ? <RowList run={run} /> : null}
    </Stack>
  )
}

const meaning: Partial<Record<ImportRun['state'], string>> = {
  done: 'Everybody is in. You can take the whole list back at any time.',
  stopped: 'What is in stays in. Go on where it stopped, or take it back.',
  failed: 'What is in stays in. Try to go on, or take it back.',
  undone: 'This list was taken back. To import it again, choose the file once more.',
}
