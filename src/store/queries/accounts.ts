import type { Selectable } from 'kysely'
import type { AccountTable } from '../schema.ts'
import { keptQuery } from './kept-query.ts'
import { keptRead } from './kept-read.ts'

/** The accounts that are connected, the first one first; settings as they are stored. */
export const readAccounts = keptRead(['account'], async (store) =>
  (await accountRows(store, {})).map(({ settings, ...row }) => ({ ...row, settings: JSON.parse(settings) as unknown })),
)

// What a channel brings is counted in its account, so this is asked once for each delivery.
const accountRows = keptQuery<object, Pick<Selectable<AccountTable>, 'id' | 'kind' | 'settings'>>((db) =>
  db.selectFrom('account').select(['id', 'kind', 'settings']).where('removed_at', 'is', null).orderBy('id'),
)
