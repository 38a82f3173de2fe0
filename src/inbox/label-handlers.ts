import type { Clock } from '../lib/clock.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { listLabels, removeLabel, renameLabel, restoreLabel } from '../store/queries/labels.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { Store } from '../store/store.ts'
import type { inboxContract } from './contract.ts'
import { labelPeople } from './label-people.ts'

type Deps = { readonly store: Store; readonly clock: Clock }
type Answered = 'inbox.labels' | 'inbox.label' | 'inbox.renameLabel' | 'inbox.removeLabel' | 'inbox.restoreLabel'

export function makeLabelHandlers({ store, clock }: Deps): Pick<HandlersOf<typeof inboxContract>, Answered> {
  return {
    'inbox.labels': async () => ({ labels: [...(await listLabels(store.read))] }),
    'inbox.label': (labelling) =>
      store.write(async (tx) => {
        const { me } = await readSettings(tx)
        return { undoId: await labelPeople(tx, labelling, { at: clock.now(), me }) }
      }),
    'inbox.renameLabel': ({ id, name }) =>
      store.write(async (tx) => {
        await renameLabel(tx, id, name)
        return {}
      }),
    'inbox.removeLabel': ({ id }) =>
      store.write(async (tx) => {
        await removeLabel(tx, id, clock.now())
        return {}
      }),
    'inbox.restoreLabel': ({ id }) =>
      store.write(async (tx) => {
        await restoreLabel(tx, id)
        return {}
      }),
  }
}
