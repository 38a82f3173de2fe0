import { expect, onTestFinished, test } from 'vitest'
import { readHealth, removeTryOut } from '../../../src/channels/health/read-health.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { inboundForm } from '../../fakes/inbound.ts'
import { openCaptureWorld } from './capture-world.ts'

const known = { name: 'FirstName LastName', email: 'test@example.com', message: 'test data' }

async function open() {
  const world = await openCaptureWorld()
  onTestFinished(() => world.store.close())
  const { store, db, clock } = world
  const formAccount = await store.addAccount('form', { token: '0'.repeat(32), form: {} })
  const count = async (table: 'person' | 'lead' | 'interaction' | 'clock' | 'arrival' | 'job' | 'try_out') =>
    (
      await db
        .selectFrom(table)
        .select((it) => it.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
    ).count
  const health = async () => {
    const time = (await makeReadCalendars()(store.read)).timeOf('business')
    return (await readHealth(store.read, time, clock.now())).find((it) => it.accountId === formAccount)
  }
  const take = (id: string, tryOut: boolean) =>
    world.deliver(
      formAccount,
      [inboundForm(known, { externalId: id, accountId: formAccount, ...(tryOut && { tryOut }) })],
      [],
    )
  return { ...world, count, health, take }
}

test('a provider’s test lead is kept and shown, and nothing else comes of it, however often it is sent', async () => {
  const { take, count, health, store } = await open()
  await take('key:google:1', true)
  await take('key:google:1', true)
  for (const table of ['person', 'lead', 'interaction', 'clock', 'arrival', 'job'] as const) {
    expect([table, await count(table)]).toEqual([table, 0])
  }
  const told = await health()
  expect(told?.tryOuts).toMatchObject([{ fields: [{ label: 'name', value: 'FirstName LastName' }, {}, {}] }])
  expect(told).toMatchObject({ known: 0, leftOut: [{ reason: 'Test leads that the provider sent', count: 1 }] })

  await store.write((tx) => removeTryOut(tx, told?.tryOuts[0]?.id ?? 0))
  expect((await health())?.tryOuts).toEqual([])
  const [item] = await store.read.db.selectFrom('inbound_item').select(['payload', 'external_id']).execute()
  expect(item).toEqual({ payload: null, external_id: 'key:google:1' })
  // The provider sends it once more: known, and not back.
  await take('key:google:1', true)
  expect((await health())?.tryOuts).toEqual([])
})

test('the same words from a person are a lead', async () => {
  const { take, count } = await open()
  await take('key:google:2', false)
  expect([await count('lead'), await count('try_out')]).toEqual([1, 0])
})
