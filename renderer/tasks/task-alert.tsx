import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEngineEvent } from '../rpc/events.tsx'
import { useEngine } from '../rpc/queries.ts'
import { playAlert } from '../shell/alert-sound.ts'
import { useWindow } from '../shell/window-context.tsx'

/** Says in the window when the time of a task comes, and rings: the engine tells only what concerns whoever sits here. */
export function TaskAlert(): null {
  const { act } = useWindow()
  const volume = useEngine('contact.ladder', {}).data?.alerts.volume ?? 70
  useEngineEvent('task.due', ({ taskId, personId, name, words, count }) => {
    playAlert('soon', volume)
    const one = count === 1
    const id = `task-${taskId}`
    const open = () => {
      notifications.hide(id)
      if (!one) return act({ do: 'go', page: { kind: 'tasks' } })
      act({ do: 'go', page: { kind: 'leads', view: 'inbox' } })
      act({ do: 'open', personId })
    }
    notifications.show({
      id,
      title: one ? `It is time: ${name}` : `${count} tasks are due`,
      withBorder: true,
      autoClose: 60_000,
      message: (
        <Group gap="xs" justify="space-between" wrap="nowrap">
          <Text size="sm" lineClamp={2} dir="auto">
            {one ? words : `First: ${words} (${name})`}
          </Text>
          <Button size="compact-sm" variant="default" onClick={open}>
            {one ? 'Open' : 'Show tasks'}
          </Button>
        </Group>
      ),
    })
  })
  return null
}
