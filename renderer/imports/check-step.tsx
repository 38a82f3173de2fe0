import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ImportRun } from '../../src/capture/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './imports.module.css'
import { RowList } from './row-list.tsx'
import { StepHead } from './step-head.tsx'
import { useRefreshImports } from './use-import.ts'
import { asNames, rows } from './words.ts'

type Props = { readonly run: ImportRun; readonly onLeave: () => void; readonly onChange: () => void }

/** What would happen with each row, before it does. */
export function CheckStep({ run, onLeave, onChange }: Props) {
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const refresh = useRefreshImports()
  const { create, update } = run.counts
  const useful = create + update
  const start = () => {
    setBusy(true)
    setProblem(null)
    call('capture.runImport', { importId: run.importId })
      .then(refresh, setProblem)
      .finally(() => setBusy(false))
  }
  return (
    <Stack gap="md">
      <StepHead run={run} onLeave={onLeave} />
      <p className={styles.meaning}>
        This is what would happen. Nothing is imported yet.
        {run.plan && (
          <>
            {' '}
            They come from “<bdi>{run.plan.source}</bdi>” ({asNames[run.plan.as][0].toLowerCase()}).
          </>
        )}
      </p>
      <Group>
        <Button loading={busy} disabled={useful === 0} onClick={start}>
          {useful === 0 ? 'Nothing to import' : `Import ${rows(useful)}`}
        </Button>
        <Button variant="default" onClick={onChange}>
          Change the columns
        </Button>
      </Group>
      {problem !== null && <ErrorNotice error={problem} />}
      <RowList run={run} />
    </Stack>
  )
}
