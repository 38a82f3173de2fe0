import { currencyOf } from '../lib/currency-of.ts'
import { readSettings, writeSetting } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { type OutcomeChoices, outcomeChoices } from './contract.ts'
import { defaultChoices } from './default-choices.ts'

const key = 'outcomes'

/** Reasons, rules and currency of the workspace. What cannot be read falls back to what a new one starts with. */
export async function readChoices(store: ReadStore): Promise<OutcomeChoices> {
  const row = await store.db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  const known = row ? outcomeChoices.safeParse(parsed(row.value)).data : undefined
  return known ?? { ...defaultChoices, currency: currencyOf((await readSettings(store)).business.country) }
}

export const saveChoices = (tx: WriteStore, choices: OutcomeChoices): Promise<void> =>
  writeSetting(tx, key, JSON.stringify(choices))

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
