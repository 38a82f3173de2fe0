import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeIngest } from '../../src/capture/ingest.ts'
import { defaultFirstAnswer } from '../../src/contact/first-answer/default-wording.ts'
import { saveFirstAnswer } from '../../src/contact/first-answer/settings.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Routing } from '../../src/settings/contract.ts'
import { defaultSettings } from '../../src/settings/defaults.ts'
import { wireStages } from '../../src/stages.ts'
import { openStore } from '../../src/store/open.ts'
import { saveSetting } from '../../src/store/queries/settings.ts'
import { inboundForm } from '../fakes/inbound.ts'
import { ms, percentile, printFigure } from './figures.ts'

/**
 * What a new lead costs: finding its owner, and the whole transaction around it (person, lead, score, owner, deadlines,
 * first task, first answer, row) on a database on disk, beside a commit of next to nothing: waiting for the disk is most
 * of both. Beside it the processor's time of each part, which says the same on a busy machine. Twice: by the rule that
 * every workspace starts with, and by a hundred rules that ask for everything that can be asked, with 20 people and
 * 10,000 open leads.
 */
const leads = Number(process.argv[2] ?? 300)
const none = {
  ...{ tiers: [], channels: [], sources: [], countries: [], regions: [], areaCodes: [], postcodes: [], words: [] },
}
const hundred: Routing = {
  ...defaultSettings.routing,
  rules: [
    ...Array.from({ length: 33 }, (_, n) => [
      { when: { ...none, postcodes: [`9${n}`], words: ['kitchen'] }, give: { how: 'load' as const, to: [] } },
      {
        when: { ...none, areaCodes: [`2${n}`], sources: [`Partner ${n}`] },
        give: { how: 'turn' as const, to: [1, 2, 3] },
      },
      { when: { ...none, countries: ['DE'], regions: ['Bavaria'] }, give: { how: 'member' as const, memberId: 1 } },
    ])
      .flat()
      .map((rule, n) => ({ id: `r${n}`, name: `Rule ${n}`, ...rule })),
    { id: 'last', name: 'Everybody', when: none, give: { how: 'load', to: [] } },
  ],
}

const server = { host: '127.0.0.1', port: 1, security: 'none', user: 'x' }
const mailbox = { name: 'Office', imap: server, smtp: server }

await measure('one rule, 2 people, empty workspace', defaultSettings.routing, 2, 0)
await measure('100 rules, 20 people, 10,000 open leads', hundred, 20, 10_000)

async function measure(name: string, routing: Routing, people: number, open: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
  const store = openStore(dataDir, silentLog)
  const stages = wireStages({ store, clock: systemClock, log: silentLog, random: Math.random })
  const parts = makeParts()
  const ingest = makeIngest({
    ...stages,
    store,
    clock: systemClock,
    log: silentLog,
    markSent: async () => {},
    learnFromLead: parts.timed('what they say of themselves', stages.learnFromLead),
    scoreLead: parts.timed('score', stages.scoreLead),
    routeLead: parts.timed('owner', stages.routeLead),
    clocks: { ...stages.clocks, opened: parts.timed('deadlines', stages.clocks.opened) },
    greet: parts.timed('first task, first answer', stages.greet),
  })
  const at = Date.now()
  await store.write(async (tx) => {
    await saveSetting(tx, 'routing', routing)
    await saveSetting(tx, 'business', { ...defaultSettings.business, alwaysOpen: true })
    const account = { kind: 'form' as const, label: 'Website', state: 'ok' as const, state_message: '', created_at: at }
    const settings = JSON.stringify({ name: 'Website', source: 'Website form', mapping: {} })
    await tx.db
      .insertInto('account')
      .values({ ...account, settings })
      .execute()
    for (let n = 1; n <= people; n++) {
      await tx.db
        .insertInto('member')
        .values({ name: `Member ${n}`, on_duty: 1, capacity: 100_000, created_at: at })
        .execute()
    }
  })
  for (let n = 0; n < open; n += 500) {
    await ingest(
      1,
      Array.from({ length: 500 }, (_, of) => lead(`open-${n + of}`)),
      [],
    )
  }
  await store.write(async (tx) => {
    const { slots, ...limits } = defaultFirstAnswer
    await saveFirstAnswer(tx, { ...limits, slots: { ...slots, form: { ...slots.form, on: true } }, mostAnHour: 1000 })
    const settings = { ...mailbox, address: 'office@bright.example' }
    const account = { kind: 'email' as const, label: 'Mail', settings: JSON.stringify(settings), state: 'ok' as const }
    await tx.db
      .insertInto('account')
      .values({ ...account, state_message: '', created_at: at })
      .execute()
  })
  const task = await countRows(store, 'task')
  const job = await countRows(store, 'job')
  const whole: number[] = []
  const bare: number[] = []
  for (let n = 0; n < leads; n++) {
    const started = performance.now()
    await ingest(1, [lead(`new-${n}`)], [])
    const done = performance.now()
    await store.write(async ({ db }) => {
      await db
        .updateTable('person')
        .set({ title: `Title ${n}` })
        .where('id', '=', 1)
        .execute()
    })
    whole.push(done - started)
    bare.push(performance.now() - done)
  }
  const cpu = await parts.during(async () => {
    for (let n = 0; n < leads; n++) await ingest(1, [lead(`part-${n}`)], [])
  })
  const tasks = (await countRows(store, 'task')) - task
  const answers = (await countRows(store, 'job')) - job
  const events = await store.read.db
    .selectFrom('event')
    .select('data')
    .where('type', '=', 'lead.routed')
    .orderBy('id', 'desc')
    .limit(leads)
    .execute()
  const took = events.map((it) => (JSON.parse(it.data) as { tookMs: number }).tookMs)
  const line = (values: readonly number[]) =>
    [`p50 ${ms(percentile(values, 0.5))}`, `p95 ${ms(percentile(values, 0.95))}`] as const
  printFigure(`${name}: owner`, ...line(took))
  printFigure(`${name}: all of it`, ...line(whole))
  printFigure('  a commit of one changed name beside it', ...line(bare))
  printFigure('  tasks and first answers written', `${tasks} and ${answers}`, `of ${2 * leads} leads`)
  printFigure('  processor time of a lead', ms(cpu / leads), parts.words(leads, cpu / leads))
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
}

function millis({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}

async function countRows(store: ReturnType<typeof openStore>, table: 'task' | 'job'): Promise<number> {
  const { count } = await store.read.db
    .selectFrom(table)
    .select((it) => it.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/**
 * Processor time by part. Statements answer at once, so that all of it between the ends of a part is its own. On leads of
 * their own, since to ask for it takes longer than some of the parts.
 */
function makeParts() {
  const spent = new Map<string, number>()
  let isOn = false
  return {
    /** Answers the processor time of all of `work`, ms. */
    during: async (work: () => Promise<void>) => {
      isOn = true
      const before = process.cpuUsage()
      await work()
      isOn = false
      return millis(process.cpuUsage(before))
    },
    timed:
      <A extends unknown[], R>(name: string, work: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (!isOn) return work(...args)
        const before = process.cpuUsage()
        try {
          return await work(...args)
        } finally {
          spent.set(name, (spent.get(name) ?? 0) + millis(process.cpuUsage(before)))
        }
      },
    words: (count: number, each: number) => {
      const named = [...spent].map(([name, sum]) => [name, sum / count] as const)
      const rest = each - named.reduce((sum, [, part]) => sum + part, 0)
      return [...named, ['person, message, row, commit', rest] as const]
        .map(([name, part]) => `${name} ${part.toFixed(2)}`)
        .join(', ')
    },
  }
}

function lead(id: string) {
  const digits = String([...id].reduce((sum, it) => (sum * 31 + it.charCodeAt(0)) % 10_000_000, 7)).padStart(7, '0')
  const email = `${id}@people.example`
  const phone = `+1415${digits}`
  const message = 'We want a new kitchen and would like a quote soon.'
  return inboundForm({ email, phone, postcode: '94110', message }, { externalId: id, at: Date.now() })
}
