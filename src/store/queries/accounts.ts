import { keptRead } from './kept-read.ts'

/** The accounts that are connected, the first one first; settings as they are stored. */
export const readAccounts = keptRead(['account'], async ({ db }) => {
  const rows = await db
    .selectFrom('account')
    .select(['id', 'kind', 'settings'])
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(({ settings, ...row }) => ({ ...row, settings: JSON.parse(settings) as unknown }))
})
