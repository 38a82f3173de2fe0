import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { badInput, conflict, notFound, toErrorBody } from '../../rpc/errors.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { Store, WriteStore } from '../../store/store.ts'
import { type CsvShape, type ImportPlan, type ImportState, importPlan } from '../contract.ts'
import { toCandidate } from './candidate.ts'
import { dropLists } from './drop-abandoned.ts'
import { type Chosen, guessShape, type Preview } from './guess-shape.ts'
import {
  type ApplyDeps,
  applyRows,
  beginWalk,
  checkRows,
  recordImport,
  skipRow,
  undoRows,
  type Walk,
} from './import-step.ts'
import { runById } from './queries.ts'
import { readRows } from './read-rows.ts'

export type ImportsDeps = ApplyDeps & { readonly store: Store; readonly clock: Clock; readonly log: Log }

export type Opened = {
  readonly importId: number
  readonly format: 'csv' | 'vcard'
  readonly shape: CsvShape | null
  readonly preview: Preview
}

/** Lists that are read in. Everything long runs in the background, in portions between which the engine answers. */
export type Imports = {
  /** Goes on with what an earlier life of the engine did not finish. */
  readonly start: () => Promise<void>
  /** Stops after the portion under way; the next start goes on. */
  readonly stop: () => Promise<void>
  readonly open: (fileName: string, bytes: Uint8Array) => Promise<Opened>
  readonly preview: (importId: number, chosen: Chosen | null) => Promise<Pick<Opened, 'shape' | 'preview'>>
  readonly drop: (importId: number) => Promise<void>
  readonly check: (importId: number, plan: ImportPlan) => Promise<void>
  readonly run: (importId: number) => Promise<void>
  readonly cancel: (importId: number) => Promise<void>
  readonly undo: (importId: number) => Promise<void>
}

type Step = 'checking' | 'running' | 'undoing'
type Job = { readonly importId: number; readonly step: Step; cancelled: boolean; work: Promise<void> }
type Run = NonNullable<Awaited<ReturnType<typeof runById>>>

// A portion is one transaction during which nothing else is answered: short enough that nobody notices.
const portionMs = 15
const mostRows = 400
// Windows refetch what they show: not for every portion.
const tellEveryMs = 1000
const largestFile = 200 * 1024 * 1024
const shownRows = 20

/**
 * Nothing may run that nobody saw checked, and half taken back must never go on as a run: both stay where they can be
 * tried again.
 */
const afterFailure = { checking: 'opened', running: 'failed', undoing: 'undoing' } as const

export function makeImports(deps: ImportsDeps): Imports {
  const { store, clock, log } = deps
  let stopping = false
  let busy: Job | null = null

  const begin = (importId: number, step: Step) => {
    const job: Job = { importId, step, cancelled: false, work: Promise.resolve() }
    busy = job
    const work = runStep(importId, step, () => stopping || job.cancelled).catch((error) => fail(importId, step, error))
    job.work = work.finally(() => {
      if (busy === job) busy = null
    })
  }

  const fail = async (importId: number, step: Step, error: unknown) => {
    if (stopping) return
    log.error({ importId, err: error }, 'import failed')
    const { message: problem } = toErrorBody(error)
    await store.write((tx) => setState(tx, importId, { state: afterFailure[step], problem }))
  }

  const setState = async (
    tx: WriteStore,
    importId: number,
    values: Partial<Pick<Run, 'state' | 'problem' | 'next_row' | 'total' | 'plan'>>,
  ) => {
    const updated_at = clock.now()
    await tx.db
      .updateTable('import_run')
      .set({ ...values, updated_at })
      .where('id', '=', importId)
      .execute()
    const run = await runById(tx, importId)
    if (run) tx.announce('import.progress', { importId, state: run.state, done: run.next_row, total: run.total })
  }

  const runStep = async (importId: number, step: Step, isOver: () => boolean): Promise<void> => {
    const run = await mustRun(importId)
    if (step === 'undoing') await undoAll(run, isOver)
    else await walkFile(run, step, isOver)
  }

  const walkFile = async (run: Run, step: 'checking' | 'running', isOver: () => boolean): Promise<void> => {
    const importId = run.id
    const plan = planOf(run)
    const walk = await beginWalk(store, { importId, fileName: run.file_name, plan }, step === 'checking')
    const bytes = await store.blobs.get(run.blob)
    const rows = readRows(bytes, plan.shape)
    // A dry run remembers in memory what rows would make, so it always starts at the first one.
    let { done } = step === 'checking' ? { done: 0 } : await skipDone(rows, walk, run.next_row)
    const pace = makePace()
    for (;;) {
      if (isOver()) return
      const portion = nextPortion(rows, walk, pace.size())
      const last = portion.length === 0
      done += portion.length
      const tell = pace.isTimeToTell() || last
      await pace.timed(() =>
        store.write(async (tx) => {
          if (step === 'checking') await checkRows(tx, walk, portion)
          else await applyRows(tx, deps, walk, portion, clock.now())
          if (last) await finish(tx, run, step, done)
          else if (tell) await setState(tx, importId, { next_row: done })
          else await tx.db.updateTable('import_run').set({ next_row: done }).where('id', '=', importId).execute()
          if (tell && step === 'running') tellWindows(tx)
        }),
      )
      if (last) return
      await breathe()
    }
  }

  const finish = async (tx: WriteStore, run: Run, step: 'checking' | 'running', total: number) => {
    await setState(tx, run.id, { state: step === 'checking' ? 'checked' : 'done', next_row: total, total })
    if (step === 'running') await recordImport(tx, { importId: run.id, what: 'done' }, clock.now())
  }

  /** Last row first, so that what one row built on another goes before it. */
  const undoAll = async (run: Run, isOver: () => boolean): Promise<void> => {
    const importId = run.id
    const pace = makePace()
    let below = Number.MAX_SAFE_INTEGER
    let done = 0
    for (;;) {
      if (isOver()) return
      const rows = await store.read.db
        .selectFrom('import_row')
        .select(['line', 'person_id', 'done'])
        .where('import_id', '=', importId)
        .where('line', '<', below)
        .where('done', 'is not', null)
        .orderBy('line', 'desc')
        .limit(pace.size())
        .execute()
      const last = rows.length === 0
      below = rows.at(-1)?.line ?? below
      done += rows.length
      const tell = pace.isTimeToTell() || last
      await pace.timed(() =>
        store.write(async (tx) => {
          await undoRows(tx, importId, rows)
          if (last) await recordImport(tx, { importId, what: 'undone' }, clock.now())
          if (tell) {
            await setState(tx, importId, { ...(last && { state: 'undone' as const }), next_row: done })
            tellWindows(tx)
          }
        }),
      )
      if (last) return
      await breathe()
    }
  }

  const mustRun = async (importId: number): Promise<Run> => {
    const run = await runById(store.read, importId)
    if (!run) throw notFound('This list')
    return run
  }

  /** Moves a list to its next step and starts that. One at a time: two would only slow each other down. */
  const advance = async (importId: number, step: Step, from: readonly ImportState[], values: Partial<Run> = {}) => {
    const run = await mustRun(importId)
    if (busy) throw conflict('Another list is being read in. Wait until it is through, or stop it.')
    if (!from.includes(run.state)) throw conflict(wrongState[step])
    await store.write(async (tx) => {
      if (step === 'checking') await tx.db.deleteFrom('import_row').where('import_id', '=', importId).execute()
      const restarts = step !== 'running' || run.state === 'checked'
      await setState(tx, importId, { state: step, problem: null, ...(restarts && { next_row: 0 }), ...values })
    })
    begin(importId, step)
  }

  return {
    start: async () => {
      const unfinished = await store.read.db
        .selectFrom('import_run')
        .select(['id', 'state'])
        .where('state', 'in', ['checking', 'running', 'undoing'])
        .orderBy('id')
        .executeTakeFirst()
      if (unfinished) begin(unfinished.id, unfinished.state as Step)
    },

    stop: async () => {
      stopping = true
      await busy?.work
    },

    open: async (fileName, bytes) => {
      if (bytes.byteLength === 0) throw badInput('This file is empty.')
      if (bytes.byteLength > largestFile)
        throw badInput('This file is larger than 200 MB. Split it and import the parts.')
      if (isSpreadsheet(bytes)) {
        throw badInput('This is a spreadsheet, not a list. Open it and save it as CSV, then import that file.')
      }
      const format = looksLikeCards(fileName, bytes) ? 'vcard' : 'csv'
      const { shape, preview } = readFirst(format, bytes, null)
      const blob = await store.blobs.put(bytes)
      const { me } = await readSettings(store.read)
      const now = clock.now()
      const { id } = await store.write((tx) =>
        tx.db
          .insertInto('import_run')
          .values({
            file_name: fileName,
            format,
            blob,
            plan: '',
            state: 'opened',
            total: 0,
            next_row: 0,
            author_id: me,
            created_at: now,
            updated_at: now,
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      )
      return { importId: id, format, shape, preview }
    },

    preview: async (importId, chosen) => {
      const run = await mustRun(importId)
      return readFirst(run.format, await store.blobs.get(run.blob), chosen)
    },

    drop: async (importId) => {
      const { state } = await mustRun(importId)
      if (state !== 'opened' && state !== 'checked') {
        throw conflict('This list is being read, or people came in by it. Stop it, or undo the import instead.')
      }
      await dropLists(store, [importId])
    },

    check: async (importId, plan) => {
      const { format } = await mustRun(importId)
      if ((format === 'csv') !== (plan.shape !== null)) throw badInput('Say which column is what first.')
      const reachable = plan.shape?.columns.some((it) => it === 'email' || it === 'phone') ?? true
      if (!reachable) throw badInput('Choose the column with the e-mail address or the phone number.')
      await advance(importId, 'checking', ['opened', 'checked'], { plan: JSON.stringify(plan) })
    },
    run: (importId) => advance(importId, 'running', ['checked', 'stopped', 'failed']),
    undo: (importId) => advance(importId, 'undoing', ['done', 'stopped', 'failed', 'undoing']),

    cancel: async (importId) => {
      if (busy?.importId !== importId || busy.step === 'undoing') return
      busy.cancelled = true
      await busy.work
      const { state } = await mustRun(importId)
      const after = state === 'checking' ? 'opened' : 'stopped'
      if (state === 'checking' || state === 'running') {
        await store.write(async (tx) => {
          await setState(tx, importId, { state: after })
          tellWindows(tx)
        })
      }
    },
  }
}

const wrongState: Readonly<Record<Step, string>> = {
  checking: 'This list was read in already.',
  running: 'Check this list first, so that you see what will happen.',
  undoing: 'There is nothing of this list to take back.',
}

/** Everybody's lists may have changed. */
function tellWindows(tx: WriteStore): void {
  tx.changed('person')
  tx.changed('lead')
}

const planOf = (run: Run): ImportPlan => importPlan.parse(JSON.parse(run.plan))

type Rows = ReturnType<typeof readRows>

function nextPortion(rows: Rows, walk: Walk, size: number) {
  const portion = []
  while (portion.length < size) {
    const { value, done } = rows.next()
    if (done) break
    portion.push(toCandidate(value, walk.country))
  }
  return portion
}

/** Past the rows that are in already, remembering what they named. */
async function skipDone(rows: Rows, walk: Walk, count: number): Promise<{ done: number }> {
  let done = 0
  while (done < count) {
    const portion = nextPortion(rows, walk, Math.min(mostRows, count - done))
    if (portion.length === 0) break
    for (const candidate of portion) skipRow(walk, candidate)
    done += portion.length
    await breathe()
  }
  return { done }
}

/** How many rows fit into one portion, learned from how long the last one took. */
function makePace() {
  let size = 20
  let told = 0
  return {
    size: () => size,
    timed: async (work: () => Promise<unknown>) => {
      const started = performance.now()
      await work()
      const took = performance.now() - started
      size = Math.max(1, Math.min(mostRows, Math.round(size * Math.min(2, portionMs / Math.max(1, took)))))
    },
    isTimeToTell: () => {
      const now = performance.now()
      if (now - told < tellEveryMs) return false
      told = now
      return true
    },
  }
}

/** Lets everything else have its turn: promises alone would keep the engine to themselves. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A ZIP or an old Excel file under whatever name. */
const isSpreadsheet = (bytes: Uint8Array) =>
  (bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0xd0 && bytes[1] === 0xcf)

const looksLikeCards = (fileName: string, bytes: Uint8Array) =>
  /\.(vcf|vcard)$/i.test(fileName) ||
  /BEGIN:VCARD/i.test(new TextDecoder().decode(bytes.subarray(0, 200)).replaceAll('\0', ''))

const readFirst = (
  format: 'csv' | 'vcard',
  bytes: Uint8Array,
  chosen: Chosen | null,
): Pick<Opened, 'shape' | 'preview'> =>
  format === 'csv' ? guessShape(bytes, chosen) : { shape: null, preview: previewCards(bytes) }

function previewCards(bytes: Uint8Array): Preview {
  const fields = ['name', 'email', 'phone', 'company'] as const
  const rows: string[][] = []
  for (const { values } of readRows(bytes, null)) {
    rows.push(
      fields.map((field) =>
        values
          .filter((it) => it.field === field)
          .map((it) => it.value)
          .join(', '),
      ),
    )
    if (rows.length === shownRows) break
  }
  return { names: ['Name', 'E-mail', 'Phone', 'Company'], rows }
}
