import { sql } from 'kysely'
import type { Example } from '../../score/text/classifier.ts'
import type { Insight } from '../../score/text/contract.ts'
import { unpackVector } from '../../score/text/vector.ts'
import type { ReadStore } from '../store.ts'

type Row = {
  readonly intent: Insight['intent'] | null
  readonly confidence: number | null
  readonly urgency: Insight['urgency'] | null
  readonly urgency_reason: string | null
  readonly job_size: string | null
  readonly corrected: Insight['intent'] | null
}

/** What a message is, a person's word before the model's; null while nobody looked. */
export function insightOf(row: Row): Insight | null {
  const intent = row.corrected ?? row.intent
  if (intent === null) return null
  return {
    intent,
    confidence: row.corrected === null ? (row.confidence ?? 0) : 100,
    corrected: row.corrected !== null,
    urgency: row.urgency ?? 'none',
    urgencyReason: row.urgency_reason ?? '',
    jobSize: row.job_size,
  }
}

/** What is known of the messages of a lead that came in, newest first: facts for rules, and for the card. */
export async function insightsOfLead(store: ReadStore, leadId: number, limit: number): Promise<Insight[]> {
  const rows = await store.db
    .selectFrom('interaction')
    .leftJoin('message_insight', 'message_insight.interaction_id', 'interaction.id')
    .leftJoin('intent_example', 'intent_example.interaction_id', 'interaction.id')
    .select([
      'message_insight.intent',
      'message_insight.confidence',
      'message_insight.urgency',
      'message_insight.urgency_reason',
      'message_insight.job_size',
      'intent_example.intent as corrected',
    ])
    .where('interaction.lead_id', '=', leadId)
    .where('interaction.direction', '=', 'in')
    .orderBy('interaction.at', 'desc')
    .orderBy('interaction.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(insightOf).filter((it) => it !== null)
}

const mostExamples = 500
const notLead = 'not_a_lead' as const

/** What people of this workspace said the model got wrong, newest first: other intents, and "not a lead". */
export async function readExamples(store: ReadStore, modelVersion: string): Promise<Example[]> {
  const corrected = await correctionsIn(store, modelVersion).execute()
  const refused = await notLeadsIn(store, modelVersion).execute()
  const said = [
    ...corrected.map((it) => ({ ...it, says: it.intent })),
    ...refused.map((it) => ({ ...it, says: notLead })),
  ]
  return said.flatMap(({ vector, says }) => (vector === null ? [] : [{ vector: unpackVector(vector), says }]))
}

/**
 * The statements of {@link readExamples}, also for the tests of their plans. Whoever was not read yet is filtered out by
 * the caller: a condition on it would make SQLite begin at the wrong end.
 */
export function correctionsIn(store: ReadStore, modelVersion: string) {
  return store.db
    .selectFrom('intent_example')
    .leftJoin('message_insight', (join) =>
      join
        .onRef('message_insight.interaction_id', '=', 'intent_example.interaction_id')
        .on('message_insight.model_version', '=', modelVersion),
    )
    .select(['intent_example.intent', 'message_insight.vector'])
    .orderBy('intent_example.at', 'desc')
    .limit(mostExamples)
}

export function notLeadsIn(store: ReadStore, modelVersion: string) {
  return (
    store.db
      .selectFrom('lead')
      // What opened it: what came later may be an answer to a question of ours.
      .leftJoin('message_insight', (join) =>
        join
          .on(
            sql<boolean>`message_insight.interaction_id = (
              select id from interaction where lead_id = lead.id and direction = 'in' order by at, id limit 1)`,
          )
          .on('message_insight.model_version', '=', modelVersion),
      )
      .leftJoin('intent_example', 'intent_example.interaction_id', 'message_insight.interaction_id')
      .select('message_insight.vector')
      .where(sql<boolean>`lead.status = 'not_lead'`)
      .where('intent_example.intent', 'is', null)
      .orderBy('lead.done_at', 'desc')
      .limit(mostExamples)
  )
}
