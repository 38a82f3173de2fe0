import { readdirSync, readFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { migrations } from '../../../src/store/migrations/all.ts'

type Column = { readonly name: string; readonly nullable: boolean }
type Tables = Record<string, Column[]>

/** The tables as schema.ts writes them; types are gone at run time, so the text is read. */
function tablesOfSchema(): Tables {
  const folder = new URL('../../../src/store/schema/', import.meta.url)
  const files = [new URL('../schema.ts', folder), ...readdirSync(folder).map((name) => new URL(name, folder))]
  const text = files
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '')
  const types = new Map<string, Column[]>()
  for (const [, name, body] of text.matchAll(/export type (\w+Table) = \{([\s\S]*?)\n?\}/g)) {
    const columns = [...(body ?? '').matchAll(/(\w+): ([^\n;]+)/g)].map(([, column, type]) => ({
      name: column ?? '',
      nullable: /\| null/.test(type ?? ''),
    }))
    types.set(name ?? '', columns)
  }
  const database = /export type Database = \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? ''
  return Object.fromEntries(
    [...database.matchAll(/(\w+): (\w+Table)/g)].map(([, table, type]) => [table, types.get(type ?? '') ?? []]),
  )
}

function tablesOfDatabase(): Tables {
  const database = new BetterSqlite3(':memory:')
  try {
    migrate(database, migrations)
    const names = database
      .prepare<[], string>(
        "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'",
      )
      .pluck()
      .all()
    return Object.fromEntries(
      names.map((table) => [
        table,
        database
          .prepare<[string], { name: string; notnull: number; pk: number; hidden: number }>(
            // xinfo: generated columns, too.
            'select name, "notnull", pk, hidden from pragma_table_xinfo(?)',
          )
          .all(table)
          .map(({ name, notnull, pk, hidden }) => ({ name, nullable: notnull === 0 && pk === 0 && hidden === 0 })),
      ]),
    )
  } finally {
    database.close()
  }
}

test('schema.ts names the tables, columns and nullability of the database', () => {
  const written = tablesOfSchema()
  expect(Object.keys(written).length).toBeGreaterThan(10)
  const sorted = (tables: Tables) =>
    Object.fromEntries(
      Object.entries(tables)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, columns]) => [name, [...columns].sort((a, b) => a.name.localeCompare(b.name))]),
    )
  expect(sorted(written)).toEqual(sorted(tablesOfDatabase()))
})
