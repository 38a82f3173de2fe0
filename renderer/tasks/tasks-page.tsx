import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { useState } from 'react'
import type { ListedTask } from '../../src/contact/tasks/contract.ts'
import { keyOf } from '../keys/presets.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PlainKeyCap } from '../ui/key-cap.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useKeymap } from '../ui/preferences.tsx'
import { dayKey, type Place } from '../ui/time-format.ts'
import { TaskLine } from './task-line.tsx'
import styles from './tasks.module.css'

type Whose = 'mine' | 'everybody'
const step = 100

/** Everything that people wrote down to do, soonest first. */
export function TasksPage() {
  const place = usePlace()
  const [whose, setWhose] = useState<Whose>('mine')
  const [limit, setLimit] = useState(step)
  const { data, isPending, isError, error, refetch } = useEngine('tasks.list', { whose, limit }, { keepPrevious: true })
  const now = useNow('minute')
  const keys = keyOf('task', useKeymap())
  const groups = groupsOf(data?.tasks ?? [], now, place)
  return (
    <section className={styles.page} aria-label="Tasks">
      <header className={styles.pageHead}>
        <h1>Tasks</h1>
        <SegmentedControl
          aria-label="Whose"
          value={whose}
          onChange={(value) => setWhose(value as Whose)}
          data={[
            { value: 'mine', label: 'Mine' },
            { value: 'everybody', label: 'Everybody’s' },
          ]}
        />
      </header>
      {isError && !data && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton height={200} radius="lg" aria-label="Tasks are being fetched" />}
      {data?.tasks.length === 0 && (
        <Empty icon={IconChecklist} title="No tasks written down">
          <p>Whoever needs an answer stands in the inbox.</p>
          <p>
            To write down what else is to be done, and when, open somebody
            {keys && (
              <>
                {' '}
                and press <PlainKeyCap keys={keys} />
              </>
            )}
            .
          </p>
        </Empty>
      )}
      {groups.map(({ title, tasks }) => (
        <section key={title} className={styles.group} aria-label={title}>
          <h2>{title}</h2>
          <ul className={styles.list}>
            {tasks.map((task) => (
              <ListedLine key={task.id} task={task} />
            ))}
          </ul>
        </section>
      ))}
      {data?.more && (
        <Button variant="default" onClick={() => setLimit(Math.min(500, limit + step))}>
          Show more
        </Button>
      )}
    </section>
  )
}

function ListedLine({ task }: { readonly task: ListedTask }) {
  const { act } = useWindow()
  const { name, company, personId } = task
  const open = () => {
    act({ do: 'go', page: { kind: 'leads', view: 'all' } })
    act({ do: 'open', personId })
  }
  return (
    <TaskLine
      task={task}
      who={
        <button type="button" className={styles.who} dir="auto" onClick={open}>
          {name}
          {company && <span> · {company}</span>}
        </button>
      }
      onEdit={() => act({ do: 'dialog', dialog: { kind: 'task', personId, name, task } })}
    />
  )
}

/** What is late first, then today, later, and what has no time. */
function groupsOf(tasks: readonly ListedTask[], now: number, place: Place) {
  const titleOf = ({ dueAt }: ListedTask) => {
    if (dueAt === null) return 'No time set'
    if (dueAt <= now) return 'Due'
    return dayKey(dueAt, place) === dayKey(now, place) ? 'Today' : 'Later'
  }
  const byTitle = Map.groupBy(tasks, titleOf)
  return (['Due', 'Today', 'Later', 'No time set'] as const).flatMap((title) => {
    const of = byTitle.get(title)
    return of ? [{ title, tasks: of }] : []
  })
}
