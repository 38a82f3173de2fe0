import type BetterSqlite3 from 'better-sqlite3'

/** Rows per table. */
export type RowCounts = Readonly<Record<string, number>>

// Between two slices the engine answers calls; larger slices only make those wait longer.
const pagesPerSlice = 500

/**
 * Copies one moment of a database into a file, in slices, while others write.
 * @param source a connection of its own: its read transaction pins the moment, so that a writer cannot make the copy
 * start over again and again
 * @returns how many rows each table has in that moment
 */
export async function copySnapshot(source: BetterSqlite3.Database, path: string): Promise<RowCounts> {
  source.exec('begin')
  try {
    const counts = countRows(source)
    await source.backup(path, { progress: () => pagesPerSlice })
    return counts
  } finally {
    source.exec('commit')
  }
}

export function countRows(database: BetterSqlite3.Database): RowCounts {
  // Tables of the schema only: a search index is made of shadow tables that may be merged at any time.
  const names = database
    .prepare<[], string>(
      `select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'
        and name not like 'backup_%' order by name`,
    )
    .pluck()
    .all()
  return Object.fromEntries(
    names.map((name) => [name, database.prepare<[], number>(`select count(*) from "${name}"`).pluck().get() ?? 0]),
  )
}
