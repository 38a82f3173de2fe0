import type { ReadStore, WriteStore } from '../../store/store.ts'
import { type Model, modelFromJson, modelToJson } from '../predict/model.ts'
import { type LearnReport, learnReport } from './contract.ts'
import type { Judged } from './judge-model.ts'

/** The newest training, without the model itself. */
export type Training = {
  readonly id: number
  readonly trainedAt: number
  readonly state: Judged['state']
  readonly reason: string
  readonly outcomes: number
  /** Null for one that another version of the program wrote: it is learnt again. */
  readonly report: LearnReport | null
}

/** The newest training; one of before never serves after it. Null before the first. */
export async function latestTraining(store: ReadStore): Promise<Training | null> {
  const row = await store.db
    .selectFrom('score_model')
    .select(['id', 'trained_at as trainedAt', 'state', 'reason', 'outcomes', 'report'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { ...row, report: learnReport.safeParse(JSON.parse(row.report)).data ?? null } : null
}

/** The model of a training. @returns null when it cannot be read any more, or the training was refused */
export async function modelOf(store: ReadStore, trainingId: number): Promise<Model | null> {
  const row = await store.db.selectFrom('score_model').select('model').where('id', '=', trainingId).executeTakeFirst()
  return row?.model ? modelFromJson(row.model) : null
}

// To look back at; the figures of older ones are in nobody's way, their models are.
const kept = 5

export async function saveTraining(
  tx: WriteStore,
  { state, reason, report }: Judged,
  model: Model,
  trainedAt: number,
): Promise<number> {
  const { id } = await tx.db
    .insertInto('score_model')
    .values({
      trained_at: trainedAt,
      state,
      reason,
      outcomes: model.trainedOn.rows,
      won: model.trainedOn.positives,
      model: state === 'refused' ? null : modelToJson(model),
      report: JSON.stringify(report),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx.db
    .deleteFrom('score_model')
    .where('id', '<=', id - kept)
    .execute()
  tx.changed('setting')
  return id
}
