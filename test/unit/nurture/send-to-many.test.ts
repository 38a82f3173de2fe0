import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { cancelJob } from '../../../src/contact/cancel-send.ts'
import { makeQueueTemplated } from '../../../src/contact/queue-templated.ts'
import { second } from '../../../src/lib/durations.ts'
import { makeNurtureHandlers } from '../../../src/nurture/handlers.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'
import { addLead, addPerson } from '../contact/people.ts'

let store: TestStore
let clock: FakeClock
let nurture: ReturnType<typeof makeNurtureHandlers>
let nudged: number

beforeEach(async () => {
  store = openTestStore()
  onTestFinished(() => store.close())
  clock = makeFakeClock()
  nudged = 0
  let ids = 0
  nurture = makeNurtureHandlers({
    ...{ store, clock, links: async () => (email: string) => `https://relay.example/u/${email}` },
    opening: async () => '',
    queue: makeQueueTemplated({ clock, newId: () => `id-${ids++}`, askLine: async () => {} }),
    nudge: () => {
      nudged += 1
    },
  })
  await store.addAccount('email', { address: 'office@bright.example', name: 'Bright' })
  await store.addAccount('twilio')
})

const template = async (channel: 'email' | 'sms', body: string, subject = '') =>
  (await nurture['templates.save']({ id: null, name: 'Spring', channel, subject, body })).id

async function lead(name: string, more: { email?: string; phone?: string; company?: string } = {}) {
  const personId = await addPerson(store, { name, ...more })
  return { personId, leadId: await addLead(store, personId) }
}

const jobs = () =>
  store.read.db.selectFrom('job').select(['id', 'person_id', 'state', 'payload', 'not_before']).orderBy('id').execute()

describe('a template to many', () => {
  test('is filled for each, leaves one after the other, and names whom it leaves out and why', async () => {
    const ana = await lead('Ana Lopez', { email: 'ana@home.example' })
    const nameless = await lead('', { email: 'x@home.example' })
    const ben = await lead('Ben Miller', { email: 'ben@home.example' })
    const noMail = await lead('Cleo Novak')
    const stopped = await lead('Dan Silva', { email: 'dan@home.example' })
    await store.write(({ db }) =>
      db.updateTable('handle').set({ opted_out_at: 1 }).where('person_id', '=', stopped.personId).execute(),
    )
    const templateId = await template('email', 'Hi {{contact.first_name}}, spring is here.', 'For {{contact.name}}')
    const leadIds = [ana, nameless, ben, noMail, stopped].map((it) => it.leadId)

    const before = await nurture['templates.tryOnMany']({ templateId, leadIds })
    expect(before.ready).toEqual([
      { ...{ personId: ana.personId, name: 'Ana Lopez' }, subject: 'For Ana Lopez', body: 'Hi Ana, spring is here.' },
      { ...{ personId: ben.personId, name: 'Ben Miller' }, subject: 'For Ben Miller', body: 'Hi Ben, spring is here.' },
    ])
    expect(before.blocked.map((it) => [it.personId, it.why])).toEqual([
      [nameless.personId, expect.stringContaining('contact.first_name')],
      [noMail.personId, expect.stringContaining('no e-mail address')],
      [stopped.personId, expect.stringContaining('asked not to get mail')],
    ])
    expect(await jobs()).toEqual([])
    expect(await store.read.db.selectFrom('interaction').select('id').execute()).toEqual([])
    expect(nudged).toBe(0)

    const { sent, blocked } = await nurture['templates.sendToMany']({ templateId, leadIds })
    expect(blocked).toEqual(before.blocked)
    expect(nudged).toBe(1)
    const queued = await jobs()
    expect(queued.map((it) => [it.id, it.person_id, it.state])).toEqual(
      sent.map((it) => [it.jobId, it.personId, 'queued']),
    )
    expect(queued.map((it) => it.not_before)).toEqual(sent.map((it) => it.leavesAt))
    expect((sent[1]?.leavesAt ?? 0) - (sent[0]?.leavesAt ?? 0)).toBe(2 * second)
    expect(sent[0]?.leavesAt).toBeGreaterThan(clock.now())
    // Mail programs are told how to unsubscribe.
    expect(JSON.parse(queued[1]?.payload ?? '')).toMatchObject({
      ...{ subject: 'For Ben Miller', body: 'Hi Ben, spring is here.' },
      unsubscribe: { url: 'https://relay.example/u/ben@home.example' },
    })
  })

  test('goes to a person once, whatever leads they have, and can be taken back whole', async () => {
    const ana = await lead('Ana Lopez', { phone: '+14155550187' })
    await store.write(({ db }) =>
      db.updateTable('lead').set({ status: 'done', done_at: 1 }).where('id', '=', ana.leadId).execute(),
    )
    const again = await addLead(store, ana.personId)
    const ben = await lead('Ben Miller', { phone: '+14155550188' })
    const templateId = await template('sms', 'Hi {{contact.first_name}}')
    const leadIds = [ana.leadId, again, ben.leadId]
    const { sent } = await nurture['templates.sendToMany']({ templateId, leadIds })
    expect(sent.map((it) => it.personId)).toEqual([ana.personId, ben.personId])
    for (const { jobId } of sent) {
      expect(await store.write((tx) => cancelJob(tx, jobId, clock.now()))).toBe(true)
    }
    expect((await jobs()).map((it) => it.state)).toEqual(['cancelled', 'cancelled'])
  })

  test('whose template or lead is gone is refused as a whole', async () => {
    const ana = await lead('Ana Lopez', { email: 'ana@home.example' })
    const templateId = await template('email', 'Hello', 'Hello')
    const gone = nurture['templates.sendToMany']({ templateId, leadIds: [ana.leadId, 999] })
    await expect(gone).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await nurture['templates.remove']({ id: templateId })
    const removed = nurture['templates.tryOnMany']({ templateId, leadIds: [ana.leadId] })
    await expect(removed).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await jobs()).toEqual([])
  })
})
