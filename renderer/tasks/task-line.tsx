import { Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Task } from '../../src/contact/tasks/contract.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { fullMoment } from '../ui/time-format.ts'
import { dueWords, taskKinds } from './task-words.ts'
import styles from './tasks.module.css'
import { useTasks } from './use-tasks.ts'

type Props = {
  readonly task: Task
  /** Whose it is, where that is not the person on screen. */
  readonly who?: ReactNode
  readonly onEdit: () => void
}

/** A box to tick, what is to be done, by when and by whom; pressing the words changes it. */
export function TaskLine({ task, who, onEdit }: Props) {
  const place = usePlace()
  const now = useNow('minute')
  const { tick } = useTasks()
  const kind = taskKinds[task.kind]
  const due = dueWords(task, now, place)
  const owner = task.owner && !task.withLead ? task.owner.name : null
  const done = task.doneAt !== null
  const title = [task.why, task.dueAt === null ? null : fullMoment(task.dueAt, place)]
    .filter((it) => it !== null)
    .join(' · ')
  return (
    <li className={styles.task} data-done={done || undefined}>
      <Checkbox
        size="sm"
        checked={done}
        aria-label={done ? `Open again: ${task.words}` : `Done: ${task.words}`}
        onChange={() => tick(task)}
      />
      <div className={styles.text}>
        {who}
        <button type="button" className={styles.words} dir="auto" title={title || undefined} onClick={onEdit}>
          {task.words}
        </button>
        {(due !== null || owner !== null) && (
          <span className={styles.when} data-late={due?.isLate || undefined}>
            <kind.icon size={13} aria-label={kind.label} />
            {[due?.words, owner].filter((it) => it).join(' · ')}
          </span>
        )}
      </div>
    </li>
  )
}
