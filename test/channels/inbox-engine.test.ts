import { expect, onTestFinished, test } from 'vitest'
import { openWholeEngine } from '../fakes/whole-engine.ts'

test('in the whole engine, on the sample business: search with filters, a view of it, a note that calls, a snooze in words', async () => {
  const { call, stop } = await openWholeEngine({ sample: 'brightwater' })
  onTestFinished(stop)

  const all = await call('inbox.search', { text: 'kitchen', limit: 50 })
  const mail = await call('inbox.search', { text: 'kitchen channel:email', limit: 50 })
  expect(mail.hits.length).toBeGreaterThan(0)
  expect(mail.hits.length).toBeLessThan(all.hits.length)
  expect(mail.hits.every((hit) => hit.channel === 'email')).toBe(true)
  const unknown = await call('inbox.search', { text: 'kitchen shape:round', limit: 5 })
  expect(unknown.problems).toEqual(['“shape:” is not a filter here, so it is searched as text.'])

  const view = { id: null, name: 'Good ones', icon: 'star', query: 'score:>=50', sort: 'score' } as const
  const { id } = await call('inbox.saveView', view)
  const { rows } = await call('inbox.list', { view: `saved:${id}`, after: null, limit: 200 })
  const [ours, theirs] = await Promise.all(
    (['inbox', 'waiting'] as const).map((it) => call('inbox.list', { view: it, after: null, limit: 200 })),
  )
  const good = [...(ours?.rows ?? []), ...(theirs?.rows ?? [])].filter((row) => row.score >= 50)
  expect(new Set(rows.map((row) => row.leadId))).toEqual(new Set(good.map((row) => row.leadId)))
  expect(rows.map((row) => row.score)).toEqual(rows.map((row) => row.score).toSorted((a, b) => b - a))
  expect((await call('inbox.viewCounts', {})).counts).toEqual([{ id, count: rows.length }])
  expect((await call('inbox.ids', { view: `saved:${id}` })).leadIds).toHaveLength(rows.length)

  const [row] = rows
  if (!row) throw new Error('the sample has good leads')
  const { members } = await call('team.list', {})
  const { me } = await call('settings.get', {})
  const other = members.find((it) => it.id !== me)
  if (!other) throw new Error('the sample has a team')
  const note = await call('contact.addNote', { personId: row.personId, text: `@${other.name} please look` })
  await call('contact.editNote', { interactionId: note.interactionId, version: 1, text: `@${other.name} please call` })
  const { entries } = await call('people.timeline', { personId: row.personId, before: null, limit: 200 })
  expect(entries.find((it) => it.id === note.interactionId)).toMatchObject({ kind: 'note', version: 2 })
  await call('settings.savePreferences', { me: other.id })
  expect((await call('inbox.counts', {})).mentions).toBe(1)
  expect((await call('inbox.list', { view: 'mentions', after: null, limit: 9 })).rows.map((it) => it.leadId)).toEqual([
    row.leadId,
  ])
  expect(await call('inbox.seeMentions', { personId: row.personId })).toEqual({ seen: 1 })

  const { times } = await call('inbox.snoozeTimes', {})
  expect(times[0]).toMatchObject({ key: 'reply', label: 'Until they reply' })
  const { until } = await call('inbox.readTime', { text: 'in 3 weeks' })
  if (until === null) throw new Error('was not understood')
  const { undoId } = await call('inbox.snooze', { leadIds: [row.leadId], until, keep: true })
  const gone = await call('inbox.list', { view: `saved:${id}`, after: null, limit: 200 })
  expect(gone.rows.map((it) => it.leadId)).not.toContain(row.leadId)
  await call('inbox.undo', { undoId })
  const back = await call('inbox.list', { view: `saved:${id}`, after: null, limit: 200 })
  expect(back.rows.map((it) => it.leadId)).toContain(row.leadId)
})
