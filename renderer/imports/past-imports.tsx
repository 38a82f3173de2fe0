import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ImportRun } from '../../src/capture/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { fullMoment, shortMoment } from '../ui/time-format.ts'
import { ImportProgress } from './import-progress.tsx'
import styles from './imports.module.css'
import { UndoImport } from './undo-import.tsx'
import { useRefreshImports } from './use-import.ts'
import { canDrop, canUndo, isBusy, outcome, stateNames } from './words.ts'

type Props = { readonly onShow: (importId: number) => void }

/** Lists of earlier, newest first. */
export function PastImports({ onShow }: Props) {
  const query = useEngine('capture.imports', {})
  const [problem, setProblem] = useState<unknown>(null)
  const runs = query.data?.imports ?? []
  if (query.isError && !query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
  if (runs.length === 0) return null
  return (
    <section aria-label="Imports so far">
      <h3 className={styles.heading}>Imports so far</h3>
      {problem !== null && <ErrorNotice error={problem} />}
      <ul className={styles.past}>
        {runs.map((run) => (
          <PastImport key={run.importId} run={run} onShow={onShow} onProblem={setProblem} />
        ))}
      </ul>
    </section>
  )
}

type OneProps = Props & { readonly run: ImportRun; readonly onProblem: (error: unknown) => void }

function PastImport({ run, onShow, onProblem }: OneProps) {
  const place = usePlace()
  const now = useNow('minute')
  const refresh = useRefreshImports()
  const drop = () => {
    onProblem(null)
    call('capture.dropImport', { importId: run.importId }).then(refresh, onProblem)
  }
  const word = run.state === 'checked' || run.state === 'opened' ? 'Continue' : 'Show'
  return (
    <li>
      <div className={styles.pastText}>
        <b className={styles.name} title={run.fileName}>
          <bdi>{run.fileName}</bdi>
        </b>
        <span className={styles.small}>
          <time title={fullMoment(run.createdAt, place)}>{shortMoment(run.createdAt, now, place)}</time>
          {run.plan && (
            <>
              {' · '}
              <bdi>{run.plan.source}</bdi>
            </>
          )}
        </span>
        {isBusy(run.state) ? (
          <ImportProgress run={run} />
        ) : (
          <span className={run.state === 'failed' ? styles.wrong : styles.outcome}>
            <b>{stateNames[run.state]}</b> · {outcome(run)}
          </span>
        )}
      </div>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`${word} ${run.fileName}`}
        onClick={() => onShow(run.importId)}
      >
        {word}
      </Button>
      {canDrop(run.state) && (
        <Button size="compact-sm" variant="subtle" color="gray" aria-label={`Remove ${run.fileName}`} onClick={drop}>
          Remove
        </Button>
      )}
      {canUndo(run.state) && <UndoImport run={run} onProblem={onProblem} size="compact-sm" />}
    </li>
  )
}
