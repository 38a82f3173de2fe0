import type { Clock } from '../lib/clock.ts'
import { second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import { learn, type Readers, saidQuery } from './learn.ts'
import { ourNames } from './learn-from-lead.ts'

/** Reads old mail for what it says of its writers, when nothing else is coming in. */
export type ReadBack = {
  readonly start: () => void
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
  /** Something came in. Cheap to call after every commit. */
  readonly nudge: () => void
}

export type ReadBackDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly readers: Readers
  /** Addresses and numbers of the business, as capture knows them. */
  readonly readOwn: (store: ReadStore, country: string) => Promise<ReadonlySet<string>>
  /** Score, deadlines and rows of a person of whom something new is known. */
  readonly settlePerson: (tx: WriteStore, personId: number, now: number) => Promise<void>
}

// A first synchronisation delivers every few hundred milliseconds: it goes first, and its mails are read when it rests.
const quiet = 2 * second
const afterFailure = 60 * second
// Long enough to be worth a transaction, short enough that nobody waits for it.
const rowsAtOnce = 200
// Somebody's newest mails say who they are; the two hundred before them say it again.
const perPerson = 2

export function makeReadBack(deps: ReadBackDeps): ReadBack {
  const { store, clock, log } = deps
  let cancel: () => void = () => {}
  let running: Promise<void> | null = null
  let stopped = false

  const arm = (delay: number) => {
    cancel()
    if (!stopped) cancel = clock.after(delay, run)
  }

  const run = () => {
    if (running) return
    running = step()
      .then(
        (more) => {
          // One piece at a time: what comes in meanwhile gets its turn.
          if (more) arm(10)
        },
        (error: unknown) => {
          log.error({ error: String(error) }, 'old mail could not be read for what it says of people')
          arm(afterFailure)
        },
      )
      .finally(() => {
        running = null
      })
  }

  const step = async (): Promise<boolean> => {
    const next = await nextRows(store.read)
    if (next.length === 0) return false
    return store.write((tx) => readPiece(tx, deps, clock.now()))
  }

  return {
    start: () => arm(quiet),
    stop: async () => {
      stopped = true
      cancel()
      await running
    },
    nudge: () => {
      if (!running) arm(quiet)
    },
  }
}

const markOf = ({ db }: ReadStore) => db.selectFrom('reading_mark').selectAll().executeTakeFirstOrThrow()

async function nextRows(store: ReadStore) {
  const mark = await markOf(store)
  return rowsAfterQuery(store, mark.read_up_to).execute()
}

/** By number, oldest filed first: the mark is one number. */
export const rowsAfterQuery = ({ db }: ReadStore, after: number) =>
  db
    .selectFrom('interaction')
    .select(['id', 'person_id', 'lead_id', 'direction', 'channel', 'at'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(rowsAtOnce)

async function readPiece(
  tx: WriteStore,
  { readers, readOwn, settlePerson }: ReadBackDeps,
  now: number,
): Promise<boolean> {
  const mark = await markOf(tx)
  const rows = await rowsAfterQuery(tx, mark.read_up_to).execute()
  const last = rows.at(-1)
  if (!last) return false
  const { business } = await readSettings(tx)
  const ours = {
    own: await readOwn(tx, business.country),
    names: await ourNames(tx, business.name),
    country: business.country,
  }
  // What belongs to a lead was read when it came in, except what was there before this was built.
  const unread = rows.filter((it) => it.direction === 'in' && (it.lead_id === null || it.id <= mark.older_than))
  for (const [personId, theirs] of Map.groupBy(unread, (it) => it.person_id)) {
    const ids = theirs
      .toSorted((a, b) => b.at - a.at)
      .slice(0, perPerson)
      .map((it) => it.id)
    const said = await saidQuery(tx).where('interaction.id', 'in', ids).orderBy('at', 'desc').execute()
    if (await learn(tx, personId, said, ours, readers, now)) await settlePerson(tx, personId, now)
  }
  await tx.db.updateTable('reading_mark').set({ read_up_to: last.id }).where('id', '=', 1).execute()
  return rows.length === rowsAtOnce
}
