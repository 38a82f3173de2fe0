import { z } from 'zod'
import { id, time } from '../../rpc/method.ts'
import { keptQuery } from '../../store/queries/kept-query.ts'
import { keptRead } from '../../store/queries/kept-read.ts'
import { writeSetting } from '../../store/queries/settings.ts'
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

/** As it is in the transaction; what cannot be read is as in a new workspace: off. Parsed once for each text it has. */
export const readFirstAnswer = keptRead(['setting'], firstAnswerOf)

async function firstAnswerOf(store: ReadStore | WriteStore): Promise<FirstAnswer> {
  const rows = await savedRows(store, { settingsKey, stateKey })
  const savedAs = <T>(key: string, read: (saved: unknown) => T): T => {
    const text = rows.find((it) => it.key === key)?.value
    const known = store.settingsRead.get(key)
    if (known && known.text === text) return known.value as T
    const value = read(parsed(text))
    store.settingsRead.set(key, { text, value })
    return value
  }
  return {
    settings: savedAs(settingsKey, (saved) => firstAnswerSettings.safeParse(saved).data ?? defaultFirstAnswer),
    state: savedAs(stateKey, (saved) => state.safeParse(saved).data ?? noTrouble),
  }
}

const savedRows = keptQuery<
  { settingsKey: string; stateKey: string },
  { readonly key: string; readonly value: string }
>((db, value) =>
  db
    .selectFrom('setting')
    .selectAll()
    .where('key', 'in', [value('settingsKey'), value('stateKey')]),
)

function parsed(text: string | undefined): unknown {
  try {
    return text && JSON.parse(text)
  } catch {
    return undefined
  }
}

export const saveFirstAnswer = (tx: WriteStore, settings: FirstAnswerSettings) => save(tx, settingsKey, settings)
export const saveState = (tx: WriteStore, next: FirstAnswerState) => save(tx, stateKey, next)

const save = (tx: WriteStore, key: string, saved: object) => writeSetting(tx, key, JSON.stringify(saved))
