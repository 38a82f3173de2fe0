import { type Icon, IconCheckbox, IconMail, IconMessage2, IconPhone } from '@tabler/icons-react'
import type { Task, TaskKind } from '../../src/contact/tasks/contract.ts'
import { type Place, shortMoment } from '../ui/time-format.ts'

export const taskKinds: Readonly<Record<TaskKind, { readonly label: string; readonly icon: Icon }>> = {
  call: { label: 'Call', icon: IconPhone },
  text: { label: 'Text', icon: IconMessage2 },
  email: { label: 'Mail', icon: IconMail },
  todo: { label: 'To do', icon: IconCheckbox },
}

type Due = { readonly words: string; readonly isLate: boolean }

/** When a task is due, in words. A first task is due with its clock, which shows that itself. */
export function dueWords(
  { dueAt, origin, doneAt }: Pick<Task, 'dueAt' | 'origin' | 'doneAt'>,
  now: number,
  place: Place,
): Due | null {
  if (doneAt !== null) return { words: `done ${shortMoment(doneAt, now, place)}`, isLate: false }
  if (dueAt === null) return origin === 'rule' ? null : { words: 'no time set', isLate: false }
  const isLate = dueAt <= now
  return { words: `${isLate ? 'was due' : 'due'} ${shortMoment(dueAt, now, place)}`, isLate }
}
