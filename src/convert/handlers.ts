import type { Clock } from '../lib/clock.ts'
import { notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { Store } from '../store/store.ts'
import { readChoices, saveChoices } from './choices.ts'
import type { convertContract } from './contract.ts'
import { type JudgeDeps, judgeLeads } from './judge-leads.ts'

export type ConvertDeps = JudgeDeps & {
  readonly store: Store
  readonly clock: Clock
  /** The rules were changed: leads that fit them now are looked for. */
  readonly rulesChanged: () => void
}

/** Answers `convert.*` of the contract. */
export function makeConvertHandlers({
  store,
  clock,
  rulesChanged,
  ...deps
}: ConvertDeps): HandlersOf<typeof convertContract> {
  return {
    'convert.judge': ({ leadIds, verdict }) =>
      store.write(async (tx) => {
        const { me } = await readSettings(tx)
        const { undoId } = await judgeLeads(tx, leadIds, verdict, { at: clock.now(), me, rule: null }, deps)
        return { undoId }
      }),

    'convert.lead': async ({ leadId }) => {
      const lead = await store.read.db
        .selectFrom('lead')
        .select(['outcome', 'outcome_at as at', 'value_minor as minor', 'currency'])
        .select(['outcome_reason as reason', 'outcome_note as note', 'competitor', 'revisit_at as revisitAt'])
        .select(['mql_at as mqlAt', 'qualified_at as qualifiedAt', 'sql_at as sqlAt'])
        .where('id', '=', leadId)
        .executeTakeFirst()
      if (!lead) throw notFound('This lead')
      const { minor, currency, ...end } = lead
      return { ...end, value: minor === null || currency === null ? null : { minor, currency } }
    },

    'convert.choices': () => readChoices(store.read),

    'convert.saveChoices': async (choices) => {
      await store.write((tx) => saveChoices(tx, choices))
      rulesChanged()
      return {}
    },
  }
}
