import { ActionIcon } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { keyLabel } from '../keys/key-label.ts'
import { keyOf } from '../keys/presets.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { useKeymap } from '../ui/preferences.tsx'
import { TaskLine } from './task-line.tsx'
import styles from './tasks.module.css'

type Props = {
  readonly personId: number
  readonly name: string
  /** What to do when no task says it. */
  readonly nextStep: string | null
}

const doneShown = 2

/** What is to be done for a person: tasks, and where there is none for now, the next step. */
export function PersonTasks({ personId, name, nextStep }: Props) {
  const { act } = useWindow()
  const keys = keyOf('task', useKeymap())
  const { data } = useEngine('tasks.ofPerson', { personId })
  const tasks = data?.tasks ?? []
  const open = tasks.filter((it) => it.doneAt === null)
  const done = tasks.filter((it) => it.doneAt !== null).slice(0, doneShown)
  const says = open.some((it) => it.origin === 'rule')
  const hint = keys ? ` (${keyLabel(keys).join(' ')})` : ''
  return (
    <section>
      <div className={styles.head}>
        <h3 className={styles.heading}>To do</h3>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Add a task for ${name}`}
          title={`Add a task${hint}`}
          onClick={() => act({ do: 'dialog', dialog: { kind: 'task', personId, name, task: null } })}
        >
          <IconPlus size={16} />
        </ActionIcon>
      </div>
      {data && !says && nextStep !== null && (
        <p className={styles.next} dir="auto">
          Next: {nextStep}
        </p>
      )}
      {data && open.length === 0 && nextStep === null && <p className={styles.none}>Nothing to do.</p>}
      {tasks.length > 0 && (
        <ul className={styles.list}>
          {[...open, ...done].map((task) => (
            <TaskLine
              key={task.id}
              task={task}
              onEdit={() => act({ do: 'dialog', dialog: { kind: 'task', personId, name, task } })}
            />
          ))}
        </ul>
      )}
    </section>
  )
}
