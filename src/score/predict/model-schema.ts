import { z } from 'zod'
import type { Scorer } from './fit-scorer.ts'
import type { ColumnPlan } from './plan-columns.ts'

const name = z.string()
const numbers = z.array(z.number())

export const planColumnSchema = z.discriminatedUnion('kind', [
  z.object({ name, kind: z.literal('number'), style: z.object({ decimal: z.enum(['.', ',']) }) }),
  z.object({ name, kind: z.literal('date'), style: z.object({ dayFirst: z.boolean() }), hasTime: z.boolean() }),
  z.object({ name, kind: z.enum(['category', 'flag']), levels: z.array(z.string()) }),
  z.object({ name, kind: z.literal('text') }),
]) satisfies z.ZodType<ColumnPlan>

const worth = z.object({ worth: numbers, unknown: z.number(), missing: z.number() })
const scale = { mean: z.number(), deviation: z.number() }
const designSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), column: z.number(), missingColumn: z.number(), isLog: z.boolean(), ...scale }),
  z.object({ kind: z.literal('levels'), columns: numbers, other: z.number(), missingColumn: z.number() }),
  z.object({ kind: z.literal('worth'), column: z.number(), worth, ...scale }),
])
const binSpec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), thresholds: numbers }),
  z.object({ kind: z.literal('category'), bins: numbers, other: z.number(), count: z.number() }),
  z.object({ kind: z.literal('worth'), worth, thresholds: numbers }),
])
const tree = z.object({
  feature: numbers,
  threshold: numbers,
  lefts: z.array(numbers.nullable()),
  missingLeft: z.array(z.boolean()),
  left: numbers,
  right: numbers,
  value: numbers,
  cover: numbers,
})
const setting = z.object({
  learningRate: z.number(),
  leaves: z.number(),
  fewestRows: z.number(),
  l2: z.number(),
  featureShare: z.number(),
  rowShare: z.number(),
  trees: z.number(),
})

export const scorerSchema = z.object({
  linear: z
    .object({ specs: z.array(designSpec), intercept: z.number(), weights: numbers, means: numbers, l2: z.number() })
    .nullable(),
  trees: z.object({ specs: z.array(binSpec), prior: z.number(), trees: z.array(tree), setting }).nullable(),
  treeShare: z.number(),
  calibration: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('platt'), slope: z.number(), offset: z.number() }),
    z.object({
      kind: z.literal('isotonic'),
      at: numbers,
      chance: numbers,
      slope: z.number(),
      offset: z.number(),
    }),
  ]),
}) satisfies z.ZodType<Scorer>
