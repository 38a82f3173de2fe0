import type { Clocks } from '../contact/clocks.ts'
import type {
  Action,
  changeLeads,
  LeadAspects,
  LeadBefore,
  noOutcome,
  thawClocks,
  undoChange,
} from '../inbox/change-leads.ts'
import { badInput } from '../rpc/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { OutcomeVerdict } from './contract.ts'

/** Functions of the inbox: an outcome is one of its actions, and is taken back like one. */
export type InboxActions = {
  readonly changeLeads: typeof changeLeads
  readonly thawClocks: typeof thawClocks
  readonly undoChange: typeof undoChange
  readonly hasOtherOpenLead: (tx: ReadStore, lead: LeadBefore) => Promise<boolean>
  readonly noOutcome: typeof noOutcome
}

export type JudgeDeps = { readonly clocks: Pick<Clocks, 'closed' | 'retargeted'>; readonly inbox: InboxActions }

/** Who says so: a member, or a rule of the workspace. */
export type Judge = {
  readonly at: number
  readonly me: number | null
  /** The name of the rule; null when somebody said so. */
  readonly rule: string | null
}

/**
 * Says how leads ended, or that they fit. Leads of which it is said already are left alone.
 * @returns the id to undo it by, and how many leads changed
 * @throws DeskbellError `NOT_FOUND` for a lead that does not exist, `BAD_INPUT` for a date that is to come
 */
export function judgeLeads(
  tx: WriteStore,
  leadIds: readonly number[],
  verdict: OutcomeVerdict,
  judge: Judge,
  deps: JudgeDeps,
): ReturnType<typeof changeLeads> {
  const action = verdict.outcome === 'qualified' ? qualifying(judge, deps) : closing(verdict, judge, deps)
  return deps.inbox.changeLeads(tx, leadIds, judge, action)
}

/** It fits. One that was disqualified goes on; what was won or lost stays so. */
function qualifying({ at, rule }: Judge, { clocks, inbox }: JudgeDeps): Action {
  const reopens = (lead: LeadBefore) => lead.outcome === 'disqualified'
  return {
    type: 'lead.qualified',
    text: rule === null ? 'Qualified' : `Qualified: ${rule}`,
    apply: async (lead, tx) => {
      if (lead.status === 'not_lead') return null
      const moments = await momentsOf(tx, lead, at, rule === null)
      if (!reopens(lead)) return lead.qualified_at === null || 'sql_at' in moments ? moments : null
      if (await inbox.hasOtherOpenLead(tx, lead)) return { ...moments, outcome: null, outcome_at: null }
      return { ...moments, ...inbox.noOutcome, status: 'open', done_at: null }
    },
    moveClocks: async (tx, lead) => {
      if (reopens(lead)) await inbox.thawClocks(tx, lead)
      // Deadlines may be others for leads that fit.
      if (lead.qualified_at === null) await clocks.retargeted(tx, lead.id)
    },
  }
}

/** First moments are kept: only those that are not there yet. A rule confirms nothing to sales. */
async function momentsOf(tx: ReadStore, lead: LeadBefore, at: number, byHand: boolean): Promise<Partial<LeadAspects>> {
  return {
    ...(lead.mql_at === null ? { mql_at: at } : {}),
    ...(lead.qualified_at === null ? { qualified_at: at } : {}),
    ...(lead.sql_at === null && byHand && (await bothSpoke(tx, lead.id)) ? { sql_at: at } : {}),
  }
}

type Closing = Exclude<OutcomeVerdict, { outcome: 'qualified' }>

function closing(verdict: Closing, judge: Judge, { clocks, inbox }: JudgeDeps): Action {
  const { at, rule } = judge
  const outcomeAt = (verdict.outcome === 'won' ? verdict.at : null) ?? at
  if (outcomeAt > at) throw badInput('This date is still to come. Choose the day on which it was won.')
  const end: Partial<LeadAspects> = {
    ...inbox.noOutcome,
    outcome: verdict.outcome,
    outcome_at: outcomeAt,
    ...detailsOf(verdict),
  }
  return {
    type: `lead.${verdict.outcome}`,
    text: rule === null ? wordsOf(verdict) : `${wordsOf(verdict)} (by the rule “${rule}”)`,
    apply: async (lead, tx) => {
      const isSame =
        lead.outcome === verdict.outcome &&
        Object.entries(end).every(([key, it]) => key === 'outcome_at' || lead[key as keyof LeadAspects] === it)
      if (isSame) return null
      const moments = verdict.outcome === 'won' ? await momentsOf(tx, lead, at, rule === null) : {}
      return {
        ...end,
        ...moments,
        status: 'done',
        done_at: lead.done_at ?? at,
        snoozed_until: null,
        waiting_since: null,
      }
    },
    moveClocks: (tx, lead) => (lead.status === 'open' ? clocks.closed(tx, lead.id, at) : Promise.resolve()),
  }
}

function detailsOf(verdict: Closing): Partial<LeadAspects> {
  const outcome_note = verdict.note || null
  switch (verdict.outcome) {
    case 'won':
      return { outcome_note, value_minor: verdict.value?.minor ?? null, currency: verdict.value?.currency ?? null }
    case 'lost':
      return {
        outcome_note,
        outcome_reason: verdict.reason,
        competitor: verdict.competitor || null,
        revisit_at: verdict.revisitAt,
      }
    case 'disqualified':
      return { outcome_note, outcome_reason: verdict.reason }
  }
}

function wordsOf(verdict: Closing): string {
  switch (verdict.outcome) {
    case 'won':
      return verdict.value ? `Won · ${inMoney(verdict.value)}` : 'Won'
    case 'lost':
      return ['Lost', verdict.reason, verdict.competitor && `to ${verdict.competitor}`].filter(Boolean).join(' · ')
    case 'disqualified':
      return `Disqualified · ${verdict.reason}`
  }
}

function inMoney({ minor, currency }: { readonly minor: number; readonly currency: string }): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** They wrote and one of us answered by hand, or there was a call in which both talked. */
async function bothSpoke(tx: ReadStore, leadId: number): Promise<boolean> {
  const said = await tx.db
    .selectFrom('interaction')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select(['interaction.direction', 'call.result'])
    .where('interaction.lead_id', '=', leadId)
    .where('interaction.direction', 'in', ['in', 'out'])
    .where('interaction.automatic', '=', 0)
    .where('interaction.delivery', 'not in', ['cancelled', 'failed'])
    .execute()
  return said.some((it) => it.result === 'answered') || new Set(said.map((it) => it.direction)).size === 2
}
