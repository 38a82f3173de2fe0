import { Button, Group, Modal, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import type { Task, TaskKind } from '../../src/contact/tasks/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useSave } from '../settings/save-bar.tsx'
import { useWindow } from '../shell/window-context.tsx'
import { MomentPicker } from '../ui/date-pickers.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { clockTime, dayName } from '../ui/time-format.ts'
import { taskKinds } from './task-words.ts'
import styles from './tasks.module.css'
import { useTasks } from './use-tasks.ts'

type Props = {
  readonly personId: number
  readonly name: string
  /** Null for a new one. */
  readonly task: Task | null
  /** The call in which they asked to be called back: then only when is asked. */
  readonly callId?: number
}

const withLead = 'lead'

/** What is to be done for somebody, when, and by whom. */
export function TaskDialog({ personId, name, task, callId }: Props) {
  const place = usePlace()
  const { act } = useWindow()
  const { remove } = useTasks()
  const now = useNow('minute')
  const members = useEngine('team.list', {}).data?.members ?? []
  const { busy, problem, save } = useSave()
  const [kind, setKind] = useState<TaskKind>(task?.kind ?? 'todo')
  const [words, setWords] = useState(task?.words ?? '')
  const [owner, setOwner] = useState(task && !task.withLead && task.owner ? String(task.owner.id) : withLead)
  const [moment, setMoment] = useState<number | null>(task?.dueAt ?? null)
  const [spoken, setSpoken] = useState('')
  const [asked] = useDebouncedValue(spoken.trim(), 150)
  const read = useEngine('inbox.readTime', { text: asked }, { enabled: asked !== '' })
  const isRead = spoken.trim() === asked && !read.isPending
  const understood = asked === '' ? null : (read.data?.until ?? null)
  const dueAt = spoken.trim() === '' ? moment : understood
  const close = () => act({ do: 'dialog', dialog: null })
  const isPromise = callId !== undefined
  const isReady =
    (isPromise ? dueAt !== null : words.trim() !== '') && (spoken.trim() === '' || (isRead && dueAt !== null))

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const ownerId = owner === withLead ? null : Number(owner)
    const work = (): Promise<unknown> => {
      if (isPromise && dueAt !== null) {
        return call('contact.setOutcome', { interactionId: callId, outcome: callbackRequested, callBackAt: dueAt })
      }
      const values = { kind, words: words.trim(), ownerId }
      if (!task) return call('tasks.add', { personId, dueAt, ...values })
      return call('tasks.edit', { taskId: task.id, ...values, ...(dueAt === task.dueAt ? {} : { dueAt }) })
    }
    void save(
      () => work().then(() => true),
      () => null,
    ).then((done) => done && close())
  }

  const title = isPromise ? `When shall we call ${name} back?` : `${task ? 'Task' : 'New task'} for ${name}`
  return (
    <Modal opened onClose={close} title={title} size={460}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {!isPromise && (
            <>
              <TextInput
                label="What is to be done"
                placeholder="Send the brochure"
                data-autofocus
                dir="auto"
                maxLength={200}
                value={words}
                onChange={(event) => setWords(event.currentTarget.value)}
                onKeyDown={(event) => event.stopPropagation()}
              />
              <SegmentedControl
                aria-label="How"
                value={kind}
                onChange={(value) => setKind(value as TaskKind)}
                data={Object.entries(taskKinds).map(([value, { label }]) => ({ value, label }))}
              />
            </>
          )}
          <Group grow align="end">
            <TextInput
              label="When"
              placeholder="tuesday 3pm"
              {...(isPromise ? { 'data-autofocus': true } : {})}
              maxLength={100}
              value={spoken}
              onChange={(event) => setSpoken(event.currentTarget.value)}
              onKeyDown={(event) => event.stopPropagation()}
            />
            <MomentPicker
              aria-label="Date and time"
              placeholder="or a date"
              defaultTimeValue="09:00"
              value={moment}
              onChange={(value) => {
                setMoment(value)
                setSpoken('')
              }}
              clearable
            />
          </Group>
          <p className={styles.understood} role="status">
            {spoken.trim() === '' || !isRead
              ? ''
              : understood === null
                ? 'Not understood. Try “friday 9am” or “in 2 weeks”.'
                : `${dayName(understood, now, place)}, ${clockTime(understood, place)}`}
          </p>
          {!isPromise && (
            <Select
              label="Who"
              allowDeselect={false}
              data={[
                { value: withLead, label: 'Whoever owns the lead' },
                ...members.map((it) => ({ value: String(it.id), label: it.name })),
              ]}
              value={owner}
              onChange={(value) => setOwner(value ?? withLead)}
            />
          )}
          {(task?.why ?? null) !== null && (
            <p className={styles.none}>Made with the lead: {task?.why?.toLowerCase()}.</p>
          )}
          {problem !== null && <ErrorNotice error={problem} />}
          <Group justify="space-between">
            {task ? (
              <Button
                variant="subtle"
                color="red"
                onClick={() => {
                  close()
                  remove(task)
                }}
              >
                Remove
              </Button>
            ) : (
              <span />
            )}
            <Group gap="xs">
              <Button variant="default" onClick={close}>
                {isPromise ? 'No time' : 'Cancel'}
              </Button>
              <Button type="submit" loading={busy} disabled={!isReady}>
                Save
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

const callbackRequested = 5
