import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { spotlight } from '@mantine/spotlight'
import { useMemo } from 'react'
import type { InboxRow, ListName } from '../../src/inbox/contract.ts'
import type { PersonCard } from '../../src/people/contract.ts'
import { useCalls } from '../dialer/use-calls.ts'
import { useCheckAll } from '../inbox/use-check-all.ts'
import { type LeadRef, useLeadActions } from '../inbox/use-lead-actions.ts'
import { useLeads } from '../inbox/use-leads.ts'
import type { Handlers } from '../keys/use-command-keys.ts'
import { focusedMessage, stepMessage } from '../person/step-message.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useReport } from '../ui/report.tsx'
import { plural } from '../ui/time-format.ts'
import { useAlerts } from './alerts-context.tsx'
import { useUndo } from './undo.tsx'
import { useWindow } from './window-context.tsx'
import { type ComposerMode, isNothingOpen, type WindowAction } from './window-state.ts'

/** What every key and every entry of the palette does right now. An action that makes no sense now is not there. */
export function useHandlers(): Handlers {
  const { state, act } = useWindow()
  const { page, personId } = state
  const view: ListName = page.kind === 'leads' ? page.view : 'inbox'
  const onLeads = page.kind === 'leads'
  const { rows } = useLeads(view, onLeads)
  const card = useEngine('people.card', { personId: personId ?? 1 }, { enabled: personId !== null }).data
  const actions = useLeadActions()
  const checkAll = useCheckAll(view)
  const undo = useUndo()
  const report = useReport()
  const calls = useCalls()
  const alerts = useAlerts()
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'

  return useMemo(() => {
    const current = personId === null || !onLeads ? undefined : currentLead(rows, card, personId)
    const byLead = new Map(rows.map((row) => [row.leadId, row]))
    // What is marked may never have been on screen: then only its number is known.
    const marked = [...state.checked].map((leadId) => byLead.get(leadId) ?? { leadId, name: '', personId: -leadId })
    const chosen: readonly (LeadRef & { readonly personId: number })[] =
      marked.length > 0 ? marked : current ? [current] : []
    const title = chosen.length === 1 ? (chosen[0]?.name ?? '') : plural(chosen.length, 'lead')

    const go = (next: ListName) => () => act({ do: 'go', page: { kind: 'leads', view: next } })
    const step = (by: number) => () => {
      const next = nextRow(rows, personId, by)
      if (next) act({ do: 'pick', personId: next.personId })
    }
    /** Marks where the hand is, goes on, and marks that, too. */
    const extend = (by: number) => () => {
      const next = nextRow(rows, personId, by)
      const leadIds = [current, next].flatMap((it) => (it ? [it.leadId] : []))
      act({ do: 'checkAll', leadIds })
      if (next) act({ do: 'pick', personId: next.personId })
    }
    /** What is finished leaves the list; the hand goes on with the next one. */
    const finish = (work: (leads: readonly LeadRef[]) => void) => () => {
      const next = afterThese(rows, chosen, personId)
      work(chosen)
      act({ do: 'uncheckAll' })
      if (next !== undefined) act({ do: 'pick', personId: next })
    }
    const ask = (kind: 'snooze' | 'assign' | 'label' | 'template') => () =>
      act({ do: 'dialog', dialog: { kind, title, leadIds: chosen.map((it) => it.leadId) } })
    const write =
      (mode: ComposerMode | null): (() => void) =>
      () =>
        act({ do: 'focus', mode })

    const always: Handlers = {
      undo: undo.undoLast,
      compose: () => act({ do: 'dialog', dialog: { kind: 'compose' } }),
      touch: () => {
        const name = card?.personId === personId ? card.name : current?.name
        const person = onLeads && personId !== null && name ? { personId, name } : null
        act({ do: 'dialog', dialog: { kind: 'touch', person } })
      },
      // Replaced below by the one of whoever is open.
      outcome: () => {
        if (!focusOutcomes()) act({ do: 'dialog', dialog: { kind: 'logCall', person: null } })
      },
      logCall: () => act({ do: 'dialog', dialog: { kind: 'logCall', person: null } }),
      import: () => act({ do: 'go', page: { kind: 'settings', section: 'import' } }),
      duplicates: () => act({ do: 'go', page: { kind: 'duplicates' } }),
      search: () => focusSearch(act, onLeads),
      palette: spotlight.open,
      help: () => act({ do: 'dialog', dialog: { kind: 'help' } }),
      keys: () => act({ do: 'dialog', dialog: { kind: 'keys' } }),
      back: () => (isNothingOpen(state) ? alerts.putAway() : act({ do: 'back' })),
      theme: () => setColorScheme(dark ? 'light' : 'dark'),
      urgent: () => {
        if (alerts.current) return alerts.answer()
        call('inbox.urgent', {}).then((row) => {
          if (row) act({ do: 'open', personId: row.personId })
          else notifications.show({ message: 'Nothing is urgent. Everybody has been answered.', autoClose: 3000 })
        }, report)
      },
      'go.inbox': go('inbox'),
      'go.hot': go('hot'),
      'go.due': go('due'),
      'go.mine': go('mine'),
      'go.waiting': go('waiting'),
      'go.snoozed': go('snoozed'),
      'go.done': go('done'),
      'go.calls': go('calls'),
      'go.unassigned': go('unassigned'),
      'go.people': go('all'),
      'go.mentions': go('mentions'),
      'go.tasks': () => act({ do: 'go', page: { kind: 'tasks' } }),
      'go.reports': () => act({ do: 'go', page: { kind: 'reports' } }),
      'go.health': () => act({ do: 'go', page: { kind: 'health' } }),
      'go.settings': () => act({ do: 'go', page: { kind: 'settings', section: 'business' } }),
      ...(calls.live ? { hangUp: calls.hangUp } : {}),
    }
    const inList: Handlers = onLeads
      ? {
          'move.down': step(1),
          'move.up': step(-1),
          'select.down': extend(1),
          'select.up': extend(-1),
          'select.all': checkAll,
          ...(state.checked.size > 0 ? { 'select.none': () => act({ do: 'uncheckAll' }) } : {}),
          keepView: () => act({ do: 'dialog', dialog: { kind: 'view', view: null, query: state.search.trim() } }),
          open: () => {
            const target = personId ?? rows[0]?.personId
            if (target !== undefined) act({ do: 'open', personId: target })
          },
        }
      : {}
    const onChosen: Handlers =
      chosen.length === 0
        ? {}
        : {
            done: finish(actions.done),
            reopen: finish(actions.reopen),
            notALead: finish(actions.notALead),
            block: finish(actions.block),
            snooze: ask('snooze'),
            assign: ask('assign'),
            label: ask('label'),
            template: ask('template'),
            judge: () => {
              const leadIds = chosen.map((it) => it.leadId)
              act({ do: 'dialog', dialog: { kind: 'judge', title, leadIds, step: 'choose' } })
            },
            waiting: finish((leads) => actions.waiting(leads, true)),
            ourTurn: () => {
              actions.waiting(chosen, false)
              act({ do: 'uncheckAll' })
            },
          }
    const onCurrent: Handlers = !(personId !== null && onLeads)
      ? {}
      : {
          reply: write(null),
          text: write('text'),
          mail: write('email'),
          note: write('note'),
          forward: () => act({ do: 'forward', interactionId: focusedMessage() }),
          // Wide windows show them anyway.
          ...(window.matchMedia('(min-width: 1180px)').matches
            ? {}
            : { details: () => act({ do: 'card', open: !state.cardOpen }) }),
          'message.next': () => stepMessage(1),
          'message.before': () => stepMessage(-1),
          merge: () => act({ do: 'dialog', dialog: { kind: 'merge', personId, otherId: null } }),
          task: () => {
            const name = card?.name ?? current?.name ?? ''
            act({ do: 'dialog', dialog: { kind: 'task', personId, name, task: null } })
          },
          ...(current ? { select: () => act({ do: 'check', leadId: current.leadId }) } : {}),
          outcome: () => {
            if (focusOutcomes()) return
            const name = card?.name ?? current?.name ?? ''
            act({ do: 'dialog', dialog: { kind: 'logCall', person: { personId, name } } })
          },
          ...(card && card.handles.length > 0
            ? {
                handles: () => {
                  if (!window.matchMedia('(min-width: 1180px)').matches) act({ do: 'card', open: true })
                  focusHandles()
                },
              }
            : {}),
          ...(card?.handles.some((it) => it.kind === 'phone' && it.valid) ? { dial: () => calls.dial(personId) } : {}),
        }
    return { ...always, ...inList, ...onChosen, ...onCurrent }
  }, [act, actions, alerts, calls, card, dark, onLeads, personId, report, rows, setColorScheme, state, undo, checkAll])
}

function currentLead(rows: readonly InboxRow[], card: PersonCard | undefined, personId: number): InboxRow | undefined {
  return rows.find((it) => it.personId === personId) ?? (card?.personId === personId ? card.lead?.row : undefined)
}

export function nextRow<T extends { readonly personId: number }>(
  rows: readonly T[],
  personId: number | null,
  by: number,
): T | undefined {
  const at = rows.findIndex((it) => it.personId === personId)
  if (at < 0) return by > 0 ? rows[0] : rows.at(-1)
  return rows[at + by]
}

/** The lead to go on with: the one below what was finished, else the one above. Stays when it is not in the list. */
export function afterThese<T extends { readonly personId: number }>(
  rows: readonly T[],
  finished: readonly { readonly personId: number }[],
  personId: number | null,
): number | undefined {
  const gone = new Set(finished.map((it) => it.personId))
  const at = rows.findIndex((it) => it.personId === personId)
  if (at < 0 || personId === null || !gone.has(personId)) return undefined
  const below = rows.slice(at + 1).find((it) => !gone.has(it.personId))
  const above = rows.slice(0, at).findLast((it) => !gone.has(it.personId))
  return (below ?? above)?.personId
}

/** A call wants its outcome: the bar on top has the buttons. */
function focusOutcomes(): boolean {
  const first = document.querySelector<HTMLElement>('[data-outcomes] button')
  first?.focus()
  return first !== null
}

/** The menu of their first address or number; the card may only just be opening. */
function focusHandles(tries = 20) {
  const menu = document.querySelector<HTMLElement>('[data-handle-menu]')
  if (menu) menu.focus()
  else if (tries > 0) requestAnimationFrame(() => focusHandles(tries - 1))
}

function focusSearch(act: (action: WindowAction) => void, onLeads: boolean) {
  if (!onLeads) act({ do: 'go', page: { kind: 'leads', view: 'inbox' } })
  act({ do: 'card', open: false })
  // The field may only come with the page.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-search-field]')?.focus())
}
