import type { Clock } from '../lib/clock.ts'
import { notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { idsOfView, listLeads, type Viewer } from '../store/queries/inbox.ts'
import { countFound, type FoundList, idsFound, listFound } from '../store/queries/inbox-found.ts'
import { listByName } from '../store/queries/people-by-name.ts'
import { listViews, moveView, removeView, restoreView, saveView, viewById } from '../store/queries/saved-views.ts'
import { searchAll } from '../store/queries/search-hits.ts'
import { leadFilterOf } from '../store/queries/search-leads.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { Store } from '../store/store.ts'
import { type InboxView, type inboxContract, inboxView, type ListName, nameIn } from './contract.ts'
import { makeReadTimeSpan } from './search-dates.ts'
import { parseSearch } from './search-query.ts'

type Deps = { readonly store: Store; readonly clock: Clock }
type Answered =
  | 'inbox.list'
  | 'inbox.ids'
  | 'inbox.search'
  | 'inbox.views'
  | 'inbox.viewCounts'
  | 'inbox.saveView'
  | 'inbox.removeView'
  | 'inbox.restoreView'
  | 'inbox.moveView'

// A list of more is worked through in several goes.
const mostIds = 5000
const mostCounted = 100

/** Lists and searches: the part of the inbox that only looks, and the views that people keep. */
export function makeViewHandlers({ store, clock }: Deps): Pick<HandlersOf<typeof inboxContract>, Answered> {
  const surroundings = async () => {
    const { me, business } = await readSettings(store.read)
    const now = clock.now()
    return { viewer: { now, me }, business, readTime: makeReadTimeSpan({ now, zone: business.zone }) }
  }
  const foundBy = async (view: Exclude<ListName, InboxView>): Promise<{ list: FoundList; viewer: Viewer }> => {
    const saved = await viewById(store.read, Number(view.slice('saved:'.length)))
    if (!saved) throw notFound('This view')
    const { viewer, readTime } = await surroundings()
    const filter = await leadFilterOf(store.read, parseSearch(saved.query, readTime), viewer, saved.sort)
    return { list: { filter, sort: saved.sort }, viewer }
  }
  return {
    'inbox.list': async ({ view, after, limit }) => {
      const from = nameIn(view)
      if (from !== null) return listByName(store.read, from, { after, limit })
      if (isBuiltIn(view)) return listLeads(store.read, view, (await surroundings()).viewer, { after, limit })
      const { list, viewer } = await foundBy(view)
      return listFound(store.read, list, viewer, { after, limit })
    },
    'inbox.ids': async ({ view: asked }) => {
      // Whoever was jumped over is in the list as well.
      const view = nameIn(asked) === null ? asked : 'all'
      const ids = isBuiltIn(view)
        ? await idsOfView(store.read, view, (await surroundings()).viewer, mostIds + 1)
        : await foundBy(view).then(({ list, viewer }) => idsFound(store.read, list.filter, viewer, mostIds + 1))
      return { leadIds: ids.slice(0, mostIds), more: ids.length > mostIds }
    },
    'inbox.search': async ({ text, limit, after = null }) => {
      const { viewer, business, readTime } = await surroundings()
      const query = parseSearch(text, readTime)
      const { country } = business
      const { hits, next, about } = await searchAll(store.read, { text, query, limit, after, country, viewer })
      return { hits: [...hits], next, about, problems: [...query.problems] }
    },
    'inbox.views': async () => ({ views: await listViews(store.read) }),
    'inbox.viewCounts': async () => {
      const { viewer, readTime } = await surroundings()
      const counts: { id: number; count: number }[] = []
      for (const { id, query, sort } of await listViews(store.read)) {
        const filter = await leadFilterOf(store.read, parseSearch(query, readTime), viewer, sort)
        counts.push({ id, count: await countFound(store.read, filter, viewer, mostCounted) })
      }
      return { counts }
    },
    'inbox.saveView': (view) => store.write(async (tx) => ({ id: await saveView(tx, view, clock.now()) })),
    'inbox.removeView': ({ id }) =>
      store.write(async (tx) => {
        await removeView(tx, id, clock.now())
        return {}
      }),
    'inbox.restoreView': ({ id }) =>
      store.write(async (tx) => {
        await restoreView(tx, id)
        return {}
      }),
    'inbox.moveView': ({ id, before }) =>
      store.write(async (tx) => {
        await moveView(tx, id, before)
        return {}
      }),
  }
}

const isBuiltIn = (view: ListName): view is InboxView => inboxView.safeParse(view).success
