import { defaultFirstAnswer } from '../../src/contact/first-answer/default-wording.ts'
import type { ListedTask } from '../../src/contact/tasks/contract.ts'
import { notFound } from '../../src/rpc/errors.ts'
import type { Answers } from './window-bridge.ts'
import type { World } from './window-data.ts'

const minute = 60_000

/** What is to be done for people, and what is answered by itself. */
export function taskAnswers(world: World, newId: () => number, changed: (personIds?: number[]) => void): Answers {
  const now = Date.now()
  const owner = world.members[0] ? { id: world.members[0].id, name: world.members[0].name } : null
  let tasks: ListedTask[] = world.rows
    .filter((it) => it.status === 'open')
    .slice(0, 6)
    .flatMap((row, n): ListedTask[] => {
      const base = {
        personId: row.personId,
        name: row.name,
        company: row.company,
        owner,
        withLead: true,
        createdAt: now,
      }
      const first = { ...base, id: newId(), kind: 'call' as const, words: `Call ${row.name}: ${row.preview}` }
      const more = {
        ...base,
        id: newId(),
        kind: 'todo' as const,
        words: 'Send the price list',
        dueAt: now + (n - 2) * 90 * minute,
      }
      return [
        { ...first, dueAt: null, origin: 'rule', why: 'They filled in a form', doneAt: null },
        { ...more, origin: 'hand', why: null, doneAt: null },
      ]
    })
  let answer = { settings: defaultFirstAnswer, pausedAt: null as number | null, trouble: null }
  const change = (taskId: number, values: Partial<ListedTask>) => {
    const task = tasks.find((it) => it.id === taskId)
    if (!task) throw notFound('This task')
    tasks = tasks.map((it) => (it === task ? { ...it, ...values } : it))
    changed([task.personId])
    return {}
  }
  const gone = new Map<number, ListedTask>()
  return {
    'tasks.ofPerson': ({ personId }) => ({ tasks: tasks.filter((it) => it.personId === personId) }),
    'tasks.list': () => ({
      tasks: tasks.filter((it) => it.origin === 'hand' && it.doneAt === null),
      more: false,
    }),
    'tasks.counts': () => {
      const due = tasks.filter((it) => it.doneAt === null && it.dueAt !== null && it.dueAt <= Date.now()).length
      return { mine: due, everybody: due }
    },
    'tasks.add': ({ personId, kind, words, dueAt, ownerId }) => {
      const id = newId()
      const name = world.cards.get(personId)?.name ?? ''
      const own = ownerId === null ? owner : (world.members.find((it) => it.id === ownerId) ?? null)
      const task = { id, personId, kind, words, dueAt: dueAt ?? null, owner: own && { id: own.id, name: own.name } }
      const rest = {
        withLead: ownerId === null,
        origin: 'hand' as const,
        why: null,
        createdAt: Date.now(),
        doneAt: null,
      }
      tasks = [...tasks, { ...task, ...rest, name, company: null }]
      changed([personId])
      return { taskId: id }
    },
    'tasks.edit': ({ taskId, kind, words, dueAt }) =>
      change(taskId, {
        ...(kind && { kind }),
        ...(words && { words }),
        ...(dueAt !== undefined && { dueAt }),
      }),
    'tasks.tick': ({ taskId, done }) => change(taskId, { doneAt: done ? Date.now() : null }),
    'tasks.show': ({ taskId, shown }) => {
      const task = tasks.find((it) => it.id === taskId) ?? gone.get(taskId)
      if (!task) throw notFound('This task')
      gone.set(taskId, task)
      tasks = shown ? [...tasks, task] : tasks.filter((it) => it.id !== taskId)
      changed([task.personId])
      return {}
    },
    'firstAnswer.get': () => ({ ...answer, sent: 3, waiting: 0 }),
    'firstAnswer.save': ({ settings }) => {
      answer = { ...answer, settings }
      changed()
      return {}
    },
    'firstAnswer.resume': () => {
      answer = { ...answer, pausedAt: null }
      changed()
      return {}
    },
    'firstAnswer.preview': ({ subject, body }) => {
      const [row] = world.rows
      if (!row) return null
      const filled = body.replace(/\{\{\s*contact\.first_name[^}]*\}\}/g, row.name.split(' ')[0] ?? '')
      return {
        name: row.name,
        subject,
        body: filled.replace(/\{\{[^}]*"([^"]*)"\s*\}\}/g, '$1'),
        missing: [],
        mistake: null,
      }
    },
  }
}
