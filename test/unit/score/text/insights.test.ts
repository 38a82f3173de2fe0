import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../../src/lib/log.ts'
import { personCard } from '../../../../src/people/card.ts'
import { makeScoreLead } from '../../../../src/score/score-lead.ts'
import type { Intent } from '../../../../src/score/text/contract.ts'
import { makeEncoder } from '../../../../src/score/text/encoder.ts'
import { makeTextModelHandlers } from '../../../../src/score/text/handlers.ts'
import { type Insights, makeInsights } from '../../../../src/score/text/insights.ts'
import { modelVersion, shippedClassifier } from '../../../../src/score/text/shipped-classifier.ts'
import { insightsOfLead } from '../../../../src/store/queries/insights.ts'
import { makeFakeClock, tuesdayMorning as start } from '../../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../../fakes/test-store.ts'

const here = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const files = { workerFile: here('src/score/text/encoder-worker.ts'), folder: here('resources/text-model') }
// One thread for all tests: it takes a second to start.
const encoder = makeEncoder(files, silentLog)
const clock = makeFakeClock()
const shared = { ...encoder, stop: async () => {} }
const classifier = shippedClassifier()
afterAll(() => encoder.stop())

let store: TestStore
let insights: Insights
const scoreLead = makeScoreLead()
const clocks = { retargeted: async () => {} }
const begin = (over: Partial<Parameters<typeof makeInsights>[0]> = {}) => {
  const made = makeInsights({
    store,
    clock,
    log: silentLog,
    encoder: shared,
    classifier,
    modelVersion,
    scoreLead,
    clocks,
    ...over,
  })
  onTestFinished(() => made.stop())
  return made
}
beforeEach(() => {
  store = openTestStore()
  insights = begin()
})
afterEach(() => store.close())

let lead: { leadId: number; personId: number }
async function wrote(text: string, more: { leadId?: number | null; direction?: 'in' | 'out'; subject?: string } = {}) {
  lead = await store.addLead()
  const { id } = await store.write(({ db }) =>
    db
      .insertInto('interaction')
      .values({
        person_id: lead.personId,
        lead_id: more.leadId === undefined ? lead.leadId : more.leadId,
        account_id: null,
        channel: 'sms',
        direction: more.direction ?? 'in',
        at: start,
        author_id: null,
        automatic: 0,
        subject: more.subject ?? '',
        text,
        quoted: null,
        delivery: 'received',
        problem: null,
        created_at: start,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )
  return id
}
const queue = () => store.read.db.selectFrom('insight_queue').selectAll().execute()
const insightOf = (id: number) =>
  store.read.db.selectFrom('message_insight').selectAll().where('interaction_id', '=', id).executeTakeFirst()
async function read() {
  insights.start()
  insights.nudge()
  await insights.settled()
}
const correct = (interactionId: number, intent: Intent | null) =>
  makeTextModelHandlers({ store, clock, scoreLead, clocks, insights })['score.correctIntent']({ interactionId, intent })

describe('the encoder', () => {
  // Near the original in 32 bits (0.0864, 0.1028, 0.0054 and 0.0677, 0.0635, 0.0487), and as near to what
  // another quantised build gives (0.082, 0.108, -0.013 and 0.046, 0.073, 0.054) as quantised builds are to each other.
  test.each([
    ['Each sentence is converted', [0.0864, 0.1028, 0.0054], [0.082, 0.108, -0.013]],
    ['This is an example sentence', [0.0677, 0.0635, 0.0487], [0.046, 0.073, 0.054]],
  ])('%s', async (text, original, quantised) => {
    const [vector] = await encoder.encode([text])
    expect(vector).toHaveLength(384)
    expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5)
    for (const at of [0, 1, 2]) {
      expect(Math.abs((vector?.[at] ?? 9) - (original[at] ?? 0))).toBeLessThan(0.005)
      expect(Math.abs((vector?.[at] ?? 9) - (quantised[at] ?? 0))).toBeLessThan(0.025)
    }
  })

  test('a text has the same vector in any company', async () => {
    const [alone] = await encoder.encode(['How much is a new roof?'])
    const [, among] = await encoder.encode(['hi', 'How much is a new roof?', 'word '.repeat(180)])
    expect(among).toEqual(alone)
  })

  test('stops in the middle of a text without taking the process along, at any moment', async () => {
    for (const after of [0, 1, 300, 1500]) {
      const mine = makeEncoder(files, silentLog)
      const answer = mine.encode(Array.from({ length: 5000 }, (_, n) => `Could you come on Tuesday? ${n}`))
      const refused = expect(answer).rejects.toThrow('ended')
      await new Promise((resolve) => setTimeout(resolve, after))
      await mine.stop()
      await refused
    }
  })

  test('a thread that dies fails what it was asked, and the next question starts a new one', async () => {
    const mine = makeEncoder(files, silentLog)
    onTestFinished(() => mine.stop())
    await mine.encode(['hello'])
    const asked = mine.encode(['word '.repeat(190), 'word '.repeat(190)])
    const died = expect(asked).rejects.toThrow(/thread ended/)
    await mine.stop()
    await died
    expect(await mine.encode(['hello again'])).toHaveLength(1)
  })
})

describe('what came in', () => {
  test('is read after its transaction, and said to the windows', async () => {
    const id = await wrote(
      'How much would you charge to paint a 3 bedroom house? Burst pipe ruined it, need someone ASAP',
    )
    expect(await queue()).toEqual([{ interaction_id: id, tries: 0 }])
    store.forget()
    await read()
    expect(await queue()).toEqual([])
    expect(await insightOf(id)).toMatchObject({
      intent: 'quote_request',
      urgency: 'now',
      urgency_reason: 'burst pipe',
      job_size: '3 bedroom',
      model_version: modelVersion,
      at: start,
    })
    expect(store.announced('store.changed').flatMap((it) => it.tables)).toContain('interaction')
    expect(await insightsOfLead(store.read, lead.leadId, 5)).toMatchObject([
      { intent: 'quote_request', corrected: false, urgency: 'now', urgencyReason: 'burst pipe' },
    ])
    const card = await personCard(store.read, lead.personId, { country: 'US', now: start })
    expect(card.lead?.insight).toMatchObject({ intent: 'quote_request', urgency: 'now', jobSize: '3 bedroom' })
  })

  test('what we wrote, history and empty messages are not read', async () => {
    await wrote('Thank you for your message', { direction: 'out' })
    await wrote('An old question', { leadId: null })
    await wrote('   ')
    expect(await queue()).toEqual([])
  })

  test('words that come later are read again', async () => {
    const id = await wrote('missed call')
    await read()
    await store.write(({ db }) =>
      db.updateTable('interaction').set({ text: 'I want to apply for the job' }).where('id', '=', id).execute(),
    )
    await read()
    expect(await insightOf(id)).toMatchObject({ intent: 'job_application' })
  })

  test('words that change while they are read are not judged by the old ones', async () => {
    const id = await wrote('How much is a roof?')
    const slow = {
      ...shared,
      encode: async (texts: readonly string[]) => {
        const vectors = await encoder.encode(texts)
        if (texts[0]?.includes('roof')) {
          await store.write(({ db }) =>
            db
              .updateTable('interaction')
              .set({ text: 'are you hiring? I sent my resume' })
              .where('id', '=', id)
              .execute(),
          )
        }
        return vectors
      },
    }
    insights = begin({ encoder: slow })
    await read()
    expect(await insightOf(id)).toMatchObject({ intent: 'job_application' })
    expect(await queue()).toEqual([])
  })

  test('one that kills the model is tried three times and holds up no other', async () => {
    const bad = await wrote('poison')
    const good = await wrote('How much is a roof?')
    let died = 0
    const mortal = {
      ...shared,
      encode: async (texts: readonly string[]) => {
        if (!texts.includes('poison')) return encoder.encode(texts)
        died += 1
        throw new Error('thread died')
      },
    }
    insights = begin({ encoder: mortal })
    await read()
    await expect.poll(() => died).toBeGreaterThanOrEqual(2)
    await expect.poll(() => insightOf(good)).toMatchObject({ intent: 'quote_request' })
    expect(await insightOf(bad)).toBeUndefined()
    expect(died).toBeLessThanOrEqual(3)
  })

  test('a model that cannot be loaded is held against no message', async () => {
    const id = await wrote('How much is a roof?')
    let loads = 0
    const broken = {
      ...shared,
      encode: async () => {
        loads += 1
        throw new Error('not loaded')
      },
    }
    insights = begin({ encoder: broken })
    await read()
    await expect.poll(() => loads).toBe(3)
    expect(insights.state()).toBe('failing')
    expect(await queue()).toEqual([{ interaction_id: id, tries: 0 }])
  })

  test('an orderly end in the middle of a message is no try of it', async () => {
    const id = await wrote('How much is a new sink?')
    let reached = () => {}
    const asked = new Promise<void>((resolve) => {
      reached = resolve
    })
    let die = (_: Error) => {}
    const encode = (texts: readonly string[]) => {
      if (texts.length === 0) return Promise.resolve([])
      reached()
      return new Promise<never>((_, reject) => {
        die = reject
      })
    }
    const mine = begin({ encoder: { ...shared, encode, stop: async () => die(new Error('ended')) } })
    mine.start()
    await asked
    await mine.stop()
    expect(await queue()).toEqual([{ interaction_id: id, tries: 0 }])
  })

  test('without the model nothing happens, nothing is lost, and the health page says so', async () => {
    const id = await wrote('How much is a roof?')
    insights = begin({ encoder: makeEncoder(null, silentLog) })
    await read()
    const handlers = makeTextModelHandlers({ store, clock, scoreLead, clocks, insights })
    expect(await handlers['score.textModel']({})).toMatchObject({ state: 'missing', waiting: 1 })
    expect(await queue()).toEqual([{ interaction_id: id, tries: 0 }])
  })
})

describe('corrections', () => {
  const odd = 'Bitte um Rückruf wegen der Sache mit dem Zaun hinten beim Nachbarn, Familie Krause'
  const alike = 'Bitte um Rückruf wegen der Sache mit dem Zaun hinten, Familie Krause aus der Nachbarschaft'

  test('the next similar message is told accordingly; taken back, it is as before', async () => {
    const first = await wrote(odd)
    const firstLead = lead.leadId
    await read()
    const untaught = await wrote(alike)
    await read()
    const before = (await insightOf(untaught))?.intent
    const wanted = before === 'job_application' ? 'newsletter' : 'job_application'
    expect(await correct(first, wanted)).toEqual({ was: null })
    expect((await insightsOfLead(store.read, firstLead, 1))[0]).toMatchObject({
      intent: wanted,
      corrected: true,
      confidence: 100,
    })
    const second = await wrote(alike)
    await read()
    expect(await insightOf(second)).toMatchObject({ intent: wanted })

    expect(await correct(first, null)).toEqual({ was: wanted })
    const third = await wrote(alike)
    await read()
    expect((await insightOf(third))?.intent).toBe(before)
  })

  test('"not a lead" turns similar messages away from the intents of leads, and an undo takes that back', async () => {
    const text = 'How much for a link on your blog about kitchens? We pay well for articles'
    const first = await wrote(text)
    await read()
    const { leadId } = lead
    await store.write(({ db }) =>
      db.updateTable('lead').set({ status: 'not_lead', done_at: start }).where('id', '=', leadId).execute(),
    )
    const second = await wrote(`${text}!`)
    await read()
    const leads: (Intent | undefined)[] = ['quote_request', 'booking', 'question', 'existing_customer', 'complaint']
    expect(leads).not.toContain((await insightOf(second))?.intent)
    await store.write(({ db }) =>
      db.updateTable('lead').set({ status: 'open', done_at: null }).where('id', '=', leadId).execute(),
    )
    const third = await wrote(text)
    await read()
    expect((await insightOf(third))?.intent).toBe((await insightOf(first))?.intent)
  })

  test('only what came in can be corrected', async () => {
    await expect(correct(4711, 'spam')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const ours = await wrote('Hello', { direction: 'out' })
    await expect(correct(ours, 'spam')).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

test('the classifier was trained on what is shipped, and the model is the one that the notice names', () => {
  const bytes = (name: string) => readFileSync(here(`resources/text-model/${name}`))
  const trainedOn = ['intents.json', 'intents-more.json', 'phrases.json']
    .reduce((hash, name) => hash.update(bytes(name)), createHash('sha256'))
    .digest('hex')
  expect(JSON.parse(bytes('classifier.json').toString())).toMatchObject({ trainedOn })
  const notice = bytes('NOTICE.md').toString()
  for (const name of ['onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json', 'config.json']) {
    expect(notice).toContain(
      createHash('sha256')
        .update(bytes(`all-MiniLM-L6-v2/${name}`))
        .digest('hex'),
    )
  }
})
