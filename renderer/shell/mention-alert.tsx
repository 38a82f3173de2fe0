import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEngineEvent, useHostEvent } from '../rpc/events.tsx'
import { useWindow } from './window-context.tsx'

const longestWords = 160
const shortly = 20_000

/** Says in the window that a note calls whoever sits here, and opens the very note; a click on the computer's notification does, too. */
export function MentionAlert(): null {
  const { state, act } = useWindow()
  const shown = state.page.kind === 'leads' ? state.personId : null
  const open = (note: { readonly personId: number; readonly interactionId: number }) => {
    notifications.hide(toast)
    act({ do: 'jump', ...note, words: [] })
  }
  useHostEvent('note.open', open)
  useEngineEvent('mention.made', ({ personId, interactionId, name, author, text, count }) => {
    // It is being read.
    if (count === 1 && personId === shown && document.hasFocus()) return
    const who = author ?? 'Somebody'
    const words = text.length > longestWords ? `${text.slice(0, longestWords)}…` : text
    notifications.hide(toast)
    notifications.show({
      id: toast,
      color: 'yellow',
      title: count === 1 ? `${who} calls you in a note about ${name}` : `${count} notes call you`,
      autoClose: shortly,
      withBorder: true,
      message: (
        <>
          <div dir="auto">{count === 1 ? words : `${who} about ${name}: ${words}`}</div>
          <Group gap={6} mt={6}>
            <Button size="compact-xs" onClick={() => open({ personId, interactionId })}>
              Open the note
            </Button>
            {count > 1 && (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => {
                  notifications.hide(toast)
                  act({ do: 'go', page: { kind: 'leads', view: 'mentions' } })
                }}
              >
                Show all
              </Button>
            )}
          </Group>
        </>
      ),
    })
  })
  return null
}

const toast = 'mention'
