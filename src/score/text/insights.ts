import type { Clocks } from '../../contact/clocks.ts'
import type { ChannelKind } from '../../inbox/contract.ts'
import type { Clock } from '../../lib/clock.ts'
import { day, minute } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import { readExamples } from '../../store/queries/insights.ts'
import { refreshLeadRow } from '../../store/queries/lead-row.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../../store/store.ts'
import type { ScoreLead } from '../score-lead.ts'
import { baseOdds, type Classifier, type Example, learnFrom, mostLikely } from './classifier.ts'
import type { Encoder } from './encoder.ts'
import { prepareText } from './prepare-text.ts'
import { readJobSize } from './read-job-size.ts'
import { readUrgency } from './read-urgency.ts'
import { packVector } from './vector.ts'

export type InsightsDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly encoder: Encoder
  readonly classifier: Classifier
  readonly modelVersion: string
  readonly scoreLead: ScoreLead
  readonly clocks: Pick<Clocks, 'retargeted'>
}

export type Insights = {
  readonly start: () => void
  /** Something came in, or may have. Returns at once. */
  readonly nudge: () => void
  readonly state: () => 'ready' | 'missing' | 'failing'
  /** Resolves when nothing waits that could be worked on. */
  readonly settled: () => Promise<void>
  readonly stop: () => Promise<void>
}

// A message that took the process down with it is tried again alone, and then never.
const mostTries = 3
const batchSize = 8
const failuresInARow = 3
const tryAgainAfter = 5 * minute
// What is older than a day was waiting anyway: it leaves the machine room to breathe.
const restBetweenOld = 150

/**
 * Reads what came in, after it came in: the queue is filled by triggers in the transaction of each message, and what
 * the model says is written in a transaction of its own. Newest first.
 */
export function makeInsights(deps: InsightsDeps): Insights {
  const { store, clock, log, encoder } = deps
  let stopped = true
  let again = false
  let failures = 0
  let working: Promise<void> | null = null
  let retry: NodeJS.Timeout | undefined
  const resting = new AbortController()

  async function work(): Promise<void> {
    while (again && !stopped) {
      again = false
      if (!(await waitingIn(store.read, 1).executeTakeFirst())) continue
      // Loads the model, which takes a second: who dies or is ended meanwhile has no message to blame.
      await encoder.encode([])
      for (let batch = await takeBatch(store); batch.length > 0 && !stopped; batch = await takeBatch(store)) {
        const vectors = await encoder.encode(batch.map(prepareText)).catch((error: unknown) => {
          if (!stopped) throw error
          return null
        })
        // We are being stopped: the messages are not to blame, so this was no try of theirs.
        if (vectors === null) return giveBack(store, batch)
        await store.write((tx) => keep(tx, deps, batch, vectors))
        failures = 0
        if (batch.every((it) => it.at < clock.now() - day)) await rest(restBetweenOld, resting.signal)
      }
    }
  }

  function nudge(): void {
    if (stopped) return
    again = true
    if (working || retry || !encoder.installed()) return
    working = work()
      .catch((error: unknown) => {
        if (stopped) return
        failures += 1
        log.warn({ err: error, failures }, 'messages could not be read by the text model')
        // Its tries are counted: a message that cannot be read is left behind, the others get their turn.
        retry = setTimeout(resume, failures < failuresInARow ? 0 : tryAgainAfter)
        retry.unref()
      })
      .finally(() => {
        working = null
        if (again && !retry) nudge()
      })
  }

  function resume(): void {
    retry = undefined
    nudge()
  }

  return {
    start: () => {
      stopped = false
      nudge()
    },
    nudge,
    state: () => (encoder.installed() ? (failures >= failuresInARow ? 'failing' : 'ready') : 'missing'),
    settled: async () => {
      while (working) await working
    },
    stop: async () => {
      stopped = true
      clearTimeout(retry)
      resting.abort()
      await encoder.stop()
      await working
    },
  }
}

const rest = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

export type Waiting = {
  readonly id: number
  readonly personId: number
  readonly leadId: number | null
  readonly at: number
  readonly channel: ChannelKind
  readonly subject: string
  readonly text: string
  readonly known: string | null
}

/** The newest that wait; one alone when it was tried before. Counts the try before anything is tried. */
async function takeBatch(store: Store): Promise<readonly Waiting[]> {
  const found = await waitingIn(store.read, batchSize).execute()
  const first = found[0]
  if (!first) return []
  const batch = first.tries > 0 ? [first] : found.filter((it) => it.tries === 0)
  await countTry(store, batch, 1)
  return batch
}

const giveBack = (store: Store, batch: readonly { readonly id: number }[]) => countTry(store, batch, -1)

const countTry = (store: Store, batch: readonly { readonly id: number }[], by: 1 | -1) =>
  store.write(async ({ db }) => {
    const ids = batch.map((it) => it.id)
    await db
      .updateTable('insight_queue')
      .set((set) => ({ tries: set('tries', '+', by) }))
      .where('interaction_id', 'in', ids)
      .execute()
  })

/** The statement that looks for work, also for the test of its plan. */
export function waitingIn(store: ReadStore, limit: number) {
  return (
    store.db
      .selectFrom('insight_queue')
      // Left joins keep the queue as the outer loop, in the order of its key.
      .leftJoin('interaction', 'interaction.id', 'insight_queue.interaction_id')
      .leftJoin('form_submission', 'form_submission.interaction_id', 'insight_queue.interaction_id')
      .select([
        'insight_queue.interaction_id as id',
        'insight_queue.tries',
        'interaction.person_id as personId',
        'interaction.lead_id as leadId',
        'interaction.at',
        'interaction.channel',
        'interaction.subject',
        'interaction.text',
        'form_submission.known',
      ])
      .$narrowType<{ personId: number; at: number; channel: ChannelKind; subject: string; text: string }>()
      .where('insight_queue.tries', '<', mostTries)
      .orderBy('insight_queue.interaction_id', 'desc')
      .limit(limit)
  )
}

/** Writes what was found out, and scores the leads anew whose rules may ask for it. */
async function keep(
  tx: WriteStore,
  deps: InsightsDeps,
  batch: readonly Waiting[],
  vectors: readonly Float32Array[],
): Promise<void> {
  const examples = await readExamples(tx, deps.modelVersion)
  const leads = new Set<number>()
  for (const [at, message] of batch.entries()) {
    const vector = vectors[at]
    if (!vector || !(await isAsRead(tx, message))) continue
    await keepOne(tx, deps, message, vector, examples)
    if (message.leadId !== null) leads.add(message.leadId)
  }
  const settings = await readSettings(tx)
  for (const leadId of leads) await rescore(tx, deps, leadId, settings)
}

/** False when it is gone, or got other words while the model read it: then it still waits. */
async function isAsRead(tx: WriteStore, { id, subject, text }: Waiting): Promise<boolean> {
  const now = await tx.db.selectFrom('interaction').select(['subject', 'text']).where('id', '=', id).executeTakeFirst()
  return now !== undefined && now.subject === subject && now.text === text
}

async function keepOne(
  tx: WriteStore,
  { classifier, modelVersion, clock }: InsightsDeps,
  message: Waiting,
  vector: Float32Array,
  examples: readonly Example[],
): Promise<void> {
  const text = prepareText(message)
  const odds = baseOdds(classifier, { vector, text, channel: message.channel })
  const { intent, confidence } = mostLikely(learnFrom(odds, vector, examples))
  const timeline = (JSON.parse(message.known ?? '{}') as { readonly timeline?: string }).timeline ?? null
  const { urgency, reason } = readUrgency(text, { intent, timeline, at: message.at })
  const values = {
    intent,
    confidence,
    urgency,
    urgency_reason: reason,
    job_size: readJobSize(text),
    vector: packVector(vector),
    model_version: modelVersion,
    at: clock.now(),
  }
  await tx.db
    .insertInto('message_insight')
    .values({ interaction_id: message.id, ...values })
    .onConflict((conflict) => conflict.column('interaction_id').doUpdateSet(values))
    .execute()
  await tx.db.deleteFrom('insight_queue').where('interaction_id', '=', message.id).execute()
  tx.changed('interaction', message.personId)
}

/** Deadlines follow where the tier did. Only for leads that are open. */
export async function rescore(
  tx: WriteStore,
  { scoreLead, clocks, clock }: Pick<InsightsDeps, 'scoreLead' | 'clocks' | 'clock'>,
  leadId: number,
  settings: Awaited<ReturnType<typeof readSettings>>,
): Promise<void> {
  const lead = await tx.db.selectFrom('lead').select('status').where('id', '=', leadId).executeTakeFirst()
  if (lead?.status !== 'open') return
  const { tierChanged } = await scoreLead(tx, leadId, settings, clock.now())
  if (!tierChanged) return
  await clocks.retargeted(tx, leadId)
  await refreshLeadRow(tx, leadId)
}
