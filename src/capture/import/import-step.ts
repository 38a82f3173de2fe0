import { CompiledQuery, sql } from 'kysely'
import { recordEvent } from '../../store/queries/events.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { Store, WriteStore } from '../../store/store.ts'
import { type HandleKey, openBatch, readOwn } from '../batch.ts'
import type { ImportPlan } from '../contract.ts'
import type { Enrich } from '../find-person.ts'
import { followUp, type Stages } from '../follow-up.ts'
import { applyRow, type Done } from './apply-row.ts'
import type { Candidate } from './candidate.ts'
import { type Decision, judge, type Known, noteDecision } from './judge.ts'
import { knownPeople } from './known-people.ts'
import { type DoneRow, undoChange, undoCreated } from './undo-rows.ts'

/** What a walk over a file remembers of the rows before: addresses and numbers only, whoever has them. */
export type Walk = {
  readonly importId: number
  readonly fileName: string
  readonly plan: ImportPlan
  readonly country: string
  readonly own: ReadonlySet<HandleKey>
  /** Where this file names an address or number first. */
  readonly lines: Map<HandleKey, number>
  /** Dry run only: people as the rows so far would have made them. */
  readonly planned: Map<HandleKey, Known> | null
}

export async function beginWalk(
  store: Store,
  run: Pick<Walk, 'importId' | 'fileName' | 'plan'>,
  isDry: boolean,
): Promise<Walk> {
  const { business } = await readSettings(store.read)
  const own = await readOwn(store.read, business.country)
  return { ...run, country: business.country, own, lines: new Map(), planned: isDry ? new Map() : null }
}

/** Rows that an earlier life of the engine has done: only remembered. */
export function skipRow(walk: Walk, candidate: Candidate): void {
  for (const key of candidate.keys) if (!walk.lines.has(key)) walk.lines.set(key, candidate.line)
}

/** Dry run of some rows: writes down what would be done with each. */
export async function checkRows(tx: WriteStore, walk: Walk, candidates: readonly Candidate[]): Promise<void> {
  const known = await knownPeople(tx, candidates)
  for (const candidate of candidates) {
    const decision = decide(walk, candidate, (key) => walk.planned?.get(key) ?? known.get(key))
    const person = decision.verdict === 'reject' ? null : (decision.known ?? newcomer(null, decision))
    if (person) {
      noteDecision(person, decision)
      for (const key of decision.newKeys) walk.planned?.set(key, person)
    }
    await insertRowOf(tx, walk.importId, candidate, decision)
  }
}

export type ApplyDeps = Stages & { readonly enrich: Enrich }

/** Really takes some rows in. Judged again by what is there now: hours may lie between a check and the run. */
export async function applyRows(
  tx: WriteStore,
  deps: ApplyDeps,
  walk: Walk,
  candidates: readonly Candidate[],
  now: number,
): Promise<void> {
  const known = await knownPeople(tx, candidates)
  const batch = await openBatch(tx, 0, new Map(), [], now)
  const { plan, fileName } = walk
  for (const candidate of candidates) {
    const decision = decide(walk, candidate, (key) => known.get(key))
    const applied = await applyRow({ batch, enrich: deps.enrich, plan, fileName }, candidate, decision)
    if (applied) {
      const person = decision.known ?? newcomer(applied.personId, decision)
      noteDecision(person, decision)
      for (const key of decision.newKeys) known.set(key, person)
    }
    await saveRow(tx, walk.importId, candidate, decision, applied)
  }
  for (const touched of batch.touched.values()) await followUp(batch, deps, touched)
}

/**
 * Takes back what some rows did, given in the order of their lines, last one first. People somebody worked with since
 * are left.
 */
export async function undoRows(
  tx: WriteStore,
  importId: number,
  rows: readonly { readonly line: number; readonly person_id: number | null; readonly done: string | null }[],
): Promise<void> {
  const doneRows = rows.flatMap(({ line, person_id, done }): DoneRow[] =>
    person_id === null || done === null ? [] : [{ line, personId: person_id, done: JSON.parse(done) as Done }],
  )
  const left = new Set<number>()
  // What a row changed of somebody whom an earlier row made goes before they do.
  for (const row of doneRows) if (!row.done.created && !(await undoChange(tx, row))) left.add(row.line)
  const made = doneRows.filter(({ done }) => done.created)
  const kept = await undoCreated(tx, made)
  for (const { line, personId } of made) if (kept.has(personId)) left.add(line)
  // What was left stays linked, so that it can be counted and shown.
  const lines = rows.map(({ line }) => line).filter((line) => !left.has(line))
  await sql`update import_row set person_id = null, done = null where import_id = ${importId}
    and line in (select value from json_each(${JSON.stringify(lines)}))`.execute(tx.db)
}

export const recordImport = (tx: WriteStore, run: { readonly importId: number; readonly what: string }, at: number) =>
  recordEvent(tx, { at, type: `import.${run.what}`, data: { importId: run.importId } })

function decide(walk: Walk, candidate: Candidate, find: (key: HandleKey) => Known | undefined): Decision {
  const { lines, own, plan, country } = walk
  const decision = judge(candidate, { find, lineOf: (key) => lines.get(key), own, plan, country })
  if (decision.verdict !== 'reject') skipRow(walk, candidate)
  return decision
}

const newcomer = (id: number | null, { name, newKeys, company, title }: Decision): Known => ({
  id,
  name: name ?? newKeys[0]?.slice(6) ?? '',
  nameRank: name ? 1 : 0,
  company,
  title,
  hasOpenLead: false,
  hadLead: false,
  sources: new Set(),
  notes: new Set(),
})

const nameOf = ({ name, keys }: Candidate) => name ?? keys[0]?.slice(6) ?? ''

// Written out: these run once a row, and Kysely takes longer to write them than the database to run them.
async function insertRowOf(tx: WriteStore, importId: number, candidate: Candidate, decision: Decision): Promise<void> {
  await tx.db.executeQuery(
    CompiledQuery.raw(
      'insert or replace into import_row (import_id, line, name, verdict, reason) values (?, ?, ?, ?, ?)',
      [importId, candidate.line, nameOf(candidate), decision.verdict, decision.reason],
    ),
  )
}

async function saveRow(
  tx: WriteStore,
  importId: number,
  candidate: Candidate,
  { verdict, reason }: Decision,
  applied: { readonly personId: number; readonly done: Done | null } | null,
): Promise<void> {
  await tx.db.executeQuery(
    CompiledQuery.raw(
      'insert or replace into import_row (import_id, line, name, verdict, reason, person_id, done) values (?, ?, ?, ?, ?, ?, ?)',
      [
        importId,
        candidate.line,
        nameOf(candidate),
        verdict,
        reason,
        applied?.personId ?? null,
        applied?.done ? JSON.stringify(applied.done) : null,
      ],
    ),
  )
}
