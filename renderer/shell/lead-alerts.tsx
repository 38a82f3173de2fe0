import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useEffectEvent } from 'react'
import type { ClockKind } from '../../src/inbox/contract.ts'
import type { EventPayload } from '../../src/rpc/contract.ts'
import { useCalls } from '../dialer/use-calls.ts'
import { useLeadActions } from '../inbox/use-lead-actions.ts'
import { call } from '../rpc/call.ts'
import { useEngineEvent, useHostEvent } from '../rpc/events.tsx'
import { useEngine } from '../rpc/queries.ts'
import { playAlert } from './alert-sound.ts'
import { useWindow } from './window-context.tsx'

type Alert = EventPayload<'lead.alert'>

const verbs: Readonly<Record<ClockKind, string>> = {
  owned: 'Take',
  first_contact: 'Answer',
  second_touch: 'Try again to reach',
  next_reply: 'Reply to',
  speed_of_answer: 'Pick up for',
}
const snoozeMs = 15 * 60_000
const shortly = 20_000

/** Rings, and shows in the window what the computer's notifications say, with buttons. Also while the window has focus. */
export function LeadAlerts(): null {
  const { state, act } = useWindow()
  const calls = useCalls()
  const actions = useLeadActions()
  const volume = useEngine('contact.ladder', {}).data?.alerts.volume ?? 70
  const shown = state.page.kind === 'leads' ? state.personId : null

  const noteSeen = (personId: number) => {
    if (!document.hasFocus()) return
    notifications.hide(toastOf(personId))
    // Only stops a repetition: not worth a message when it fails.
    call('contact.seen', { personId }).catch(() => undefined)
  }
  const lookedAgain = useEffectEvent(() => {
    if (shown !== null) noteSeen(shown)
  })
  useEffect(() => {
    if (shown !== null) lookedAgain()
  }, [shown])
  useEffect(() => {
    const focused = () => lookedAgain()
    window.addEventListener('focus', focused)
    return () => window.removeEventListener('focus', focused)
  }, [])

  const open = (personId: number, then: 'answer' | 'call' | null) => {
    notifications.hide(toastOf(personId))
    act({ do: 'open', personId })
    if (then === 'answer') act({ do: 'focus', mode: null })
    if (then === 'call') calls.dial(personId)
  }
  useHostEvent('lead.act', ({ personId, action }) => open(personId, action))

  useEngineEvent('lead.alert', (alert) => {
    if (alert.sound) playAlert(alert.percent === 100 ? 'late' : 'soon', volume)
    if (alert.personId === shown && document.hasFocus()) return noteSeen(alert.personId)
    if (!alert.notify) return
    const id = toastOf(alert.personId)
    notifications.hide(id)
    notifications.show({
      id,
      color: alert.percent === 50 ? 'yellow' : 'red',
      title: titleOf(alert),
      autoClose: alert.tier === 'hot' ? false : shortly,
      withBorder: true,
      message: (
        <>
          {alert.preview !== '' && <div dir="auto">{alert.preview}</div>}
          <Group gap={6} mt={6}>
            <Button size="compact-xs" onClick={() => open(alert.personId, 'answer')}>
              Answer
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => open(alert.personId, 'call')}>
              Call
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                notifications.hide(id)
                actions.snooze([alert], Date.now() + snoozeMs, false)
              }}
            >
              Snooze 15 min
            </Button>
          </Group>
        </>
      ),
    })
  })
  useEngineEvent('lead.digest', (digest) => {
    if (digest.sound) playAlert('late', volume)
    if (!digest.notify) return
    const id = 'lead-digest'
    notifications.hide(id)
    notifications.show({
      id,
      color: 'red',
      title: `${digest.count} leads wait`,
      autoClose: false,
      withBorder: true,
      message: (
        <>
          <div dir="auto">
            {digest.late} late. Hottest: {digest.hottest.name}
          </div>
          <Group gap={6} mt={6}>
            <Button
              size="compact-xs"
              onClick={() => {
                notifications.hide(id)
                open(digest.hottest.personId, 'answer')
              }}
            >
              Answer the hottest
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                notifications.hide(id)
                act({ do: 'go', page: { kind: 'leads', view: 'due' } })
              }}
            >
              Show them
            </Button>
          </Group>
        </>
      ),
    })
  })
  return null
}

const toastOf = (personId: number) => `alert-${personId}`

function titleOf({ clock, name, percent, dueAt }: Alert): string {
  const todo = `${verbs[clock]} ${name}`
  if (percent === 100) return `${todo} now: the time is over`
  const minutes = Math.max(1, Math.round((dueAt - Date.now()) / 60_000))
  return `${todo}: ${minutes} min left`
}
