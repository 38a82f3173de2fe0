import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Clock } from '../../lib/clock.ts'
import { second } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import type { QueueDatabase } from './database.ts'
import { type QueueTables, schemaOf } from './schema.ts'

const channel = 'deskbell_relay'
const connections = 6
const listenAgainAfter = 2 * second
// Two relays that start together must not make the tables together.
const schemaLock = 3_857_201
const int8 = 20

/** The queue in PostgreSQL: several relays share it. Made for PostgreSQL 13 and later. */
export async function openPostgresQueue(connectionString: string, clock: Clock, log: Log): Promise<QueueDatabase> {
  // Times, counts and sizes: all far below 2^53.
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid, format) =>
      oid === int8 ? (value: string) => Number(value) : pg.types.getTypeParser(oid, format),
  }
  const pool = new pg.Pool({ connectionString, types, max: connections, connectionTimeoutMillis: 10 * second })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error.message }, 'a connection to PostgreSQL broke'))
  const kysely = new Kysely<QueueTables>({ dialect: new PostgresDialect({ pool }) })
  await kysely.transaction().execute(async (db) => {
    await sql`select pg_advisory_xact_lock(${schemaLock})`.execute(db)
    for (const statement of schemaOf('postgres')) await sql.raw(statement).execute(db)
  })

  let listener: (workspace: string) => void = () => {}
  let closing = false
  let ear: pg.Client | null = null
  let cancelRetry = () => {}

  const listen = async (): Promise<void> => {
    const client = new pg.Client({ connectionString })
    let over = false
    const lost = (error?: Error) => {
      if (over || closing) return
      over = true
      log.warn({ err: error?.message ?? 'ended' }, 'news from other relays come late until PostgreSQL is back')
      client.end().catch(() => {})
      cancelRetry = clock.after(listenAgainAfter, () => void listen())
    }
    client.on('error', lost)
    client.on('end', () => lost())
    client.on('notification', ({ payload }) => payload && listener(payload))
    try {
      await client.connect()
      await client.query(`listen ${channel}`)
      ear = client
    } catch (error) {
      lost(error instanceof Error ? error : new Error(String(error)))
    }
  }
  await listen()

  return {
    shared: true,
    hasRoom: () => true,
    transact: (work) => kysely.transaction().execute(work),
    read: (work) => work(kysely),
    announce: async (db, workspaces) => {
      await sql`select pg_notify(${channel}, it) from unnest(${[...workspaces]}::text[]) as it`.execute(db)
    },
    onAnnounced: (added) => {
      listener = added
    },
    close: async () => {
      closing = true
      cancelRetry()
      await ear?.end()
      await kysely.destroy()
    },
  }
}
