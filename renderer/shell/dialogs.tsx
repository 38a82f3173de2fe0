import { useQueryClient } from '@tanstack/react-query'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { LogCallDialog } from '../dialer/log-call-dialog.tsx'
import { TouchDialog } from '../imports/touch-dialog.tsx'
import { AssignDialog } from '../inbox/assign-dialog.tsx'
import { LabelDialog } from '../inbox/label-dialog.tsx'
import { OutcomeDialog } from '../inbox/outcome-dialog.tsx'
import { SnoozeDialog } from '../inbox/snooze-dialog.tsx'
import { TemplateToMany } from '../inbox/template-to-many.tsx'
import { type LeadRef, useLeadActions } from '../inbox/use-lead-actions.ts'
import { type LeadPages, uniqueRows } from '../inbox/use-leads.ts'
import { ViewDialog } from '../inbox/view-dialog.tsx'
import { HelpSheet } from '../keys/help-sheet.tsx'
import { KeysDialog } from '../keys/keys-dialog.tsx'
import { LinkDialog } from '../person/link-dialog.tsx'
import { MergeDialog } from '../person/merge-dialog.tsx'
import { ComposeDialog } from '../search/compose-dialog.tsx'
import { TaskDialog } from '../tasks/task-dialog.tsx'
import { afterThese } from './use-handlers.ts'
import { useWindow } from './window-context.tsx'

/** The one dialog that is open, if any. */
export function Dialogs() {
  const { state, act } = useWindow()
  const actions = useLeadActions()
  const client = useQueryClient()
  const { dialog } = state
  if (!dialog) return null
  switch (dialog.kind) {
    case 'snooze':
      return (
        <SnoozeDialog
          title={dialog.title}
          onPick={(until, keep) => finish(dialog.leadIds, (leads) => actions.snooze(leads, until, keep))}
        />
      )
    case 'judge':
      return (
        <OutcomeDialog
          title={dialog.title}
          step={dialog.step}
          onPick={(verdict) => {
            if (verdict.outcome !== 'qualified') {
              finish(dialog.leadIds, (leads) => actions.judge(leads, verdict))
              return
            }
            actions.judge(namedLeads(dialog.leadIds), verdict)
            act({ do: 'uncheckAll' })
          }}
        />
      )
    case 'assign':
      return (
        <AssignDialog
          title={dialog.title}
          owner={ownerOf(dialog.leadIds)}
          onPick={(owner) => {
            actions.assign(namedLeads(dialog.leadIds), owner)
            act({ do: 'uncheckAll' })
          }}
        />
      )
    case 'label':
      return (
        <LabelDialog
          title={dialog.title}
          leadIds={dialog.leadIds}
          onPick={(name, on) => actions.label(namedLeads(dialog.leadIds), name, on)}
        />
      )
    case 'template':
      return (
        <TemplateToMany
          title={dialog.title}
          leadIds={dialog.leadIds}
          onSend={(template, leadIds) => {
            actions.sendTemplate(template, leadIds)
            act({ do: 'uncheckAll' })
          }}
        />
      )
    case 'logCall':
      return <LogCallDialog person={dialog.person} />
    case 'task':
      return (
        <TaskDialog
          personId={dialog.personId}
          name={dialog.name}
          task={dialog.task}
          {...(dialog.callId === undefined ? {} : { callId: dialog.callId })}
        />
      )
    case 'compose':
      return <ComposeDialog number={dialog.number ?? ''} />
    case 'touch':
      return <TouchDialog person={dialog.person} />
    case 'merge':
      return <MergeDialog personId={dialog.personId} otherId={dialog.otherId} />
    case 'link':
      return <LinkDialog url={dialog.url} />
    case 'help':
      return <HelpSheet />
    case 'keys':
      return <KeysDialog />
    case 'view':
      return <ViewDialog view={dialog.view} query={dialog.query} />
  }

  /** What is finished leaves the list; the hand goes on with the next one. */
  function finish(leadIds: readonly number[], work: (leads: readonly LeadRef[]) => void) {
    const rows = uniqueRows(listOnScreen())
    const gone = rows.filter((row) => leadIds.includes(row.leadId))
    const next = afterThese(rows, gone, state.personId)
    work(namedLeads(leadIds))
    act({ do: 'uncheckAll' })
    if (next !== undefined) act({ do: 'pick', personId: next })
  }

  function listOnScreen(): LeadPages | undefined {
    return state.page.kind === 'leads'
      ? client.getQueryData<LeadPages>(['inbox.list', { view: state.page.view }])
      : undefined
  }

  /** Whose the leads are: undefined where they are not all the same one's. */
  function ownerOf(leadIds: readonly number[]): number | null | undefined {
    const card = client.getQueryData<MethodOutput<'people.card'>>(['people.card', { personId: state.personId }])
    const shown = [...uniqueRows(listOnScreen()), ...(card?.lead ? [card.lead.row] : [])]
    const owners = new Set(
      leadIds.map((leadId) => {
        const row = shown.find((it) => it.leadId === leadId)
        return row && (row.owner?.id ?? null)
      }),
    )
    return owners.size === 1 ? [...owners][0] : undefined
  }

  function namedLeads(leadIds: readonly number[]) {
    const title = dialog && 'title' in dialog ? dialog.title : ''
    return leadIds.map((leadId) => ({ leadId, name: title }))
  }
}
