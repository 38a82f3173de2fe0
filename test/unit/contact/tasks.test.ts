import { describe, expect, test } from 'vitest'
import { hour, minute } from '../../../src/lib/durations.ts'
import { inboundCall, inboundForm, inboundMail, inboundText } from '../../fakes/inbound.ts'
import { openFirstWorld } from './first-world.ts'

describe('the first task', () => {
  test('is written with the lead and its owner, says how to answer best, and is due with first contact', async () => {
    const it = await openFirstWorld()
    await it.comes(inboundMail())
    expect(await it.tasks()).toMatchObject([
      {
        kind: 'email',
        words: 'Reply to Ana Lopez by e-mail: Kitchen remodel',
        dueAt: null,
        owner: { name: 'Dana' },
        withLead: true,
        origin: 'rule',
        why: 'They wrote an e-mail',
        doneAt: null,
      },
    ])
    expect(await it.told('task.added')).toEqual(['First task: Reply to Ana Lopez by e-mail: Kitchen remodel'])
  })

  test.each([
    [inboundText(), 'text', 'Reply to (415) 555-0187 by text: Can you come today? The tap is leaking'],
    [inboundCall(), 'call', 'Call (415) 555-0187 back'],
    [inboundCall({ result: 'voicemail' }), 'call', 'Listen to the voicemail of (415) 555-0187 and call back'],
    [
      inboundForm({ name: 'Ana Lopez', phone: '(415) 555-0187', message: 'New sink' }),
      'call',
      'Call Ana Lopez: New sink',
    ],
    [inboundForm({ name: 'Ana Lopez', email: 'ana@l.example' }), 'email', /^Write Ana Lopez an e-mail/],
  ] as const)('fits how they came: %#', async (item, kind, words) => {
    const it = await openFirstWorld()
    await it.comes(item)
    const [task] = await it.tasks()
    expect(task?.kind).toBe(kind)
    expect(task?.words).toMatch(words instanceof RegExp ? words : new RegExp(`^${words.replace(/[()?]/g, '\\$&')}$`))
  })

  test('is not written for a lead that was answered before it came in, for history, nor a second time', async () => {
    const it = await openFirstWorld()
    const answer = inboundMail(
      {
        messageId: 'our@answer',
        inReplyTo: 'first@ana.example',
        from: 'office@bright-kitchens.example',
        to: ['ana@lopez-home.example'],
      },
      { direction: 'out', at: it.clock.now() + minute },
    )
    await it.clock.advance(5 * minute)
    await it.comes(inboundMail(), answer)
    expect(await it.tasks()).toEqual([])
    await it.comes(inboundText({}, { history: true }))
    expect(await it.tasks(2)).toEqual([])
    await it.comes(inboundCall({ from: '+14155550111' }, { externalId: 'CA2' }))
    await it.comes(inboundCall({ from: '+14155550111' }, { externalId: 'CA3' }))
    expect(await it.tasks(3)).toHaveLength(1)
  })

  test('is written for somebody typed in by hand, too', async () => {
    const it = await openFirstWorld()
    const { personId } = await it.call('people.add', {
      name: 'Bob',
      email: null,
      phone: '+14155550123',
      source: 'Walk-in',
    })
    expect(await it.tasks(personId)).toMatchObject([{ words: 'Call Bob', why: 'A new lead wants a first answer' }])
  })

  test('is done by a human answer on any channel, by whoever gave it, and not by a try that failed', async () => {
    const it = await openFirstWorld()
    await it.comes(inboundMail())
    await it.call('contact.logCall', { personId: 1, direction: 'out', outcome: 3, note: '' })
    expect((await it.tasks())[0]?.doneAt).toBeNull()
    await it.call('contact.sendMail', {
      personId: 1,
      replyTo: 1,
      subject: '',
      body: 'Yes!',
      attachments: [],
      templateId: null,
    })
    expect((await it.tasks())[0]?.doneAt).toBeNull()
    await it.clock.advance(minute)
    expect(it.arrived).toHaveLength(1)
    expect((await it.tasks())[0]?.doneAt).not.toBeNull()
    const row = await it.store.read.db.selectFrom('task').select(['ended_by', 'done_by']).executeTakeFirst()
    expect(row).toEqual({ ended_by: 'answer', done_by: it.dana })
  })

  test('is over with its lead, and there again when that is taken back', async () => {
    const it = await openFirstWorld()
    await it.comes(inboundMail())
    const { undoId } = await it.call('inbox.done', { leadIds: [1] })
    expect(await it.tasks()).toEqual([])
    await it.call('inbox.undo', { undoId })
    expect(await it.tasks()).toHaveLength(1)
    await it.call('inbox.notALead', { leadIds: [1] })
    expect(await it.tasks()).toEqual([])
  })
})

describe('a task by hand', () => {
  const open = async () => {
    const it = await openFirstWorld()
    await it.comes(inboundMail())
    const add = (words: string, dueAt: number | null, kind: 'call' | 'todo' = 'todo') =>
      it.call('tasks.add', { personId: 1, kind, words, dueAt, ownerId: null })
    return { ...it, add, byHand: async () => (await it.tasks()).filter((task) => task.origin === 'hand') }
  }

  test('is listed soonest first, changed, ticked off, taken back, taken away and brought back', async () => {
    const it = await open()
    const at = it.clock.now()
    const { taskId } = await it.add('Send the brochure', null)
    await it.add('Call back', at + 2 * hour, 'call')
    await it.add('Measure', at + hour)
    const listed = async () => (await it.call('tasks.list', { whose: 'mine', limit: 50 })).tasks
    expect((await listed()).map((task) => [task.words, task.name])).toEqual([
      ['Measure', 'Ana Lopez'],
      ['Call back', 'Ana Lopez'],
      ['Send the brochure', 'Ana Lopez'],
    ])
    await it.call('tasks.edit', { taskId, words: 'Send the price list', dueAt: at + 30 * minute })
    expect((await listed())[0]).toMatchObject({ words: 'Send the price list', dueAt: at + 30 * minute })
    await it.call('tasks.tick', { taskId, done: true })
    expect((await listed()).map((task) => task.words)).toEqual(['Measure', 'Call back'])
    expect(await it.told('task.done')).toEqual(['Task done: Send the price list'])
    await it.call('tasks.tick', { taskId, done: false })
    expect(await it.told('task.done')).toEqual([])
    expect(await listed()).toHaveLength(3)
    await it.call('tasks.show', { taskId, shown: false })
    expect(await listed()).toHaveLength(2)
    await it.call('tasks.show', { taskId, shown: true })
    expect(await listed()).toHaveLength(3)
    await expect(it.call('tasks.tick', { taskId: 99, done: true })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(
      it.call('tasks.add', { personId: 1, kind: 'todo', words: 'x', dueAt: null, ownerId: 77 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('comes due at its time: said once, counted, and its lead stands where that time says', async () => {
    const it = await open()
    await it.comes(inboundText({ from: '+14155550111' }, { externalId: 'SM2' }))
    const order = async () =>
      (await it.call('inbox.list', { view: 'inbox', after: null, limit: 10 })).rows.map((row) => row.personId)
    await it.call('contact.logCall', { personId: 1, direction: 'out', outcome: 1, note: '' })
    // We called them, so it is their turn: only the task brings them back.
    expect(await order()).toEqual([2])
    const due = it.clock.now() + minute
    const { taskId } = await it.add('Call back', due, 'call')
    expect(await order()).toEqual([2])
    expect(it.store.announced('task.due')).toEqual([])
    await it.clock.advance(minute)
    expect(it.store.announced('task.due')).toEqual([
      { taskId, personId: 1, name: 'Ana Lopez', words: 'Call back', dueAt: due, ownerId: it.dana, count: 1 },
    ])
    expect(await order()).toEqual([1, 2])
    expect((await it.call('inbox.row', { personId: 1 }))?.taskDueAt).toBe(due)
    expect(await it.call('tasks.counts', {})).toEqual({ mine: 1, everybody: 1 })
    await it.clock.advance(hour)
    expect(it.store.announced('task.due')).toHaveLength(1)
    await it.call('tasks.edit', { taskId, dueAt: it.clock.now() + hour })
    expect((await it.lead()).task_due_at).toBeNull()
    await it.clock.advance(hour)
    expect(it.store.announced('task.due')).toHaveLength(2)
    await it.call('tasks.tick', { taskId, done: true })
    expect((await it.lead()).task_due_at).toBeNull()
    expect(await it.call('tasks.counts', {})).toEqual({ mine: 0, everybody: 0 })
  })

  test('to call is done by a call that comes through at its time or later, and by nothing else', async () => {
    const it = await open()
    const due = it.clock.now() + 5 * hour
    await it.add('Call back', due, 'call')
    const calls = () => it.call('contact.logCall', { personId: 1, direction: 'out', outcome: 1, note: '' })
    await calls()
    expect((await it.byHand())[0]?.doneAt).toBeNull()
    await it.clock.advanceTo(due)
    await it.call('contact.sendMail', {
      personId: 1,
      replyTo: 1,
      subject: '',
      body: 'Hm',
      attachments: [],
      templateId: null,
    })
    await it.clock.advance(minute)
    expect((await it.byHand())[0]?.doneAt).toBeNull()
    await calls()
    expect((await it.byHand())[0]?.doneAt).toBe(it.clock.now())
  })

  test('goes along when two people become one, and back when they are two again', async () => {
    const it = await open()
    await it.comes(inboundText({ from: '+14155550111' }, { externalId: 'SM2' }))
    const { taskId } = await it.call('tasks.add', {
      personId: 2,
      kind: 'todo',
      words: 'Theirs',
      dueAt: null,
      ownerId: null,
    })
    const chosen = { name: 'Ana Lopez', company: '', title: '' }
    const { mergeId } = await it.call('people.merge', { keptId: 1, goneId: 2, ...chosen })
    expect((await it.byHand()).map((task) => task.id)).toEqual([taskId])
    expect((await it.tasks(2)).map((task) => task.words)).toContain('Theirs')
    await it.call('people.unmerge', { mergeId })
    expect(await it.byHand()).toEqual([])
    expect((await it.tasks(2)).map((task) => task.words)).toContain('Theirs')
  })
})

test('"callback requested" takes a time, and saying something else takes the promise back', async () => {
  const it = await openFirstWorld()
  await it.comes(inboundCall())
  const callBackAt = it.clock.now() + 3 * hour
  const { interactionId } = await it.call('contact.logCall', {
    personId: 1,
    direction: 'out',
    outcome: 5,
    note: '',
    callBackAt,
  })
  const promised = async () => (await it.tasks()).filter((task) => task.origin === 'hand')
  expect(await promised()).toMatchObject([{ kind: 'call', words: 'Call (415) 555-0187 back', dueAt: callBackAt }])
  await it.call('contact.setOutcome', { interactionId, outcome: 5, callBackAt: callBackAt + hour })
  expect(await promised()).toMatchObject([{ dueAt: callBackAt + hour }])
  await it.call('contact.setOutcome', { interactionId, outcome: 1 })
  expect(await promised()).toEqual([])
})
