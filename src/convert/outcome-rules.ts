import type { Clock } from '../lib/clock.ts'
import { second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { readSettings, type WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store } from '../store/store.ts'
import { readChoices } from './choices.ts'
import type { OutcomeRule, OutcomeVerdict } from './contract.ts'
import { type JudgeDeps, judgeLeads } from './judge-leads.ts'

export type OutcomeRulesDeps = JudgeDeps & {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Ids of the rules whose conditions a lead fits. */
  readonly fitting: (
    rules: readonly OutcomeRule[],
    settings: WorkspaceSettings,
  ) => (store: ReadStore, leadId: number, now: number) => Promise<readonly string[]>
}

export type OutcomeRules = {
  /** Something of these people changed; none: of anybody. */
  readonly nudge: (personIds: readonly number[]) => void
  /** Looks at every open lead once: rules may have changed, or an earlier life was cut off. Returns at once. */
  readonly start: () => void
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
}

const byCall = 'Outcome of a call'
// What comes in a burst is looked at once.
const pause = second
const portion = 200

/** What a call said that no rule has to be written for (features C6): digit, and why the lead is none. */
const callEnds = [
  { digit: 9, reason: 'Do not call' },
  { digit: 8, reason: 'Wrong number' },
] as const

/** Marks leads by the rules of the workspace, after the transaction that changed them: nobody waits for it. */
export function makeOutcomeRules({ store, clock, log, fitting, ...deps }: OutcomeRulesDeps): OutcomeRules {
  const pending = new Set<number>()
  let everybody = false
  let stopped = true
  let armed = false
  let cancel: () => void = () => {}
  let running: Promise<void> = Promise.resolve()

  const look = async () => {
    armed = false
    const people = everybody ? null : [...pending]
    everybody = false
    pending.clear()
    try {
      // A first sync is about more people than a question may name.
      for (const part of people === null ? [null] : portionsOf(people)) await lookAt(part)
    } catch (error) {
      log.error({ err: error }, 'rules of outcomes could not be applied')
    }
  }

  async function lookAt(people: readonly number[] | null) {
    const choices = await readChoices(store.read)
    const fits = fitting(choices.rules, await readSettings(store.read))
    if (people) await takeBackCalls(people)
    for (let after = 0; !stopped; ) {
      const leads = await openLeads(store.read, people, after)
      const last = leads.at(-1)
      if (last === undefined) return
      after = last
      for (const leadId of leads) {
        const ended = await endedByCall(store.read, leadId)
        if (ended) await judge(leadId, { outcome: 'disqualified', reason: ended, note: '' }, byCall)
        else if (choices.rules.length > 0) await applyRules(leadId, choices.rules, fits)
      }
    }
  }

  /** The outcome of the call was corrected since: what followed from it is taken back. */
  async function takeBackCalls(people: readonly number[]) {
    for (const { leadId, undoId } of await endedByCalls(store.read, people)) {
      if ((await endedByCall(store.read, leadId)) !== null) continue
      await store.write((tx) => deps.inbox.undoChange(tx, undoId, clock.now()))
    }
  }

  async function applyRules(leadId: number, rules: readonly OutcomeRule[], fits: ReturnType<typeof fitting>) {
    const ids = await fits(store.read, leadId, clock.now())
    // Disqualifying wins: whoever wants what we do not do may have the budget for it all the same.
    const held = rules.filter((it) => ids.includes(it.id))
    const rule = held.find((it) => it.outcome === 'disqualified') ?? held[0]
    if (!rule) return
    const verdict: OutcomeVerdict =
      rule.outcome === 'qualified'
        ? { outcome: 'qualified' }
        : { outcome: 'disqualified', reason: rule.label.slice(0, 100), note: '' }
    await judge(leadId, verdict, rule.label)
  }

  const judge = (leadId: number, verdict: OutcomeVerdict, rule: string) =>
    store.write(async (tx) => {
      // Once: what somebody took back does not come again.
      if (await wasSaid(tx, leadId, verdict.outcome)) return
      await judgeLeads(tx, [leadId], verdict, { at: clock.now(), me: null, rule }, deps)
    })

  const arm = () => {
    if (stopped || armed) return
    armed = true
    cancel = clock.after(pause, () => {
      running = running.then(look)
    })
  }

  const nudge = (personIds: readonly number[]) => {
    if (personIds.length === 0) everybody = true
    for (const it of personIds) pending.add(it)
    arm()
  }

  return {
    nudge,
    start: () => {
      stopped = false
      nudge([])
    },
    stop: async () => {
      stopped = true
      cancel()
      await running
    },
  }
}

function* portionsOf(people: readonly number[]): Generator<readonly number[]> {
  for (let at = 0; at < people.length; at += portion) yield people.slice(at, at + portion)
}

async function openLeads(store: ReadStore, people: readonly number[] | null, after: number): Promise<number[]> {
  const rows = await store.db
    .selectFrom('lead')
    .select('id')
    .where('status', '=', 'open')
    .where('outcome', 'is', null)
    .where('id', '>', after)
    .$if(people !== null, (query) => query.where('person_id', 'in', people ?? []))
    .orderBy('id')
    .limit(portion)
    .execute()
  return rows.map((it) => it.id)
}

/** Leads that a call alone ended, with what takes it back. */
async function endedByCalls(store: ReadStore, people: readonly number[]) {
  const rows = await store.db
    .selectFrom('lead')
    .innerJoin('event', (join) =>
      join.onRef('event.person_id', '=', 'lead.person_id').onRef('event.lead_id', '=', 'lead.id'),
    )
    .select(['lead.id as leadId', 'event.id as eventId', 'event.text'])
    .where('lead.person_id', 'in', people)
    .where('lead.outcome', '=', 'disqualified')
    .where('event.type', '=', 'lead.disqualified')
    .where('event.author_id', 'is', null)
    .where('event.undone_at', 'is', null)
    .execute()
  const ended = []
  for (const { leadId, eventId, text } of rows) {
    if (!text.includes(byCall)) continue
    // Written right after it, in the same transaction.
    const undo = await store.db
      .selectFrom('event')
      .select('id')
      .where('id', '>', eventId)
      .where('type', '=', 'inbox.action')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (undo) ended.push({ leadId, undoId: undo.id })
  }
  return ended
}

async function wasSaid(store: ReadStore, leadId: number, outcome: string): Promise<boolean> {
  const event = await store.db
    .selectFrom('event')
    .innerJoin('lead', (join) =>
      join.onRef('lead.person_id', '=', 'event.person_id').onRef('lead.id', '=', 'event.lead_id'),
    )
    .select('event.id')
    .where('lead.id', '=', leadId)
    .where('event.type', '=', `lead.${outcome}`)
    .limit(1)
    .executeTakeFirst()
  return event !== undefined
}

/** Why the last call says that this is no lead; null when it does not. */
async function endedByCall(store: ReadStore, leadId: number): Promise<string | null> {
  const call = await store.db
    .selectFrom('interaction')
    .innerJoin('call', 'call.interaction_id', 'interaction.id')
    .select(['interaction.person_id as personId', 'call.outcome'])
    .where('interaction.lead_id', '=', leadId)
    .where('call.outcome', 'is not', null)
    .orderBy('interaction.at', 'desc')
    .orderBy('interaction.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const end = callEnds.find((it) => it.digit === call?.outcome)
  if (!call || !end) return null
  // A wrong number ends nothing while there is another way to reach them.
  return end.digit === 8 && (await canBeReached(store, call.personId)) ? null : end.reason
}

async function canBeReached(store: ReadStore, personId: number): Promise<boolean> {
  const handle = await store.db
    .selectFrom('handle')
    .select('id')
    .where('person_id', '=', personId)
    .where('valid', '=', 1)
    .where('opted_out_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return handle !== undefined
}
