import type { QueryClient } from '@tanstack/react-query'
import { type InboxRow, type InboxView, type ListName, nameIn } from '../../src/inbox/contract.ts'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import type { LeadPages } from './use-leads.ts'

/** What an action does to a row at once, before the engine has answered. `keepIn` are the views the row stays in. */
export type Effect = {
  readonly patch: Partial<InboxRow> | ((row: InboxRow) => Partial<InboxRow>)
  readonly keepIn: 'all-views' | readonly InboxView[]
}

/** Shows the effect everywhere the leads are on screen. Answers the function that takes it back. */
export function showAtOnce(client: QueryClient, leadIds: readonly number[], effect: Effect): () => void {
  const ids = new Set(leadIds)
  // A fetch that is under way would bring the old rows back for a moment.
  void client.cancelQueries({ queryKey: ['inbox.list'] })
  const before = [
    ...client.getQueriesData<unknown>({ queryKey: ['inbox.list'] }),
    ...client.getQueriesData<unknown>({ queryKey: ['people.card'] }),
  ]
  for (const [key, data] of client.getQueriesData<LeadPages>({ queryKey: ['inbox.list'] })) {
    if (data) client.setQueryData(key, patchPages(data, viewOf(key), ids, effect))
  }
  for (const [key, card] of client.getQueriesData<MethodOutput<'people.card'>>({ queryKey: ['people.card'] })) {
    if (card?.lead && ids.has(card.lead.row.leadId)) {
      const row = patched(card.lead.row, effect)
      client.setQueryData(key, { ...card, lead: { ...card.lead, row } })
    }
  }
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data)
  }
}

const patched = (row: InboxRow, { patch }: Effect): InboxRow => ({
  ...row,
  ...(typeof patch === 'function' ? patch(row) : patch),
})

/** The rows of leads as far as they were on screen, each once. */
export function rowsOnScreen(client: QueryClient, leadIds: readonly number[]): readonly InboxRow[] {
  const ids = new Set(leadIds)
  const found = new Map<number, InboxRow>()
  const keep = (row: InboxRow) => {
    if (ids.has(row.leadId)) found.set(row.leadId, row)
  }
  for (const [, data] of client.getQueriesData<LeadPages>({ queryKey: ['inbox.list'] })) {
    for (const page of data?.pages ?? []) page.rows.forEach(keep)
  }
  for (const [, card] of client.getQueriesData<MethodOutput<'people.card'>>({ queryKey: ['people.card'] })) {
    if (card?.lead) keep(card.lead.row)
  }
  return [...found.values()]
}

export function patchPages(
  data: LeadPages,
  view: ListName | undefined,
  ids: ReadonlySet<number>,
  effect: Effect,
): LeadPages {
  const shown = view !== undefined && nameIn(view) !== null ? 'all' : view
  const stays = effect.keepIn === 'all-views' || effect.keepIn.some((it) => it === shown)
  return {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      rows: stays
        ? page.rows.map((row) => (ids.has(row.leadId) ? patched(row, effect) : row))
        : page.rows.filter((row) => !ids.has(row.leadId)),
    })),
  }
}

function viewOf(key: readonly unknown[]): ListName | undefined {
  const input = key[1]
  return typeof input === 'object' && input !== null && 'view' in input ? (input.view as ListName) : undefined
}
