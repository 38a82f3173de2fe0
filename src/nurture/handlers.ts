import type { Clock } from '../lib/clock.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import type { Store } from '../store/store.ts'
import type { nurtureContract } from './contract.ts'
import { listTemplates, removeTemplate, renderTemplate, saveTemplate } from './templates.ts'

/** Answers `nurture/contract.ts`. */
export function makeNurtureHandlers({
  store,
  clock,
  links,
}: {
  readonly store: Store
  readonly clock: Clock
  /** Makes the unsubscribe address of an e-mail address; null when no relay has one for us. */
  readonly links: () => Promise<((email: string) => string) | null>
}): HandlersOf<typeof nurtureContract> {
  return {
    'templates.list': async () => ({ templates: await listTemplates(store.read) }),
    'templates.save': (input) => saveTemplate(store, clock, input),
    'templates.remove': async ({ id }) => {
      await removeTemplate(store, clock, id)
      return {}
    },
    'templates.render': async (input) => renderTemplate(store.read, input, await links()),
  }
}
