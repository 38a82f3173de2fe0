import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { hour } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { type Client, connect } from '../../../src/rpc/connect.ts'
import { contract } from '../../../src/rpc/contract.ts'
import { type Handlers, serve } from '../../../src/rpc/serve.ts'
import type { Scoring } from '../../../src/score/contract.ts'
import { makeScoreHandlers } from '../../../src/score/handlers.ts'
import { readScorePacks } from '../../../src/score/packs.ts'
import { rescoreAll } from '../../../src/score/rescore-all.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { readSettings } from '../../../src/store/queries/settings.ts'
import { makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { transportPair } from '../../fakes/in-process.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let client: Client
const clock = makeFakeClock()
const { scoring, tiers } = defaultSettings

beforeEach(() => {
  store = openTestStore()
  const rescore = () => rescoreAll({ store, clock, clocks: makeClocks({ clock }) }, 'rules')
  const missing = async () => expect.unreachable('not part of this test')
  const handlers = {
    ...Object.fromEntries(Object.keys(contract).map((name) => [name, missing])),
    ...makeScoreHandlers({ store, clock, rescoreAll: rescore }),
  }
  const server = serve({ handlers: handlers as unknown as Handlers, log: silentLog, checkOutput: true })
  const [serverEnd, clientEnd] = transportPair()
  server.attach(serverEnd)
  client = connect(clientEnd)
})
afterEach(() => store.close())

async function somebody(
  name: string,
  text: string,
  more: { readonly channel?: 'email' | 'call'; readonly at?: number } = {},
) {
  const at = more.at ?? start - hour
  const { leadId, personId } = await store.addLead({ name, score: 0, tier: 'nurture', openedAt: at })
  await store.write(({ db }) =>
    db
      .insertInto('interaction')
      .values({
        person_id: personId,
        lead_id: leadId,
        account_id: null,
        channel: more.channel ?? 'email',
        direction: 'in',
        at,
        author_id: null,
        automatic: 0,
        subject: '',
        text,
        quoted: null,
        delivery: 'received',
        problem: null,
        created_at: at,
        handle: null,
      })
      .execute(),
  )
  return leadId
}

const changeRule = (id: string, change: Partial<Scoring['rules'][number]>): Scoring => ({
  ...scoring,
  rules: scoring.rules.map((it) => (it.id === id ? { ...it, ...change } : it)),
})

describe('trying rules', () => {
  test('tells who would move, from what to what and why, widest first, and saves nothing', async () => {
    const ana = await somebody('Ana', '', { channel: 'call' })
    const gus = await somebody('Gus', 'What does a new roof cost?')
    await somebody('Priya', 'Do you work in Oakland?')
    await rescoreAll({ store, clock, clocks: makeClocks({ clock }) }, 'rules')
    const before = await store.read.db.selectFrom('lead').select(['id', 'score', 'tier']).execute()
    const dearer = {
      ...changeRule('called', { points: 10 }),
      rules: changeRule('called', { points: 10 }).rules.map((it) =>
        it.id === 'buying-words' ? { ...it, points: 12 } : it,
      ),
    }
    const trial = await client.call('score.tryRules', { scoring: dearer, tiers })
    expect(trial).toMatchObject({ tried: 3, changed: 2, looked: 3 })
    expect(trial.moves).toMatchObject([
      {
        leadId: ana,
        name: 'Ana',
        before: { score: 40, tier: 'warm', grade: 'C1' },
        after: { score: 10, tier: 'nurture', grade: 'C3' },
        removed: [{ points: 40, reason: 'Called you' }],
        added: [{ points: 10, reason: 'Called you' }],
      },
      { leadId: gus, before: { score: 35, tier: 'warm' }, after: { score: 32, tier: 'warm' } },
    ])
    expect(await store.read.db.selectFrom('lead').select(['id', 'score', 'tier']).execute()).toEqual(before)
    expect((await readSettings(store.read)).scoring).toEqual(scoring)
  })

  test('the rules in force move nobody', async () => {
    await somebody('Ana', '', { channel: 'call' })
    expect(await client.call('score.tryRules', { scoring, tiers })).toMatchObject({ tried: 1, changed: 0, moves: [] })
    const otherMode = await client.call('score.tryRules', { scoring: { ...scoring, mode: 'buckets' }, tiers })
    expect(otherMode.moves[0]?.after).toEqual({ score: 60, tier: 'hot', grade: null, qualification: null })
  })

  test('looks at the last 50, and for rules that never or always fire at the last 500', async () => {
    for (let n = 0; n < 60; n += 1) await somebody(`Person ${n}`, 'hello')
    const trial = await client.call('score.tryRules', { scoring, tiers })
    expect(trial).toMatchObject({ tried: 50, looked: 60 })
    expect(trial.fired.find((it) => it.rule === 'wrote')).toEqual({ rule: 'wrote', leads: 60 })
    const warned = Object.fromEntries(trial.warnings.map((it) => [it.rule, it.text]))
    expect(warned.wrote).toContain('every one of the last 60 leads')
    expect(warned.called).toBe('Fits none of the last 60 leads.')
  })

  test('caps that do nothing and rules that ask the same are pointed out', async () => {
    const wide = { ...scoring, groups: scoring.groups.map((it) => (it.id === 'who' ? { ...it, cap: 90 } : it)) }
    const [first] = wide.rules
    if (!first) throw new Error('no rule')
    const twice = { ...wide, rules: [...wide.rules, { ...first, id: 'twin' }] }
    const { warnings } = await client.call('score.tryRules', { scoring: twice, tiers })
    expect(warnings.map((it) => it.text)).toEqual([
      'Who they are: its rules add up to 10 at most, so its limit of 90 never applies.',
      'Asks for the same as “Called you”: both count together.',
    ])
  })
})

describe('saving', () => {
  test('gives every open lead its new score and answers how many moved', async () => {
    await somebody('Ana', '', { channel: 'call' })
    await somebody('Gus', 'hello')
    expect(await client.call('score.save', { scoring })).toEqual({ rescored: 2, changed: 2 })
    expect(await client.call('score.save', { scoring, tiers: { hotFrom: 35, warmFrom: 10 } })).toEqual({
      rescored: 2,
      changed: 2,
    })
    const found = await store.read.db.selectFrom('lead').select(['score', 'tier']).orderBy('id').execute()
    expect(found).toEqual([
      { score: 40, tier: 'hot' },
      { score: 20, tier: 'warm' },
    ])
  })

  test('refuses what cannot be meant, in words', async () => {
    const [first] = scoring.rules
    if (!first) throw new Error('no rule')
    const save = (next: Scoring) => client.call('score.save', { scoring: next })
    await expect(save({ ...scoring, rules: [first, first] })).rejects.toThrow('Two rules are the same')
    await expect(save(changeRule('called', { group: 'gone' }))).rejects.toThrow('is in a group that is not there')
    await expect(save({ ...scoring, mode: 'qualify', questions: [] })).rejects.toThrow('no question yet')
    await expect(save({ ...scoring, mode: 'buckets', buckets: [] })).rejects.toThrow('no rule for the three buckets')
    const empty = changeRule('called', { when: { all: [], any: [], not: [] } })
    await expect(save(empty)).rejects.toThrow()
    const signs = changeRule('called', { when: { all: [{ kind: 'text', anyOf: ['$$$'] }], any: [], not: [] } })
    await expect(save(signs)).rejects.toThrow('has no letter or digit')
  })

  test('fit does not age, whatever a rule says', async () => {
    await client.call('score.save', { scoring: changeRule('budget', { halfLifeDays: 3 }) })
    const saved = (await readSettings(store.read)).scoring.rules.find((it) => it.id === 'budget')
    expect(saved?.halfLifeDays).toBeNull()
  })
})

test('dead rules: what no lead of 90 days fitted, once there are enough leads to tell', async () => {
  for (let n = 0; n < 19; n += 1) await somebody(`Person ${n}`, 'hello')
  await somebody('Long ago', '', { channel: 'call', at: start - 91 * 24 * hour })
  await client.call('score.save', { scoring })
  expect(await client.call('score.deadRules', {})).toEqual({ leads: 19, rules: [] })
  await somebody('One more', 'hello')
  await client.call('score.save', { scoring })
  const { leads, rules } = await client.call('score.deadRules', {})
  expect(leads).toBe(20)
  expect(rules).toContainEqual({ rule: 'called', label: 'Called you' })
  expect(rules.map((it) => it.rule)).not.toContain('wrote')
})

describe('packs', () => {
  test('one for each trade, each whole in every mode', async () => {
    const { packs } = await client.call('score.packs', {})
    const trades = ['general', 'moving', 'hvac-plumbing', 'dental', 'legal', 'agency', 'remodel', 'auto-repair']
    expect(packs.map((it) => it.id)).toEqual(trades)
    for (const mode of ['points', 'buckets', 'qualify'] as const) {
      for (const pack of packs) await client.call('score.save', { scoring: { ...pack.scoring, mode } })
    }
  })

  test.each(readScorePacks())('$name: no cap that does nothing, engagement ages, machines sink', (pack) => {
    const axis = new Map(pack.scoring.groups.map((it) => [it.id, it.axis]))
    for (const group of pack.scoring.groups) {
      const most = pack.scoring.rules
        .filter((it) => it.group === group.id && it.points > 0)
        .reduce((sum, it) => sum + it.points * it.times, 0)
      expect(most, group.label).toBeGreaterThan(0)
    }
    for (const rule of pack.scoring.rules) {
      if (rule.group !== null && axis.get(rule.group) === 'fit') expect(rule.halfLifeDays, rule.label).toBeNull()
      if (rule.group === 'contact') expect(rule.halfLifeDays, rule.label).toBe(14)
    }
    expect(pack.scoring.rules.find((it) => it.id === 'robot')?.ceiling).toBe(10)
  })
})
