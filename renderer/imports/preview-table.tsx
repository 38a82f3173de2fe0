import { NativeSelect, Switch } from '@mantine/core'
import { useState } from 'react'
import { type CsvShape, importField } from '../../src/capture/contract.ts'
import { fieldNames, mostColumns, shownColumns, withColumn } from './columns.ts'
import styles from './imports.module.css'
import { count } from './words.ts'

type Props = {
  readonly preview: { readonly names: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** Null where nothing is to be chosen: address cards say themselves what is what. */
  readonly columns: CsvShape['columns'] | null
  readonly onChange: (columns: CsvShape['columns']) => void
}

const choices = [
  { value: '', label: 'Leave out' },
  ...importField.options.map((value) => ({ value, label: fieldNames[value] })),
]

/** So many columns that the ones that matter are hard to find. */
const many = 12

/** The first rows as they are in the file, and above each column what it is. */
export function PreviewTable({ preview, columns, onChange }: Props) {
  const width = Math.min(mostColumns, preview.names.length)
  const used = columns?.filter((it) => it !== null).length ?? width
  const [onlyUsed, setOnlyUsed] = useState(false)
  const shown = shownColumns(columns?.slice(0, width) ?? preview.names.map(() => 'note'), onlyUsed)
  return (
    <div>
      <div className={styles.tableHead}>
        <h3>The first rows</h3>
        {columns && (
          <span className={styles.small}>
            {count(used)} of {count(preview.names.length)} columns {used === 1 ? 'is' : 'are'} used
          </span>
        )}
        {columns && width > many && (
          <Switch
            size="xs"
            label="Only these"
            checked={onlyUsed}
            onChange={(event) => setOnlyUsed(event.currentTarget.checked)}
          />
        )}
      </div>
      {preview.names.length > mostColumns && (
        <p className={styles.warning}>
          The file has {count(preview.names.length)} columns. Only the first {mostColumns} can be used.
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section className={styles.scroller} aria-label="The first rows of the file" tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              {shown.map((at) => (
                <th key={at} scope="col" data-unused={columns?.[at] === null || undefined}>
                  <span className={styles.cell} dir="auto" title={preview.names[at]}>
                    {preview.names[at]}
                  </span>
                  {columns && (
                    <NativeSelect
                      size="xs"
                      aria-label={`Column ${at + 1}, ${preview.names[at] ?? ''}, is`}
                      data={choices}
                      value={columns[at] ?? ''}
                      onChange={(event) => {
                        const { value } = event.currentTarget
                        onChange(withColumn(columns, at, value === '' ? null : importField.parse(value)))
                      }}
                    />
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have nothing but their place
              <tr key={line}>
                {shown.map((at) => (
                  <td key={at} data-unused={columns?.[at] === null || undefined}>
                    <span className={styles.cell} dir="auto" title={row[at]?.slice(0, 1000)}>
                      {row[at]?.slice(0, 200)}
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {preview.rows.length === 0 && <p className={styles.none}>There is not one row in this file.</p>}
      </section>
    </div>
  )
}
