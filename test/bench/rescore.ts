import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { makeClocks } from '../../src/contact/clocks.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { day } from '../../src/lib/durations.ts'
import { silentLog } from '../../src/lib/log.ts'
import { prepareRules } from '../../src/score/evaluate.ts'
import { type Facts, packFacts, unpackFacts } from '../../src/score/facts.ts'
import { readFacts } from '../../src/score/read-facts.ts'
import { rescoreAll } from '../../src/score/rescore-all.ts'
import { defaultSettings } from '../../src/settings/defaults.ts'
import { databaseFile, openStore } from '../../src/store/open.ts'
import { saveSetting } from '../../src/store/queries/settings.ts'
import type { Store } from '../../src/store/store.ts'
import { ms, percentile, perSecond, printFigure } from './figures.ts'

/**
 * Scoring again by rules: the evaluation alone, and everything from the file to the file. The rules are those of a new
 * workspace; leads came one to three times, by mail, text, call or form, with some fifty words each.
 */
const leads = 50_000
const texts = [
  'Hello, we bought a house in May and the kitchen is from 1978. We would like to move the sink to the window, keep the floor, and put in a gas range. Could you send somebody to measure, and tell us roughly what a quote would look like? We are home after four. Thanks, Ana',
  'Hi there, just looking around for now. A friend told us that you did her bathroom and she is very happy with it. We are collecting ideas for next year and would like to see pictures of other jobs, if you have some that you may show. There is no rush at all. Best, Marcus',
  'The pipe under the sink is leaking since this morning and the water is on the floor of the shop below. We turned the main off but the building has thirty flats. Please call back as soon as possible, today if there is any way. It is urgent. I am on site until six this evening.',
  'Good morning. I have a question about the invoice of last week: the number of hours on it is not the one that we talked about on the phone, I think it was nine and not eleven. Could you have a look and send a new one, please? Everything else was fine and the crew was very friendly.',
] as const
const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
await openStore(dataDir, silentLog).close()
fill(join(dataDir, databaseFile))
const store = openStore(dataDir, silentLog)
const options = { localPostcodes: ['94', '10'], zone: 'America/New_York' }
const rules = prepareRules(defaultSettings.scoring, defaultSettings.tiers, options)
const deps = { store, clock: systemClock, clocks: makeClocks({ clock: systemClock }) }

await took(`facts collected anew, kept (${leads} leads)`, () => rescoreAll(deps, 'rules'))
await inMemory(store)
await took('new points of every rule, through the store', async () => {
  const { scoring } = defaultSettings
  const dearer = scoring.rules.map((it) => ({ ...it, points: it.points + 1 }))
  await store.write((tx) => saveSetting(tx, 'scoring', { ...scoring, rules: dearer }))
  return rescoreAll(deps, 'rules')
})
await took('the same rules again: nothing to write', () => rescoreAll(deps, 'rules'))
await took('the hourly look: what did time do', () => rescoreAll(deps, 'time'))
await store.close()
rmSync(dataDir, { recursive: true, force: true })

/** Over facts that are ready in memory, as often as a second has room for. */
async function inMemory({ read }: Store): Promise<void> {
  const facts: Facts[] = []
  for (let id = 1; id <= 10_000; id += 1) facts.push(await readFacts(read, id))
  const json = facts.map(packFacts)
  const now = Date.now()
  let sum = 0
  for (const it of facts) sum += rules.judge(it, now).score
  const rounds = 9
  const walls: number[] = []
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now()
    for (const it of facts) sum += rules.judge(it, now + round).score
    walls.push(performance.now() - started)
  }
  const { user, system } = process.cpuUsage(before)
  const ofOneCore = perSecond(facts.length * rounds, (user + system) / 1000)
  const words = facts.reduce(
    (all, it) => all + it.arrivals.reduce((own, arrival) => own + arrival.words.split(' ').length, 0),
    0,
  )
  const about = `${defaultSettings.scoring.rules.length} rules, ${Math.round(words / facts.length)} words a lead`
  printFigure(
    'rules over facts in memory',
    perSecond(facts.length, percentile(walls, 0.5)),
    `${ofOneCore} of one core, ${about}, mean ${(sum / 10 / facts.length).toFixed(1)}`,
  )
  const started = performance.now()
  for (const it of json) unpackFacts(it)
  printFigure('kept facts read from JSON', perSecond(json.length, performance.now() - started))
}

async function took(
  name: string,
  work: () => Promise<{ readonly looked: number; readonly changed: number }>,
): Promise<void> {
  let longest = 0
  let last = performance.now()
  // How long anybody else had to wait meanwhile.
  const ticking = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const before = process.cpuUsage()
  const { looked, changed } = await work()
  const { user, system } = process.cpuUsage(before)
  clearInterval(ticking)
  const beside = `of one core; ${changed} changed, longest without a breath ${ms(longest)}`
  printFigure(name, perSecond(looked, (user + system) / 1000), beside)
}

function fill(path: string): void {
  const database = new BetterSqlite3(path)
  const now = Date.now()
  const person = database.prepare(
    'INSERT INTO person (id, name, name_rank, created_at, updated_at) VALUES (?, ?, 1, ?, ?)',
  )
  const lead = database.prepare(`
    INSERT INTO lead (id, person_id, status, source, source_detail, score, tier, opened_at, last_at, last_channel,
      last_direction, preview) VALUES (?, ?, 'open', 'Google Ads', '{}', 0, 'nurture', ?, ?, 'email', 'in', '')`)
  const interaction = database.prepare(`
    INSERT INTO interaction (person_id, lead_id, channel, direction, at, automatic, subject, text, delivery, created_at)
    VALUES (?, ?, ?, 'in', ?, 0, '', ?, 'received', ?) RETURNING id`)
  const form = database.prepare(
    'INSERT INTO form_submission (interaction_id, form_name, fields, known) VALUES (?, ?, ?, ?)',
  )
  const handle = database.prepare(
    "INSERT INTO handle (person_id, kind, value, last_used_at, created_at) VALUES (?, 'email', ?, 1, 1)",
  )
  const channels = ['email', 'sms', 'call', 'form'] as const
  database.transaction(() => {
    for (let n = 1; n <= leads; n += 1) {
      const opened = now - ((n * 7919) % 60) * day
      person.run(n, `Customer ${n}`, opened, opened)
      handle.run(n, `customer-${n}@mail.example`)
      lead.run(n, n, opened, opened)
      for (let visit = 0; visit <= n % 3; visit += 1) {
        const channel = channels[(n + visit) % channels.length] ?? 'email'
        const at = opened + visit * day
        const text = channel === 'call' ? '' : texts[(n * 31 + visit) % texts.length]
        const { id } = interaction.get(n, n, channel, at, text, at) as { readonly id: number }
        if (channel !== 'form') continue
        const known = {
          budget: `$${(n % 30) * 1000}`,
          postcode: `${10_000 + (n % 89_999)}`,
          timeline: `${n % 120} days`,
        }
        const fields = Object.entries(known).map(([label, value]) => ({ label, value }))
        form.run(id, 'Website', JSON.stringify(fields), JSON.stringify(known))
      }
    }
  })()
  database.close()
}
