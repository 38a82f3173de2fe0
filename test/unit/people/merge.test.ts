import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeLadder, markSeen } from '../../../src/contact/ladder.ts'
import { makeSlaTimer } from '../../../src/contact/sla-timer.ts'
import { companyFromEmail } from '../../../src/enrich/company.ts'
import { phoneRegion } from '../../../src/enrich/phone-region.ts'
import { changeLeads } from '../../../src/inbox/change-leads.ts'
import { minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makePeopleHandlers } from '../../../src/people/handlers.ts'
import { makeScoreLead } from '../../../src/score/score-lead.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { emailParty, inboundForm, inboundMail, inboundText, phoneParty } from '../../fakes/inbound.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { searchFor } from '../../fakes/search-for.ts'
import { openCaptureWorld } from '../capture/capture-world.ts'

async function openMergeWorld() {
  const world = await openCaptureWorld()
  const { store, clock, clocks } = world
  const people = makePeopleHandlers({
    store,
    clock,
    channels: { of: () => null },
    stages: {
      phoneRegion,
      companyFromEmail,
      queueLookups: async () => {},
      scoreLead: makeScoreLead(),
      routeLead: makeTestRoute(clocks).routeLead,
      clocks,
      firstTask: async () => {},
    },
    changeLeads,
  })
  let sequence = 0
  const writes = async (who: string, name: string | null = null, more: { text?: string; out?: boolean } = {}) => {
    await clock.advance(minute)
    const address = `${who}@${who}-home.example`
    const id = `m${++sequence}@x`
    const { text = 'Could you send me a quote for our kitchen?', out = false } = more
    await world.take(
      out
        ? inboundMail(
            { messageId: id, from: world.ownAddress, to: [address], text },
            { direction: 'out', at: clock.now() },
          )
        : inboundMail(
            { messageId: id, from: address, text },
            { parties: [emailParty(address, name)], at: clock.now() },
          ),
    )
  }
  const merge = async (keptId: number, goneId: number) => {
    const { name, company, title } = await people['people.card']({ personId: keptId })
    return (await people['people.merge']({ keptId, goneId, name, company, title })).mergeId
  }
  const find = (text: string) => searchFor(store.read, text, clock.now())
  return { ...world, people, writes, merge, find, unmerge: (mergeId: number) => people['people.unmerge']({ mergeId }) }
}
type World = Awaited<ReturnType<typeof openMergeWorld>>

const opened = async () => {
  const world = await openMergeWorld()
  onTestFinished(() => world.store.close())
  return world
}

/** All that hangs on people, without the log of what was done to them. */
async function state({ db }: World) {
  const people = await db
    .selectFrom('person')
    .select(['id', 'name', 'name_rank', 'company', 'title', 'region', 'zone', 'merged_into'])
    .execute()
  const handles = await db.selectFrom('handle').select(['id', 'person_id', 'value']).execute()
  const leads = await db.selectFrom('lead').selectAll().orderBy('id').execute()
  const interactions = await db.selectFrom('interaction').select(['id', 'person_id', 'lead_id']).execute()
  const clocks = await db.selectFrom('clock').selectAll().orderBy('id').execute()
  const touches = await db.selectFrom('source_touch').select(['id', 'person_id', 'lead_id']).execute()
  return { people, handles, leads, interactions, clocks, touches }
}

describe('a merge', () => {
  test('puts everything of both under one person with one open lead', async () => {
    const here = await opened()
    await here.writes('ana', 'Ana Lopez')
    await here.writes('work', 'A. Lopez', { text: 'about the oak kitchen' })
    await here.merge(1, 2)
    expect(await here.handles()).toEqual([
      [1, 'ana@ana-home.example'],
      [1, 'work@work-home.example'],
    ])
    const open = (await here.leads()).filter((it) => it.status === 'open')
    expect(open).toMatchObject([{ person_id: 1, preview: 'Kitchen remodel · about the oak kitchen' }])
    expect((await here.interactions()).every((it) => it.person_id === 1 && it.lead_id === open[0]?.id)).toBe(true)
    expect(await here.find('oak')).toMatchObject([{ personId: 1 }])
    expect(await here.find('work@work-home.example')).toMatchObject([{ personId: 1, name: 'Ana Lopez' }])
    expect((await here.clockStates()).filter((it) => it === 'first_contact running')).toHaveLength(1)
    // A window that still shows the other one gets the one they are now.
    expect(await here.people['people.card']({ personId: 2 })).toMatchObject({
      personId: 1,
      merges: [{ name: 'A. Lopez' }],
    })
  })

  test('and its undo leave everything as it was', async () => {
    const here = await opened()
    await here.writes('ana', 'Ana Lopez')
    await here.writes('work', 'A. Lopez')
    await here.take(inboundText())
    for (const [kept, gone] of [
      [1, 2],
      [2, 1],
      [3, 1],
    ] as const) {
      const before = await state(here)
      const mergeId = await here.merge(kept, gone)
      expect(await state(here)).not.toEqual(before)
      await here.unmerge(mergeId)
      // Who typed a name in the side by side is gone with it.
      expect(await state(here)).toEqual(before)
      expect((await here.find('work@work-home.example')).map((it) => it.personId)).toContain(2)
    }
  })

  test('what came since goes to whose address it names; what we answered stops that clock only', async () => {
    const here = await opened()
    await here.writes('ana', 'Ana Lopez')
    await here.writes('work', 'A. Lopez')
    const mergeId = await here.merge(1, 2)
    await here.writes('work', null, { text: 'from work' })
    await here.writes('ana', null, { text: 'from home' })
    await here.writes('work', null, { text: 'answer to work', out: true })
    await here.unmerge(mergeId)
    const rows = await here.db.selectFrom('interaction').select(['person_id', 'text']).orderBy('id').execute()
    expect(rows.slice(2)).toEqual([
      { person_id: 2, text: 'from work' },
      { person_id: 1, text: 'from home' },
      { person_id: 2, text: 'answer to work' },
    ])
    expect((await here.leads()).map((it) => [it.person_id, it.status, it.last_direction])).toEqual([
      [1, 'open', 'in'],
      [2, 'open', 'out'],
    ])
  })

  test('a number that came with the address of one goes back with it', async () => {
    const here = await opened()
    await here.writes('ana', 'Ana Lopez')
    await here.writes('work', 'A. Lopez')
    const mergeId = await here.merge(1, 2)
    await here.take(inboundForm({ email: 'work@work-home.example', phone: '(415) 555-0111' }, { at: here.clock.now() }))
    await here.take(
      inboundText(
        { from: '+14155550111' },
        { externalId: 'SM7', parties: [phoneParty('+14155550111')], at: here.clock.now() },
      ),
    )
    await here.unmerge(mergeId)
    expect(await here.handles()).toContainEqual([2, '+14155550111'])
    expect((await here.interactions()).slice(2).map((it) => it.person_id)).toEqual([2, 2])
  })

  test('what rings goes on ringing, whichever of the two it was; taken back it rings for its own again', async () => {
    const here = await opened()
    const { store, clock, db } = here
    const timer = makeSlaTimer({
      ...here,
      log: silentLog,
      passOn: async () => false,
      ladder: makeLadder(makeReadCalendars()),
    })
    onTestFinished(() => timer.stop())
    const hot = 'Emergency! The pipe burst, water everywhere. Please call today, budget 20000.'
    await here.writes('ana', 'Ana Lopez', { text: hot })
    await here.writes('work', 'A. Lopez', { text: hot })
    await timer.start()
    const leads = await db.selectFrom('lead').select(['id', 'tier', 'due_at']).orderBy('id').execute()
    expect(leads.map((it) => it.tier)).toEqual(['hot', 'hot'])
    await clock.advanceTo(Math.max(...leads.map((it) => it.due_at ?? 0)))
    const heard = async () => {
      store.forget()
      await clock.advance(3 * minute)
      return [...new Set(store.announced('lead.alert').map((it) => it.personId))].toSorted()
    }
    expect(await heard()).toEqual([1, 2])
    // Somebody looked at the first, and the second rings: merged, the one that is left rings.
    await markSeen(store, 1, clock.now())
    expect(await heard()).toEqual([2])
    const mergeId = await here.merge(1, 2)
    expect(await heard()).toEqual([1])
    await here.unmerge(mergeId)
    expect(await heard()).toContain(2)
  })
  test('refuses itself, the merged and the taken back', async () => {
    const here = await opened()
    for (const who of ['a', 'b', 'c']) await here.writes(who)
    await expect(here.merge(1, 1)).rejects.toThrow('the same person already')
    const first = await here.merge(1, 2)
    await here.merge(3, 1)
    await expect(here.unmerge(first)).rejects.toThrow('Take that back first')
    await expect(
      here.people['people.merge']({ keptId: 3, goneId: 2, name: 'x', company: null, title: null }),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

test('deadlines stand still while nobody can be answered, until a way is added', async () => {
  const here = await opened()
  const { store, clock, db, clocks } = here
  await here.writes('ana', 'Ana Lopez')
  const paused = async () => {
    const rows = await db.selectFrom('clock').select('pause_reason').where('state', '=', 'running').execute()
    return [...new Set(rows.map((it) => it.pause_reason))]
  }
  await store.write((tx) => tx.db.updateTable('handle').set({ valid: 0 }).execute())
  await store.write((tx) => clocks.reached(tx, 1, clock.now()))
  expect(await paused()).toEqual(['opted_out'])
  await here.people['people.addHandle']({ personId: 1, kind: 'email', value: 'ana@new.example' })
  expect(await paused()).toEqual([null])
})

test('who cannot be answered can be again with what the other one brings', async () => {
  const here = await opened()
  const { store, clock, db, clocks } = here
  await here.writes('ana', 'Ana Lopez')
  await store.write((tx) => tx.db.updateTable('handle').set({ valid: 0 }).execute())
  await store.write((tx) => clocks.reached(tx, 1, clock.now()))
  const due = async () =>
    (await db.selectFrom('lead').select('clock_kind').where('id', '=', 1).executeTakeFirst())?.clock_kind ?? null
  await here.people['people.add']({ name: 'A. Lopez', email: null, phone: '+14155550142', source: 'Walk-in' })
  const mergeId = await here.merge(1, 2)
  expect(await due()).toBe('first_contact')
  await here.unmerge(mergeId)
  const { pause_reason } = await db
    .selectFrom('clock')
    .select('pause_reason')
    .where('lead_id', '=', 1)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  expect(pause_reason).toBe('opted_out')
})

test('an address that only ever wrote joins the person it is added to, with its old mail', async () => {
  const here = await opened()
  await here.writes('ana', 'Ana Lopez')
  await here.writes('work', null)
  await here.people['people.addHandle']({ personId: 1, kind: 'email', value: 'work@work-home.example' })
  expect((await here.interactions()).map((it) => it.person_id)).toEqual([1, 1])
  // Somebody with a name of their own is asked about.
  await here.writes('gus', 'Gus Chen')
  await expect(
    here.people['people.addHandle']({ personId: 1, kind: 'email', value: 'gus@gus-home.example' }),
  ).rejects.toThrow('already belongs to Gus Chen')
})

type Step =
  | { readonly do: 'write'; readonly who: number; readonly out: boolean }
  | { readonly do: 'merge'; readonly a: number; readonly b: number }
  | { readonly do: 'unmerge'; readonly pick: number }

const names = ['ana', 'bo', 'cem', 'dee'] as const
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), who: fc.nat(3), out: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), a: fc.nat(3), b: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unmerge' as const), pick: fc.nat(9) }) },
)

test('any sequence of arrivals, merges and their undo ends where the handles say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const here = await openMergeWorld()
      try {
        for (const name of names) await here.writes(name, `${name[0]?.toUpperCase()}${name.slice(1)} Lopez`)
        for (const it of steps) {
          if (it.do === 'write') await here.writes(names[it.who] ?? 'ana', null, { out: it.out })
          else if (it.do === 'merge') {
            const alive = await aliveOf(here)
            const [kept, gone] = [alive[it.a % alive.length], alive[it.b % alive.length]]
            if (kept !== undefined && gone !== undefined && kept !== gone) await here.merge(kept, gone)
          } else await unmergeOne(here, it.pick)
          await sound(here)
        }
        while (await unmergeOne(here, 0)) await sound(here)
        await sound(here, true)
        // Each person has their own address, and every message is under the address it names.
        expect(await here.handles()).toEqual(names.map((name, at) => [at + 1, `${name}@${name}-home.example`]))
        const all = await here.db.selectFrom('person').select('name').orderBy('id').execute()
        expect(all.map((it) => it.name)).toEqual(names.map((name) => `${name[0]?.toUpperCase()}${name.slice(1)} Lopez`))
      } finally {
        await here.store.close()
      }
    }),
    { numRuns: 80 },
  )
})

const aliveOf = async ({ db }: World) =>
  (await db.selectFrom('person').select('id').where('merged_into', 'is', null).orderBy('id').execute()).map(
    (it) => it.id,
  )

async function unmergeOne(here: World, pick: number): Promise<boolean> {
  const merges = await here.db
    .selectFrom('person_merge')
    .innerJoin('person', 'person.id', 'person_merge.kept_id')
    .select('person_merge.id')
    .where('undone_at', 'is', null)
    .where('person.merged_into', 'is', null)
    .orderBy('person_merge.id')
    .execute()
  const merge = merges[pick % Math.max(1, merges.length)]
  if (merge) await here.unmerge(merge.id)
  return merge !== undefined
}

/** What must hold after every step. */
async function sound({ db }: World, apart = false): Promise<void> {
  const interactions = await db
    .selectFrom('interaction')
    .innerJoin('mail', 'mail.interaction_id', 'interaction.id')
    .leftJoin('lead', 'lead.id', 'interaction.lead_id')
    .select(['interaction.id', 'interaction.person_id', 'interaction.direction', 'from_address', 'to_addresses'])
    .select(['lead.person_id as lead_person', 'interaction.lead_id'])
    .execute()
  const owners = new Map(
    (await db.selectFrom('handle').select(['value', 'person_id']).execute()).map((it) => [it.value, it.person_id]),
  )
  for (const it of interactions) {
    const [to] = JSON.parse(it.to_addresses) as string[]
    const address = it.direction === 'in' ? it.from_address : (to ?? '')
    expect(it.person_id).toBe(owners.get(address))
    if (it.lead_id !== null) expect(it.lead_person).toBe(it.person_id)
  }
  const touches = await db
    .selectFrom('source_touch')
    .innerJoin('interaction', 'interaction.id', 'source_touch.interaction_id')
    .select(['source_touch.person_id', 'interaction.person_id as owner'])
    .execute()
  for (const it of touches) expect(it.person_id).toBe(it.owner)
  const rows = await db.selectFrom('lead').selectAll().where('status', '=', 'open').execute()
  for (const lead of rows) {
    const running = await db
      .selectFrom('clock')
      .select(['kind', 'due_at'])
      .where('lead_id', '=', lead.id)
      .where('state', '=', 'running')
      .orderBy('due_at')
      .execute()
    expect(new Set(running.map((it) => it.kind)).size).toBe(running.length)
    expect(lead.due_at).toBe(running[0]?.due_at ?? null)
    expect(lead.merged_into).toBeNull()
    const said = await db
      .selectFrom('interaction')
      .select('direction')
      .where('lead_id', '=', lead.id)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst()
    // Whoever asked last is owed an answer; whoever was answered last is not, once everybody is by themselves.
    const owed = running.some((it) => it.kind !== 'owned' && it.kind !== 'second_touch')
    if (said?.direction === 'in' || (said && apart)) expect(owed).toBe(said.direction === 'in')
  }
}
