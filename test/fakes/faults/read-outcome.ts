import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/** What the disk says, whatever the engine of the moment knows. */
export type Outcome = {
  /** How often each mark is in the timelines. */
  readonly marks: () => ReadonlyMap<string, number>
  /** Twilio's ids of the calls in the timelines. */
  readonly calls: () => readonly string[]
  /** How many calls the timelines show. */
  readonly callEntries: () => number
  readonly people: () => number
  readonly openJobs: () => number
  /** Jobs that did not end as sent. */
  readonly unsent: () => readonly unknown[]
  readonly personWho: (handle: string) => number | null
  /** Marks of what came in from each person, in the order of their timeline. */
  readonly timelines: () => readonly (readonly string[])[]
  readonly close: () => void
}

export function readOutcome(dataDir: string): Outcome {
  const database = new BetterSqlite3(join(dataDir, 'deskbell.db'), { readonly: true })
  const rows = <T>(sql: string, ...values: unknown[]) => database.prepare(sql).all(...values) as T[]
  const number = (sql: string) => Number(database.prepare(sql).pluck().get())
  const marksIn = (text: string) => text.match(/\[[a-z ]+ \d+\]/g) ?? []
  return {
    marks: () => {
      const found = new Map<string, number>()
      for (const { text } of rows<{ text: string }>('SELECT text FROM interaction')) {
        for (const mark of new Set(marksIn(text))) found.set(mark, (found.get(mark) ?? 0) + 1)
      }
      return found
    },
    calls: () =>
      rows<{ sid: string }>(
        `SELECT external_id AS sid FROM inbound_item JOIN interaction ON interaction.id = interaction_id
          WHERE channel = 'call'`,
      ).map(({ sid }) => sid),
    callEntries: () => number("SELECT count(*) FROM interaction WHERE channel = 'call'"),
    people: () => number('SELECT count(*) FROM person'),
    openJobs: () => number("SELECT count(*) FROM job WHERE state IN ('queued', 'sending', 'committing')"),
    unsent: () => rows("SELECT kind, state, attempts, last_error FROM job WHERE state != 'sent'"),
    personWho: (handle) =>
      (database.prepare('SELECT person_id FROM handle WHERE value = ?').pluck().get(handle) as number | undefined) ??
      null,
    timelines: () => {
      const people = new Map<number, string[]>()
      const all = rows<{ person_id: number; text: string }>(
        "SELECT person_id, text FROM interaction WHERE direction = 'in' ORDER BY person_id, at, id",
      )
      for (const { person_id, text } of all) {
        people.set(person_id, [...(people.get(person_id) ?? []), ...marksIn(text).slice(0, 1)])
      }
      return [...people.values()]
    },
    close: () => database.close(),
  }
}
