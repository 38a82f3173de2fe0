import { conflict, notFound } from '../../rpc/errors.ts'
import type { HandlersOf } from '../../rpc/serve.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { WriteStore } from '../../store/store.ts'
import type { Intent, textModelContract } from './contract.ts'
import { type Insights, type InsightsDeps, rescore } from './insights.ts'

type Deps = Pick<InsightsDeps, 'store' | 'clock' | 'scoreLead' | 'clocks'> & {
  readonly insights: Pick<Insights, 'state'>
}

export function makeTextModelHandlers(deps: Deps): HandlersOf<typeof textModelContract> {
  const { store, insights } = deps
  return {
    'score.textModel': async () => {
      const { waiting } = await store.read.db
        .selectFrom('insight_queue')
        .select((it) => it.fn.countAll<number>().as('waiting'))
        .executeTakeFirstOrThrow()
      const state = insights.state()
      return { state, message: messages[state], waiting }
    },
    'score.correctIntent': ({ interactionId, intent }) =>
      store.write((tx) => correctIntent(tx, deps, interactionId, intent)),
  }
}

const messages = {
  ready: 'What people want, and how urgent it is, is read on this computer. Nothing is sent anywhere.',
  missing:
    'The files of the text model are not there, so messages are scored by your rules alone. Install Deskbell again to get them back.',
  failing:
    'The text model stopped several times, so messages are scored by your rules alone for now. It is tried again every five minutes.',
} as const

/** Keeps a person's word, or takes it back. It is an example for every message from now on. */
async function correctIntent(
  tx: WriteStore,
  deps: Deps,
  interactionId: number,
  intent: Intent | null,
): Promise<{ was: Intent | null }> {
  const message = await tx.db
    .selectFrom('interaction')
    .select(['person_id', 'lead_id', 'direction'])
    .where('id', '=', interactionId)
    .executeTakeFirst()
  if (!message) throw notFound('This message')
  if (message.direction !== 'in') throw conflict('Only what came in can be told what it is.')
  const before = await tx.db
    .selectFrom('intent_example')
    .select('intent')
    .where('interaction_id', '=', interactionId)
    .executeTakeFirst()
  const settings = await readSettings(tx)
  if (intent === null) {
    await tx.db.deleteFrom('intent_example').where('interaction_id', '=', interactionId).execute()
  } else {
    const values = { intent, author_id: settings.me, at: deps.clock.now() }
    await tx.db
      .insertInto('intent_example')
      .values({ interaction_id: interactionId, ...values })
      .onConflict((it) => it.column('interaction_id').doUpdateSet(values))
      .execute()
  }
  tx.changed('interaction', message.person_id)
  if (message.lead_id !== null) await rescore(tx, deps, message.lead_id, settings)
  return { was: before?.intent ?? null }
}
