import { z } from 'zod'
import { id, time } from '../../rpc/method.ts'
import type { ReadStore, WriteStore } from '../../store/store.ts'
import { type FirstAnswerSettings, firstAnswerSettings } from './contract.ts'
import { defaultFirstAnswer } from './default-wording.ts'

const settingsKey = 'firstAnswer'
const stateKey = 'firstAnswerState'

const state = z.object({
  pausedAt: time.nullable(),
  trouble: z.object({ at: time, message: z.string(), personId: id.nullable() }).nullable(),
})

export type FirstAnswerState = z.infer<typeof state>
export type FirstAnswer = { readonly settings: FirstAnswerSettings; readonly state: FirstAnswerState }

export const noTrouble: FirstAnswerState = { pausedAt: null, trouble: null }

/** As it is in the transaction; what cannot be read is as in a new workspace: off. */
export async function readFirstAnswer(store: ReadStore): Promise<FirstAnswer> {
  const rows = await store.db.selectFrom('setting').selectAll().where('key', 'in', [settingsKey, stateKey]).execute()
  const savedAs = (key: string): unknown => {
    const row = rows.find((it) => it.key === key)
    try {
      return row && JSON.parse(row.value)
    } catch {
      return undefined
    }
  }
  const saved = firstAnswerSettings.safeParse(savedAs(settingsKey))
  const known = state.safeParse(savedAs(stateKey))
  return {
    settings: saved.success ? saved.data : defaultFirstAnswer,
    state: known.success ? known.data : noTrouble,
  }
}

export const saveFirstAnswer = (tx: WriteStore, settings: FirstAnswerSettings) => save(tx, settingsKey, settings)
export const saveState = (tx: WriteStore, next: FirstAnswerState) => save(tx, stateKey, next)

async function save(tx: WriteStore, key: string, saved: object): Promise<void> {
  const value = JSON.stringify(saved)
  await tx.db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
  tx.changed('setting')
}
