import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { useReport } from '../ui/report.tsx'
import { plural, shortMoment } from '../ui/time-format.ts'
import { type Effect, showAtOnce } from './optimistic.ts'

export type LeadRef = { readonly leadId: number; readonly name: string }

/** What can be done to leads: shown at once, taken back with `z`, rolled back when the engine refuses. */
export function useLeadActions() {
  const client = useQueryClient()
  const undo = useUndo()
  const report = useReport()
  return useMemo(() => {
    const run = (
      label: string,
      leads: readonly LeadRef[],
      effect: Effect,
      save: () => Promise<MethodOutput<'inbox.done'>>,
    ) => {
      if (leads.length === 0) return
      const takeBack = showAtOnce(
        client,
        leads.map((it) => it.leadId),
        effect,
      )
      save().then(
        ({ undoId }) =>
          undo.offer({
            label: `${label}: ${namesOf(leads)}`,
            undo: async () => {
              const { undone } = await call('inbox.undo', { undoId })
              if (!undone) report(new Error('It was changed again since, so it stays as it is.'))
              await client.invalidateQueries()
            },
          }),
        (error: unknown) => {
          takeBack()
          report(error)
        },
      )
    }
    const ids = (leads: readonly LeadRef[]) => leads.map((it) => it.leadId)
    return {
      done: (leads: readonly LeadRef[]) =>
        run(
          'Done',
          leads,
          { patch: { status: 'done', clock: null, snoozedUntil: null }, keepIn: ['done', 'all'] },
          () => call('inbox.done', { leadIds: ids(leads) }),
        ),
      reopen: (leads: readonly LeadRef[]) =>
        run(
          'Open again',
          leads,
          {
            patch: { status: 'open', snoozedUntil: null },
            keepIn: ['inbox', 'all', 'mine', 'hot', 'calls', 'waiting'],
          },
          () => call('inbox.reopen', { leadIds: ids(leads) }),
        ),
      notALead: (leads: readonly LeadRef[]) =>
        run('Not a lead', leads, { patch: { status: 'not_lead', clock: null }, keepIn: ['all'] }, () =>
          call('inbox.notALead', { leadIds: ids(leads) }),
        ),
      snooze: (leads: readonly LeadRef[], until: number) =>
        run(
          `Snoozed until ${shortMoment(until, Date.now())}`,
          leads,
          { patch: { snoozedUntil: until }, keepIn: ['snoozed', 'all'] },
          () => call('inbox.snooze', { leadIds: ids(leads), until }),
        ),
      assign: (leads: readonly LeadRef[], member: { readonly id: number; readonly name: string } | null) =>
        run(
          member ? `Assigned to ${member.name}` : 'Without an owner',
          leads,
          { patch: { owner: member ? { id: member.id, name: member.name } : null }, keepIn: 'all-views' },
          () => call('inbox.assign', { leadIds: ids(leads), memberId: member?.id ?? null }),
        ),
    }
  }, [client, undo, report])
}

const namesOf = (leads: readonly LeadRef[]) =>
  leads.length === 1 ? (leads[0]?.name ?? '') : plural(leads.length, 'lead')
