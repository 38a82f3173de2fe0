import { z } from 'zod'
import { readFeatures } from './features.ts'
import type { Scorer } from './fit-scorer.ts'
import { planColumnSchema, scorerSchema } from './model-schema.ts'
import type { ColumnPlan } from './plan-columns.ts'
import { scoreRows } from './score-rows.ts'
import type { Table } from './table.ts'

/** Rises when a model stored before can no longer be read: it is then trained again. */
export const modelVersion = 1

/** Everything a prediction needs. Plain data: it survives JSON and a worker's messages unchanged. */
export type Model = {
  readonly version: typeof modelVersion
  readonly target: { readonly column: string; readonly positive: string; readonly negative: string }
  readonly trainedOn: { readonly rows: number; readonly positives: number }
  readonly plans: readonly ColumnPlan[]
  readonly scorer: Scorer
}

const modelSchema = z.object({
  version: z.literal(modelVersion),
  target: z.object({ column: z.string(), positive: z.string(), negative: z.string() }),
  trainedOn: z.object({ rows: z.number(), positives: z.number() }),
  plans: z.array(planColumnSchema),
  scorer: scorerSchema,
}) satisfies z.ZodType<Model>

export function modelToJson(model: Model): string {
  return JSON.stringify(model)
}

/** @returns null when the text is no model of this version: train again */
export function modelFromJson(json: string): Model | null {
  try {
    return modelSchema.safeParse(JSON.parse(json)).data ?? null
  } catch {
    return null
  }
}

/** Probability of the positive outcome for each row of a table, which may lack columns and hold values never seen. */
export function predict(model: Model, table: Table): Float64Array {
  const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row)
  return scoreRows(model.scorer, readFeatures(model.plans, table), rows)
}
