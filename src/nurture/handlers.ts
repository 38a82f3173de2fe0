import type { Clock } from '../lib/clock.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import type { nurtureContract } from './contract.ts'
import { type SendDeps, sendToMany, tryOnMany } from './send-to-many.ts'
import { listTemplates, removeTemplate, renderTemplate, saveTemplate } from './templates.ts'

/** `links` makes the unsubscribe address of an e-mail address; it answers null when no relay has one for us. */
export type NurtureDeps = SendDeps & { readonly clock: Clock }

/** Answers `nurture/contract.ts`. */
export function makeNurtureHandlers(deps: NurtureDeps): HandlersOf<typeof nurtureContract> {
  const { store, clock, links, opening } = deps
  return {
    'templates.list': async ({ personId = null }) => ({
      templates: await listTemplates(store.read, personId, opening),
    }),
    'templates.save': (input) => saveTemplate(store, clock, input),
    'templates.remove': async ({ id }) => {
      await removeTemplate(store, clock, id)
      return {}
    },
    'templates.render': async (input) => renderTemplate(store.read, input, { link: await links(), opening }),
    'templates.tryOnMany': async (many) => {
      const { ready, blocked } = await tryOnMany(deps, many)
      return { ready: ready.map(({ jobId: _, leavesAt: __, ...it }) => it), blocked: [...blocked] }
    },
    'templates.sendToMany': async (many) => {
      const { ready, blocked } = await sendToMany(deps, many)
      return {
        sent: ready.map(({ personId, jobId, leavesAt }) => ({ personId, jobId, leavesAt })),
        blocked: [...blocked],
      }
    },
  }
}
