import BetterSqlite3 from 'better-sqlite3'
import { afterEach, expect, test, vi } from 'vitest'
import type { Inbound } from '../../../src/channels/channel.ts'
import { defaultFirstAnswer } from '../../../src/contact/first-answer/default-wording.ts'
import { saveFirstAnswer } from '../../../src/contact/first-answer/settings.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { wireStages } from '../../../src/stages.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { inboundForm, inboundMail } from '../../fakes/inbound.ts'
import { openTestStore } from '../../fakes/test-store.ts'

/**
 * How many statements a new lead takes, from its message to its first answer: what they cost together is what the sender
 * of a form waits for. A ceiling, so that they do not become more one by one. Whoever needs another one looks first
 * whether it reads what the transaction has just written, or what hardly ever changes (`keptRead`).
 */
const ran: string[] = []

afterEach(() => void vi.restoreAllMocks())

function countStatements(): void {
  const prepare = BetterSqlite3.prototype.prepare
  vi.spyOn(BetterSqlite3.prototype, 'prepare').mockImplementation(function (this: BetterSqlite3.Database, sql: string) {
    const statement = prepare.call(this, sql)
    for (const way of ['all', 'run'] as const) {
      const plain = statement[way] as (...values: unknown[]) => never
      const counted = (...values: unknown[]) => {
        ran.push(sql)
        return plain.apply(statement, values)
      }
      Object.defineProperty(statement, way, { value: counted })
    }
    return statement
  })
}

async function openWorld() {
  countStatements()
  const store = openTestStore()
  const clock = makeFakeClock()
  await store.addAccount('form')
  await store.addAccount('email')
  await store.addMember('Dana')
  await store.addMember('Sam')
  await store.set('business', { ...defaultSettings.business, alwaysOpen: true })
  await store.write((tx) => {
    const { slots } = defaultFirstAnswer
    const on = { ...slots, form: { ...slots.form, on: true }, email: { ...slots.email, on: true } }
    return saveFirstAnswer(tx, { ...defaultFirstAnswer, mostAnHour: 1000, slots: on })
  })
  const { ingest } = wireStages({ store, clock, log: silentLog, random: () => 0.5 })
  const take = async (...items: readonly Inbound[]) => {
    ran.length = 0
    await ingest(items[0]?.accountId ?? 1, items, [])
    return [...ran]
  }
  const answers = async () => (await store.read.db.selectFrom('job').select('id').execute()).length
  return { store, take, answers }
}

const form = (n: number) =>
  inboundForm(
    {
      email: `ana${n}@people.example`,
      phone: `+1415555${1000 + n}`,
      postcode: '94110',
      message: 'A new kitchen, soon.',
    },
    { externalId: `form-${n}` },
  )

test('one form, from the first look at it to its first answer', async () => {
  const { store, take, answers } = await openWorld()
  await take(form(1))
  const statements = await take(form(2))
  expect(await answers()).toBe(2)
  expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(75)
  // The plain way takes ten times as long.
  expect(statements.filter((sql) => /where.*= \?/s.test(sql))).toEqual([])
  await store.close()
})

test('each of many mails that come at once', async () => {
  const { store, take, answers } = await openWorld()
  const mail = (n: number) =>
    inboundMail({ from: `bo${n}@people.example`, messageId: `m${n}@people.example` }, { accountId: 2 })
  await take(mail(0))
  const statements = await take(...Array.from({ length: 50 }, (_, n) => mail(n + 1)))
  expect(await answers()).toBe(51)
  expect(statements.length / 50, statements.slice(0, 90).join('\n')).toBeLessThanOrEqual(65)
  await store.close()
})
