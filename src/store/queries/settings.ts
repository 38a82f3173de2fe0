import type { z } from 'zod'
import { scoring, tiers } from '../../score/contract.ts'
import { predictSetting } from '../../score/learn/contract.ts'
import { business, routing, settings as settingsSchema, slaPolicy } from '../../settings/contract.ts'
import { defaultSettings } from '../../settings/defaults.ts'
import type { ReadStore, WriteStore } from '../store.ts'
import { keptQuery } from './kept-query.ts'
import { keptRead } from './kept-read.ts'

// One row a setting. What cannot be read (a hand-edited file, an older shape) falls back to the default.
const stored = {
  setUp: settingsSchema.shape.setUp,
  business,
  calendars: settingsSchema.shape.calendars,
  sla: slaPolicy,
  slaExceptions: settingsSchema.shape.slaExceptions,
  tiers,
  scoring,
  predict: predictSetting,
  routing,
  undoSeconds: settingsSchema.shape.undoSeconds,
  notifications: settingsSchema.shape.notifications,
  me: settingsSchema.shape.me,
} as const

export type WorkspaceSettings = { readonly [K in keyof typeof stored]: z.output<(typeof stored)[K]> }

/** The same object for as long as nobody changed a setting, in transactions. */
export const readSettings = keptRead(['setting'], settingsOf)

const settingRows = keptQuery<object, { readonly key: string; readonly value: string }>((db) =>
  db.selectFrom('setting').selectAll(),
)

async function settingsOf(store: ReadStore | WriteStore): Promise<WorkspaceSettings> {
  const rows = await settingRows(store, {})
  const byKey = new Map(rows.map((row) => [row.key, row.value]))
  const settingOf = <K extends keyof typeof stored>(key: K) => {
    const text = byKey.get(key)
    const known = store.settingsRead.get(key)
    if (known && known.text === text) return known.value as WorkspaceSettings[K]
    const parsed = stored[key].safeParse(parseJson(text))
    const value = (parsed.success ? parsed.data : defaultSettings[key]) as WorkspaceSettings[K]
    store.settingsRead.set(key, { text, value })
    return value
  }
  return {
    setUp: settingOf('setUp'),
    business: settingOf('business'),
    calendars: settingOf('calendars'),
    sla: settingOf('sla'),
    slaExceptions: settingOf('slaExceptions'),
    tiers: settingOf('tiers'),
    scoring: settingOf('scoring'),
    predict: settingOf('predict'),
    routing: settingOf('routing'),
    undoSeconds: settingOf('undoSeconds'),
    notifications: settingOf('notifications'),
    me: settingOf('me'),
  }
}

export const saveSetting = <K extends keyof WorkspaceSettings>(tx: WriteStore, key: K, value: WorkspaceSettings[K]) =>
  writeSetting(tx, key, JSON.stringify(value))

/** Keeps the text of a setting; for areas that read theirs themselves, under a key that is nobody else's. */
export async function writeSetting(tx: WriteStore, key: string, value: string): Promise<void> {
  await tx.db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
  tx.changed('setting')
}

function parseJson(value: string | undefined): unknown {
  if (value === undefined) return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
