import type { ImportRun, ImportVerdict } from '../../src/capture/contract.ts'
import { toCandidate } from '../../src/capture/import/candidate.ts'
import { guessShape } from '../../src/capture/import/guess-shape.ts'
import { readRows } from '../../src/capture/import/read-rows.ts'
import type { EventName, MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import { badInput, notFound } from '../../src/rpc/errors.ts'
import type { Scenario, World } from './window-data.ts'

type CaptureMethod = Extract<MethodName, `capture.${string}`>
type Answers = { readonly [M in CaptureMethod]: (input: MethodInput<M>) => MethodOutput<M> }
type Row = MethodOutput<'capture.importRows'>['rows'][number]
type Kept = { run: ImportRun; readonly bytes: Uint8Array; rows: Row[] }

const stepMs = 400
const portions = 8

const fields = ['name', 'email', 'phone', 'company'] as const

function readFirst(
  format: ImportRun['format'],
  bytes: Uint8Array,
  reading: MethodInput<'capture.previewImport'>['reading'] = null,
): MethodOutput<'capture.previewImport'> {
  if (format === 'csv') return guessShape(bytes, reading)
  const rows = [...readRows(bytes, null)]
    .slice(0, 20)
    .map(({ values }) => fields.map((field) => values.find((it) => it.field === field)?.value ?? ''))
  return { shape: null, preview: { names: ['Name', 'E-mail', 'Phone', 'Company'], rows } }
}

/** Answers of `capture.*`: files are really read and rows really judged, only against fewer people. */
export function importAnswers(
  world: World,
  emit: (name: EventName, payload: unknown) => void,
  addPerson: (name: string) => number,
  scenario: Scenario,
): Answers {
  const lists = new Map<number, Kept>()
  let nextId = 1
  if (scenario === 'sample' || scenario === 'ugly') {
    for (const run of earlier(scenario))
      lists.set(nextId, { run: { ...run, importId: nextId++ }, bytes: none, rows: [] })
  }
  const find = (importId: number): Kept => {
    const list = lists.get(importId)
    if (!list) throw notFound('This list')
    return list
  }
  const set = (list: Kept, patch: Partial<ImportRun>) => {
    list.run = { ...list.run, ...patch }
    const { importId, state, done, total } = list.run
    emit('import.progress', { importId, state, done, total })
  }
  /** Gets on by an eighth at a time, as long as the state stays. */
  const walk = (list: Kept, state: ImportRun['state'], after: () => Partial<ImportRun>) => {
    const total = list.rows.length
    set(list, { state, done: 0, total })
    const step = (at: number) => {
      if (list.run.state !== state) return
      if (at > portions) set(list, after())
      else {
        set(list, { done: Math.round((total * at) / portions) })
        setTimeout(() => step(at + 1), stepMs)
      }
    }
    setTimeout(() => step(1), stepMs)
  }
  const judge = (list: Kept): Row[] => {
    const known = new Set([...world.cards.values()].flatMap((it) => it.handles.map((handle) => handle.value)))
    const seen = new Map<string, number>()
    return [...readRows(list.bytes, list.run.plan?.shape ?? null)].map((raw) => {
      const { line, name, keys, problems, broken } = toCandidate(raw, 'US')
      const before = keys.map((key) => seen.get(key)).find((it) => it !== undefined)
      for (const key of keys) seen.set(key, line)
      const said = (verdict: ImportVerdict, reason: string): Row => ({
        line,
        name: name ?? keys[0]?.slice(6) ?? '',
        verdict,
        reason,
        personId: null,
      })
      if (broken) return said('reject', broken)
      if (keys.length === 0)
        return said(
          'reject',
          problems.join(' ') || 'No e-mail address and no phone number, so there is no way to reach them.',
        )
      if (before !== undefined) return said('duplicate', `Same person as row ${before}, nothing new.`)
      if (keys.some((key) => known.has(key.slice(6)))) return said('update', 'Gets: company, note.')
      return said('create', ['New person.', ...problems].join(' '))
    })
  }
  return {
    'capture.logTouch': ({ personId, name, email, phone }) => {
      if (personId === null && !name && !email && !phone)
        throw badInput('Type at least a name, an e-mail address or a phone number.')
      const id = personId ?? addPerson(name || email || phone || '')
      return { personId: id, interactionId: id, leadId: id }
    },
    'capture.openImport': ({ fileName, bytes }) => {
      if (bytes.byteLength === 0) throw badInput('This file is empty.')
      const format = /\.vcf$/i.test(fileName) ? 'vcard' : 'csv'
      const { shape, preview } = readFirst(format, bytes)
      const importId = nextId++
      lists.set(importId, { run: { ...blank, importId, fileName, format, createdAt: Date.now() }, bytes, rows: [] })
      return { importId, format, shape, preview }
    },
    'capture.previewImport': ({ importId, reading }) => {
      const { run, bytes } = find(importId)
      return readFirst(run.format, bytes, reading)
    },
    'capture.dropImport': ({ importId }) => {
      lists.delete(importId)
      return {}
    },
    'capture.checkImport': ({ importId, plan }) => {
      const list = find(importId)
      list.run = { ...list.run, plan }
      list.rows = judge(list)
      const number = (verdict: ImportVerdict) => list.rows.filter((it) => it.verdict === verdict).length
      walk(list, 'checking', () => ({
        state: 'checked',
        counts: {
          create: number('create'),
          update: number('update'),
          duplicate: number('duplicate'),
          reject: number('reject'),
        },
      }))
      return {}
    },
    'capture.runImport': ({ importId }) => {
      const list = find(importId)
      walk(list, 'running', () => ({ state: 'done' }))
      return {}
    },
    'capture.cancelImport': ({ importId }) => {
      const list = find(importId)
      set(list, { state: list.run.state === 'checking' ? 'opened' : 'stopped' })
      return {}
    },
    'capture.undoImport': ({ importId }) => {
      const list = find(importId)
      walk(list, 'undoing', () => ({ state: 'undone', kept: 2 }))
      return {}
    },
    'capture.import': ({ importId }) => find(importId).run,
    'capture.imports': () => ({ imports: [...lists.values()].map((it) => it.run).reverse() }),
    'capture.importRows': ({ importId, verdict, after, limit }) => {
      const rows = find(importId).rows.filter((it) => it.line > after && (verdict === null || it.verdict === verdict))
      return { rows: rows.slice(0, limit), more: rows.length > limit }
    },
  }
}

const none = new Uint8Array()

const blank: Omit<ImportRun, 'importId' | 'fileName' | 'createdAt'> = {
  format: 'csv',
  state: 'opened',
  problem: null,
  plan: null,
  total: 0,
  done: 0,
  counts: { create: 0, update: 0, duplicate: 0, reject: 0 },
  kept: 0,
}

function earlier(scenario: Scenario): Omit<ImportRun, 'importId'>[] {
  const plan = { as: 'inbound' as const, source: 'Home & Garden fair, Sacramento', mayText: false, shape: null }
  const done = {
    ...blank,
    fileName: 'fair-badges.csv',
    state: 'done' as const,
    plan,
    total: 1284,
    counts: { create: 1190, update: 61, duplicate: 20, reject: 13 },
    createdAt: Date.now() - 86_400_000,
  }
  if (scenario !== 'ugly') return [done]
  const long = `${'export of every customer we ever had since 1998 '.repeat(5)}.csv`
  return [
    { ...done, state: 'undone', kept: 3 },
    { ...done, fileName: long, state: 'failed', problem: 'The disk is full. Make room, then go on.' },
    { ...done, fileName: 'قائمة العملاء.vcf', format: 'vcard', state: 'stopped', done: 400 },
    done,
  ]
}
