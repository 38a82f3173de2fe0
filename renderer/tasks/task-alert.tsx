import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef } from 'react'
import { useEngineEvent } from '../rpc/events.tsx'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'

/** Says in the window when the time of a task comes: to whom it belongs, and of what nobody owns to everybody. */
export function TaskAlert(): null {
  const { act } = useWindow()
  const me = useEngine('settings.get', {}).data?.me ?? null
  const shown = useRef(new Set<number>())
  useEngineEvent('task.due', ({ taskId, personId, name, words, ownerId }) => {
    if (shown.current.has(taskId) || (ownerId !== null && me !== null && ownerId !== me)) return
    shown.current.add(taskId)
    const id = `task-${taskId}`
    const open = () => {
      notifications.hide(id)
      act({ do: 'go', page: { kind: 'leads', view: 'inbox' } })
      act({ do: 'open', personId })
    }
    notifications.show({
      id,
      title: `It is time: ${name}`,
      withBorder: true,
      autoClose: 60_000,
      message: (
        <Group gap="xs" justify="space-between" wrap="nowrap">
          <Text size="sm" lineClamp={2} dir="auto">
            {words}
          </Text>
          <Button size="compact-sm" variant="default" onClick={open}>
            Open
          </Button>
        </Group>
      ),
      onClose: () => shown.current.delete(taskId),
    })
  })
  return null
}
