import { useQueries } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from 'react'
import type { InboxRow } from '../../src/inbox/contract.ts'
import { useCalls } from '../dialer/use-calls.ts'
import { useLeadActions } from '../inbox/use-lead-actions.ts'
import { call } from '../rpc/call.ts'
import { useEngineEvent, useHostEvent } from '../rpc/events.tsx'
import { useEngine } from '../rpc/queries.ts'
import { useNow } from '../ui/now.tsx'
import { type Alert, isStillOwed, withAlerts } from './alert-queue.ts'
import { playAlert } from './alert-sound.ts'
import { useWindow } from './window-context.tsx'

type Shown = { readonly alert: Alert; readonly row: InboxRow }

type Alerts = {
  /** The most urgent deadline that wants to be heard of; null when none does. */
  readonly current: Shown | null
  /** How many others there are. */
  readonly more: number
  readonly answer: () => void
  readonly call: () => void
  readonly snooze: () => void
  readonly showAll: () => void
  /** Until the next step of one of them, or until a hot one is repeated. */
  readonly putAway: () => void
}

const AlertsContext = createContext<Alerts | null>(null)
const snoozeMs = 15 * 60_000

/** Rings, and knows what the computer's notifications say: one bar in the window shows the most urgent of it. */
export function AlertsProvider({ children }: { readonly children: ReactNode }) {
  const { state, act } = useWindow()
  const calls = useCalls()
  const actions = useLeadActions()
  const now = useNow('minute')
  const volume = useEngine('contact.ladder', {}).data?.alerts.volume ?? 70
  const me = useEngine('settings.get', {}).data?.me ?? null
  const [heard, setHeard] = useState<readonly Alert[]>([])
  const rows = useQueries({
    queries: heard.map(({ personId }) => ({
      queryKey: ['inbox.row', { personId }],
      queryFn: () => call('inbox.row', { personId }),
    })),
    combine: (found) => found.map((it) => it.data),
  })
  const shown = state.page.kind === 'leads' ? state.personId : null

  const forget = (personId: number) => setHeard((all) => all.filter((it) => it.personId !== personId))
  const noteSeen = (personId: number) => {
    forget(personId)
    // Only stops a repetition: not worth a message when it fails.
    call('contact.seen', { personId }).catch(() => undefined)
  }
  const lookedAgain = useEffectEvent(() => {
    if (shown !== null && document.hasFocus()) noteSeen(shown)
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
    forget(personId)
    act({ do: 'open', personId })
    if (then === 'answer') act({ do: 'focus', mode: null })
    if (then === 'call') calls.dial(personId)
  }
  useHostEvent('lead.act', ({ personId, action }) => open(personId, action))

  const hear = (alerts: readonly Alert[]) => {
    const seen = document.hasFocus() ? alerts.find((it) => it.personId === shown) : undefined
    if (seen) noteSeen(seen.personId)
    setHeard((all) =>
      withAlerts(
        all,
        alerts.filter((it) => it !== seen),
      ),
    )
  }
  useEngineEvent('lead.alert', (alert) => {
    if (alert.sound) playAlert(alert.percent === 100 ? 'late' : 'soon', volume)
    hear([alert])
  })
  useEngineEvent('lead.digest', (digest) => {
    if (digest.sound) playAlert('late', volume)
    hear(digest.leads)
  })

  const owed = heard.flatMap((alert, index): Shown[] => {
    const row = rows[index]
    return row && isStillOwed(alert, row, me, now) ? [{ alert, row }] : []
  })
  const current = owed[0] ?? null
  const then = (work: (alert: Alert) => void) => () => {
    if (current) work(current.alert)
  }
  const value: Alerts = {
    current,
    more: Math.max(0, owed.length - 1),
    answer: then(({ personId }) => open(personId, 'answer')),
    call: then(({ personId }) => open(personId, 'call')),
    snooze: then((alert) => {
      forget(alert.personId)
      actions.snooze([alert], Date.now() + snoozeMs, false)
    }),
    showAll: () => {
      setHeard([])
      act({ do: 'go', page: { kind: 'leads', view: 'due' } })
    },
    putAway: then(({ personId }) => {
      // This one was read. The others were not, so hot ones among them are repeated.
      noteSeen(personId)
      setHeard([])
    }),
  }
  return <AlertsContext value={value}>{children}</AlertsContext>
}

/** The deadline to tell of, and what can be done about it. */
export function useAlerts(): Alerts {
  const value = useContext(AlertsContext)
  if (!value) throw new Error('useAlerts needs an AlertsProvider above')
  return value
}
