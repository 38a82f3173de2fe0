import type { Clock } from '../../lib/clock.ts'
import type { HandlersOf } from '../../rpc/serve.ts'
import { survivorOf } from '../../store/queries/merges.ts'
import type { Store } from '../../store/store.ts'
import { addTask, editTask, showTask, tickTask } from './change-tasks.ts'
import type { tasksContract } from './contract.ts'
import { countTasks, listTasks, tasksOfPerson } from './read-tasks.ts'

/** Answers `contact/tasks/contract.ts`. */
export function makeTasksHandlers({
  store,
  clock,
}: {
  readonly store: Store
  readonly clock: Clock
}): HandlersOf<typeof tasksContract> {
  return {
    'tasks.ofPerson': async ({ personId }) => ({
      tasks: await tasksOfPerson(store.read, await survivorOf(store.read, personId), clock.now()),
    }),
    'tasks.list': (which) => listTasks(store.read, which),
    'tasks.counts': () => countTasks(store.read, clock.now()),
    'tasks.add': (task) =>
      store.write(async (tx) => addTask(tx, { ...task, personId: await survivorOf(tx, task.personId) }, clock.now())),
    'tasks.edit': async ({ taskId, ...change }) => {
      await store.write((tx) => editTask(tx, taskId, change))
      return {}
    },
    'tasks.tick': async ({ taskId, done }) => {
      await store.write((tx) => tickTask(tx, taskId, done, clock.now()))
      return {}
    },
    'tasks.show': async ({ taskId, shown }) => {
      await store.write((tx) => showTask(tx, taskId, shown, clock.now()))
      return {}
    },
  }
}
