import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { ImportRun, ImportVerdict } from '../../src/capture/contract.ts'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngineEvent } from '../rpc/events.tsx'
import { isBusy } from './words.ts'

type Rows = MethodOutput<'capture.importRows'>

const pageSize = 100

/** Keeps what is shown of lists up to date while the engine works on one. */
export function useImportProgress(): void {
  const client = useQueryClient()
  const refresh = useRefreshImports()
  useEngineEvent('import.progress', ({ importId, state, done, total }) => {
    const patch = (run: ImportRun) => (run.importId === importId ? { ...run, state, done, total } : run)
    client.setQueryData<ImportRun>(['capture.import', { importId }], (run) => run && patch(run))
    client.setQueryData<{ imports: ImportRun[] }>(
      ['capture.imports', {}],
      (list) => list && { imports: list.imports.map(patch) },
    )
    // Counting the rows of a long list takes the engine a moment: only when a step is over.
    if (!isBusy(state)) refresh()
  })
}

/** Fetches lists again after something was asked of one. */
export function useRefreshImports(): () => void {
  const client = useQueryClient()
  return () => {
    for (const name of ['capture.import', 'capture.imports', 'capture.importRows']) {
      void client.invalidateQueries({ queryKey: [name] })
    }
  }
}

/** What is or would be done with each row, page after page. */
export function useImportRows(importId: number, verdict: ImportVerdict | null) {
  return useInfiniteQuery({
    queryKey: ['capture.importRows', { importId, verdict }],
    queryFn: ({ pageParam }) => call('capture.importRows', { importId, verdict, after: pageParam, limit: pageSize }),
    initialPageParam: 0,
    getNextPageParam: (page: Rows) => (page.more ? page.rows.at(-1)?.line : undefined),
  })
}
