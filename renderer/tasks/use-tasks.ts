import { useMemo } from 'react'
import type { Task } from '../../src/contact/tasks/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { useReport } from '../ui/report.tsx'

/** What can be done with tasks besides writing them; each can be taken back. */
export function useTasks() {
  const undo = useUndo()
  const report = useReport()
  return useMemo(() => {
    const ran = async (work: () => Promise<unknown>, label: string, back: () => Promise<unknown>) => {
      try {
        await work()
        undo.offer({ label, undo: async () => void (await back()) })
      } catch (error) {
        report(error)
      }
    }
    return {
      tick: ({ id: taskId, words, doneAt }: Pick<Task, 'id' | 'words' | 'doneAt'>) => {
        const done = doneAt === null
        const label = done ? `Task done: ${words}` : `Open again: ${words}`
        void ran(
          () => call('tasks.tick', { taskId, done }),
          label,
          () => call('tasks.tick', { taskId, done: !done }),
        )
      },
      remove: ({ id: taskId, words }: Pick<Task, 'id' | 'words'>) => {
        void ran(
          () => call('tasks.show', { taskId, shown: false }),
          `Task removed: ${words}`,
          () => call('tasks.show', { taskId, shown: true }),
        )
      },
    }
  }, [undo, report])
}
