import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { type EngineProcess, engineProcess, sourceEngine } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { seeded } from '../fakes/faults/seeded.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

const rows = 6000
const kills = 8
const merges = 12
const seed = Number(process.env.DESKBELL_SEED ?? Date.now() % 1_000_000)
const patience = 120_000

type Desk = {
  readonly engine: EngineProcess
  readonly number: (sql: string) => number
  /** Everything but what imports and merges leave about themselves. */
  readonly everything: () => Record<string, unknown>
}

async function openDesk(): Promise<Desk> {
  const dataDir = temporaryFolder()
  const engine = engineProcess(dataDir, { program: sourceEngine })
  onTestFinished(() => engine.stop())
  await engine.start()
  const database = new BetterSqlite3(join(dataDir, 'deskbell.db'), { readonly: true })
  onTestFinished(() => void database.close())
  const tables = ['person', 'handle', 'lead', 'interaction', 'clock', 'score_ledger', 'source_touch']
  return {
    engine,
    number: (sql) => Number(database.prepare(sql).pluck().get()),
    everything: () =>
      Object.fromEntries(
        tables.map((table) => [table, database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]),
      ),
  }
}

/** Of 6,000 rows 60 are no use and 120 name somebody a second time. */
const list = () =>
  [
    'Name,E-mail,Phone,Notes',
    ...Array.from({ length: rows }, (_, n) => {
      const who = n % 50 === 49 ? n - 1 : n
      return n % 100 === 98 ? 'Nobody,none,,' : `Person ${who},p${who}@list.example,,note ${who}`
    }),
  ].join('\n')

it(`a list of ${rows} rows, killed ${kills} times while it is read in and ${kills} times while it is taken back (seed ${seed})`, async () => {
  const random = seeded(seed)
  const desk = await openDesk()
  const { engine, number } = desk
  const before = desk.everything()
  const bytes = new TextEncoder().encode(list())
  const opened = await engine.client().call('capture.openImport', { fileName: 'list.csv', bytes })
  const { importId } = opened
  const plan = { as: 'people', source: 'Old system', mayText: false, shape: opened.shape } as const
  const reached = (state: string) =>
    eventually(
      `the list being ${state}`,
      async () => (await engine.client().call('capture.import', { importId })).state === state,
      patience,
    )
  await engine.client().call('capture.checkImport', { importId, plan })
  await reached('checked')

  /** @param progress how many rows are through by now */
  const killOnTheWay = async (progress: () => number) => {
    let hits = 0
    for (let at = 1; at <= kills; at++) {
      const mark = ((at - 1 + random()) / kills) * rows * 0.95
      await eventually('progress', () => progress() >= mark, patience)
      if (progress() < rows) hits++
      await engine.kill()
      await engine.start()
    }
    return hits
  }
  await engine.client().call('capture.runImport', { importId })
  const hitRunning = await killOnTheWay(() => number('SELECT next_row FROM import_run'))
  await reached('done')

  // Each first naming made one person, with one address, one note and one source; nothing came twice.
  const people = rows - rows / 100 - rows / 100
  expect(number('SELECT count(*) FROM person')).toBe(people)
  expect(number('SELECT count(DISTINCT value) FROM handle')).toBe(people)
  expect(number('SELECT count(*) FROM handle')).toBe(people)
  expect(number("SELECT count(*) FROM interaction WHERE channel = 'note'")).toBe(people)
  expect(number('SELECT count(*) FROM source_touch')).toBe(people)
  expect(number("SELECT count(*) FROM event WHERE type = 'import.created'")).toBe(people)
  expect(number("SELECT count(*) FROM event WHERE type = 'import.done'")).toBe(1)
  expect(number('SELECT count(*) FROM import_row WHERE done IS NOT NULL')).toBe(people)
  expect(number('SELECT count(*) FROM import_row')).toBe(rows)

  await engine.client().call('capture.undoImport', { importId })
  const hitUndoing = await killOnTheWay(() => rows - number('SELECT count(*) FROM import_row WHERE done IS NOT NULL'))
  await reached('undone')
  expect(desk.everything()).toEqual(before)
  expect(number('SELECT count(*) FROM person_search')).toBe(0)
  expect(number("SELECT count(*) FROM event WHERE type = 'import.undone'")).toBe(1)
  process.stdout.write(`${hitRunning} kills hit the run and ${hitUndoing} its undo; ${people} people once, then none\n`)
  expect(hitRunning).toBeGreaterThan(kills / 2)
  expect(hitUndoing).toBeGreaterThan(kills / 2)
}, 300_000)

it(`two people who are merged and taken apart, killed each time (seed ${seed})`, async () => {
  const random = seeded(seed)
  const desk = await openDesk()
  const { engine, number } = desk
  const person = (name: string) =>
    engine.client().call('people.add', { name, email: `${name}@home.example`, phone: null, source: 'Trade fair' })
  const { personId: keptId } = await person('ana')
  const { personId: goneId } = await person('anna')
  const notes = 200
  for (let n = 0; n < notes; n++) {
    await engine.client().call('contact.addNote', { personId: n % 2 ? keptId : goneId, text: `note ${n}` })
  }
  const apart = desk.everything()
  const merged = () => number(`SELECT merged_into IS NOT NULL FROM person WHERE id = ${goneId}`) === 1
  const notesOf = (personId: number) =>
    number(`SELECT count(*) FROM interaction WHERE channel = 'note' AND person_id = ${personId}`)
  const openMerge = () => number('SELECT coalesce(max(id), 0) FROM person_merge WHERE undone_at IS NULL')
  const seen = { did: 0, didNot: 0 }

  for (let n = 0; n < merges; n++) {
    const was = merged()
    const { call } = engine.client()
    const work = was
      ? call('people.unmerge', { mergeId: openMerge() })
      : call('people.merge', { keptId, goneId, name: 'Ana', company: null, title: null })
    const answered = work.then(
      () => true,
      () => false,
    )
    await new Promise((resolve) => setTimeout(resolve, random() * 120))
    await engine.kill()
    const told = await answered
    await engine.start()
    // What was answered is so; what was not is either whole or not at all.
    if (told) expect(merged()).toBe(!was)
    if (merged() === was) seen.didNot++
    else seen.did++
    expect([notesOf(keptId), notesOf(goneId)]).toEqual(merged() ? [notes, 0] : [notes / 2, notes / 2])
    expect(openMerge() > 0).toBe(merged())
    expect(number(`SELECT count(*) FROM handle WHERE person_id = ${keptId}`)).toBe(merged() ? 2 : 1)
  }
  if (merged()) await engine.client().call('people.unmerge', { mergeId: openMerge() })
  const after = desk.everything()
  expect(after.interaction).toEqual(apart.interaction)
  expect(after.handle).toEqual(apart.handle)
  expect(after.source_touch).toEqual(apart.source_touch)
  process.stdout.write(`of ${merges} kills ${seen.did} came after the change and ${seen.didNot} before it\n`)
}, 300_000)
