import { expect, test } from 'vitest'
import { hour, minute } from '../../../src/lib/durations.ts'
import { tuesdayMorning as now } from '../../fakes/fake-clock.ts'
import { openInbox } from '../inbox/leads.ts'

test('a second try that is late stands behind what is owed, and before what is not', async () => {
  const it = await openInbox()
  const quiet = await it.add('Nothing owed')
  const again = await it.add('Try again')
  const late = await it.add('Late')
  const soon = await it.add('Soon')
  const due = (leadId: number, kind: 'second_touch' | 'first_contact', at: number) =>
    it.store.write(({ db }) =>
      db.updateTable('lead').set({ clock_kind: kind, due_at: at }).where('id', '=', leadId).execute(),
    )
  await due(again.leadId, 'second_touch', now - 20 * hour)
  await due(late.leadId, 'first_contact', now - hour)
  await due(soon.leadId, 'first_contact', now + minute)
  const list = async (view: 'inbox' | 'due') =>
    (await it.inbox['inbox.list']({ view, after: null, limit: 10 })).rows.map((row) => row.leadId)
  expect(await list('inbox')).toEqual([late.leadId, soon.leadId, again.leadId, quiet.leadId])
  expect(await list('due')).toEqual([late.leadId, soon.leadId, again.leadId])
  const first = await it.inbox['inbox.list']({ view: 'due', after: null, limit: 2 })
  const second = await it.inbox['inbox.list']({ view: 'due', after: first.next, limit: 2 })
  expect(second.rows.map((row) => row.leadId)).toEqual([again.leadId])
})
