import { Button, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { type ImportRun, type ImportVerdict, importVerdict } from '../../src/capture/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Chip } from '../ui/chip.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './imports.module.css'
import { useImportRows } from './use-import.ts'
import { count, verdictChips, verdictNames } from './words.ts'

/** Every row with what is done with it and why; by verdict. */
export function RowList({ run }: { readonly run: ImportRun }) {
  const [verdict, setVerdict] = useState<ImportVerdict | null>(null)
  const { act } = useWindow()
  const query = useImportRows(run.importId, verdict)
  const list = query.data?.pages.flatMap((page) => page.rows) ?? []
  const all = importVerdict.options.reduce((sum, it) => sum + run.counts[it], 0)
  return (
    <div>
      <fieldset className={styles.filters} aria-label="Show which rows">
        <Filter on={verdict === null} label="All" number={all} onPick={() => setVerdict(null)} />
        {importVerdict.options.map((it) => (
          <Filter
            key={it}
            on={verdict === it}
            label={verdictNames[it]}
            number={run.counts[it]}
            tone={verdictChips[it]}
            onPick={() => setVerdict(it)}
          />
        ))}
      </fieldset>
      {query.isError && !query.data && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={160} aria-label="The rows are being fetched" />}
      {query.data && list.length === 0 && <p className={styles.none}>No row of this kind.</p>}
      {list.length > 0 && (
        <div className={styles.rowsBox}>
          <table className={styles.rows}>
            <thead>
              <tr>
                <th scope="col">{run.format === 'csv' ? 'Row' : 'Card'}</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {list.map(({ line, name, verdict: what, reason, personId }) => (
                <tr key={line}>
                  <td className={styles.line}>{count(line)}</td>
                  <td className={styles.who} dir="auto">
                    {personId === null ? (
                      name || 'No name'
                    ) : (
                      <button type="button" className={styles.link} onClick={() => act({ do: 'open', personId })}>
                        {name || 'No name'}
                      </button>
                    )}
                  </td>
                  <td>
                    <Chip state={verdictChips[what]}>{verdictNames[what]}</Chip>
                  </td>
                  <td className={styles.why} dir="auto">
                    {reason}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {query.hasNextPage && (
        <Button mt="sm" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  )
}

type FilterProps = {
  readonly on: boolean
  readonly label: string
  readonly number: number
  readonly tone?: string
  readonly onPick: () => void
}

function Filter({ on, label, number, tone, onPick }: FilterProps) {
  return (
    <button type="button" className={styles.filter} aria-pressed={on} data-tone={tone} onClick={onPick}>
      <b>{count(number)}</b>
      <span>{label}</span>
    </button>
  )
}
