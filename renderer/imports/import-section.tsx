import { Skeleton, Stack } from '@mantine/core'
import { useState } from 'react'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { CheckStep } from './check-step.tsx'
import { ColumnsStep } from './columns-step.tsx'
import { FileStep, type OpenedFile } from './file-step.tsx'
import styles from './imports.module.css'
import { PastImports } from './past-imports.tsx'
import { ResultStep } from './result-step.tsx'
import { RunningStep } from './running-step.tsx'
import { useImportProgress } from './use-import.ts'
import { isBusy } from './words.ts'

/** Reads lists of people in: choose, say what is what, see what would happen, do it, take it back. */
export function ImportSection() {
  useImportProgress()
  const [importId, setImportId] = useState<number | null>(null)
  const [file, setFile] = useState<OpenedFile | null>(null)
  if (importId !== null) {
    return (
      <OneImport
        key={importId}
        importId={importId}
        file={file?.importId === importId ? file : null}
        onLeave={() => setImportId(null)}
      />
    )
  }
  return (
    <Stack gap="xl">
      <div>
        <p className={styles.lead}>
          Bring people in from a list: another program, an address book, a fair. You see what would happen before
          anything does, and you can take a whole import back.
        </p>
        <FileStep
          onOpened={(opened) => {
            setFile(opened)
            setImportId(opened.importId)
          }}
        />
      </div>
      <PastImports onShow={setImportId} />
    </Stack>
  )
}

type Props = { readonly importId: number; readonly file: OpenedFile | null; readonly onLeave: () => void }

function OneImport({ importId, file, onLeave }: Props) {
  const query = useEngine('capture.import', { importId })
  const [isChanging, setChanging] = useState(false)
  const run = query.data
  if (!run) {
    return query.isError ? (
      <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={220} aria-label="The list is being fetched" />
    )
  }
  if (isBusy(run.state)) return <RunningStep run={run} onLeave={onLeave} />
  if (run.state === 'opened' || (run.state === 'checked' && isChanging)) {
    return <ColumnsStep run={run} file={file} onLeave={onLeave} onChecked={() => setChanging(false)} />
  }
  if (run.state === 'checked') return <CheckStep run={run} onLeave={onLeave} onChange={() => setChanging(true)} />
  return <ResultStep run={run} onLeave={onLeave} />
}
