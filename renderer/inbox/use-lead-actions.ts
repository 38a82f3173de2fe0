import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { OutcomeVerdict } from '../../src/convert/contract.ts'
import type { Template } from '../../src/nurture/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { plural, shortMoment } from '../ui/time-format.ts'
import { inPortions } from './in-portions.ts'
import { inMoney } from './money.ts'
import { type Effect, showAtOnce } from './optimistic.ts'
import { peopleCount } from './people-count.ts'

export type LeadRef = { readonly leadId: number; readonly name: string }

type Save = (leadIds: number[]) => Promise<{ readonly undoId: number }>

/** What can be done to leads: shown at once, taken back with `z`, rolled back when the engine refuses. */
export function useLeadActions() {
  const client = useQueryClient()
  const undo = useUndo()
  const report = useReport()
  const place = usePlace()
  return useMemo(() => {
    const run = (label: string, leads: readonly LeadRef[], effect: Effect, save: Save) => {
      if (leads.length === 0) return
      const ids = leads.map((it) => it.leadId)
      const takeBack = showAtOnce(client, ids, effect)
      inPortions(ids, save).then(({ done, failure }) => {
        if (done.length > 0) {
          undo.offer({
            label: `${label}: ${namesOf(leads)}`,
            undo: async () => {
              const results = []
              for (const { undoId } of done.toReversed()) results.push(await call('inbox.undo', { undoId }))
              if (results.every((it) => !it.undone)) {
                report(new Error('It was changed again since, so it stays as it is.'))
              }
              await client.invalidateQueries()
            },
          })
        }
        if (failure === null) return
        takeBack()
        if (done.length > 0) void client.invalidateQueries()
        report(failure)
      }, report)
    }
    return {
      done: (leads: readonly LeadRef[]) =>
        run(
          'Done',
          leads,
          { patch: { status: 'done', clock: null, snoozedUntil: null }, keepIn: ['done', 'all', 'mentions'] },
          (leadIds) => call('inbox.done', { leadIds }),
        ),
      reopen: (leads: readonly LeadRef[]) =>
        run(
          'Open again',
          leads,
          {
            patch: { status: 'open', snoozedUntil: null },
            keepIn: ['inbox', 'all', 'mine', 'hot', 'calls', 'waiting', 'mentions'],
          },
          (leadIds) => call('inbox.reopen', { leadIds }),
        ),
      notALead: (leads: readonly LeadRef[]) =>
        run(
          'Not a lead',
          leads,
          { patch: { status: 'not_lead', clock: null }, keepIn: ['all', 'mentions'] },
          (leadIds) => call('inbox.notALead', { leadIds }),
        ),
      block: (leads: readonly LeadRef[]) => {
        const ids = leads.map((it) => it.leadId)
        if (ids.length === 0) return
        const takeBack = showAtOnce(client, ids, {
          patch: { status: 'not_lead', clock: null },
          keepIn: ['all', 'mentions'],
        })
        inPortions(ids, (leadIds) => call('people.blockLeads', { leadIds })).then(({ done, failure }) => {
          if (done.length > 0) {
            undo.offer({
              label: `Blocked: ${namesOf(leads)}`,
              undo: async () => {
                for (const { handleIds, undoId } of done.toReversed()) {
                  if (handleIds.length > 0) await call('people.unblock', { handleIds })
                  if (undoId !== null) await call('inbox.undo', { undoId })
                }
                await client.invalidateQueries()
              },
            })
          }
          if (failure === null) return
          takeBack()
          report(failure)
        }, report)
      },
      snooze: (leads: readonly LeadRef[], until: number, keep: boolean) =>
        run(
          `Snoozed until ${shortMoment(until, Date.now(), place)}`,
          leads,
          { patch: { snoozedUntil: until }, keepIn: ['snoozed', 'all', 'mentions'] },
          (leadIds) => call('inbox.snooze', { leadIds, until, keep }),
        ),
      waiting: (leads: readonly LeadRef[], waiting: boolean) =>
        run(
          waiting ? 'Waiting for an answer' : 'Our turn again',
          leads,
          waiting
            ? { patch: { clock: null, direction: 'out' }, keepIn: 'all-views' }
            : { patch: {}, keepIn: 'all-views' },
          (leadIds) => call('inbox.waiting', { leadIds, waiting }),
        ),
      judge: (leads: readonly LeadRef[], verdict: OutcomeVerdict) =>
        run(
          said(verdict),
          leads,
          verdict.outcome === 'qualified'
            ? { patch: {}, keepIn: 'all-views' }
            : { patch: { status: 'done', clock: null, snoozedUntil: null }, keepIn: ['done', 'all', 'mentions'] },
          (leadIds) => call('convert.judge', { leadIds, verdict }),
        ),
      label: (leads: readonly LeadRef[], name: string, on: boolean) =>
        run(
          on ? `Label “${name}”` : `Label “${name}” taken off`,
          leads,
          {
            patch: ({ labels }) => ({
              labels: on ? [...new Set([...labels, name])] : labels.filter((it) => it !== name),
            }),
            keepIn: 'all-views',
          },
          (leadIds) => call('inbox.label', { leadIds, name, on }),
        ),
      sendTemplate: (template: Template, leadIds: readonly number[]) => {
        call('templates.sendToMany', { templateId: template.id, leadIds: [...leadIds] }).then(({ sent }) => {
          if (sent.length === 0) {
            report(new Error('Nobody can get this template any more, so nothing was sent.'))
            return
          }
          undo.offer({
            label: `“${template.name}” to ${peopleCount(sent.length)}`,
            until: Math.max(...sent.map((it) => it.leavesAt)),
            undo: async () => {
              let gone = 0
              for (const { jobId } of sent) {
                if (!(await call('contact.cancelSend', { jobId })).cancelled) gone += 1
              }
              if (gone > 0) report(new Error(`${peopleCount(gone)} had it already. All others do not get it.`))
              await client.invalidateQueries()
            },
          })
        }, report)
      },
      assign: (leads: readonly LeadRef[], member: { readonly id: number; readonly name: string } | null) =>
        run(
          member ? `Assigned to ${member.name}` : 'Without an owner',
          leads,
          { patch: { owner: member ? { id: member.id, name: member.name } : null }, keepIn: 'all-views' },
          (leadIds) => call('inbox.assign', { leadIds, memberId: member?.id ?? null }),
        ),
    }
  }, [client, undo, report, place])
}

const verdictNames = { qualified: 'Qualified', won: 'Won', lost: 'Lost', disqualified: 'Disqualified' } as const

/** With what it was worth: a slip of the finger is seen while it can be taken back. */
const said = (verdict: OutcomeVerdict) =>
  verdict.outcome === 'won' && verdict.value ? `Won ${inMoney(verdict.value)}` : verdictNames[verdict.outcome]

const namesOf = (leads: readonly LeadRef[]) =>
  leads.length === 1 ? (leads[0]?.name ?? '') : plural(leads.length, 'lead')
