import type { Clock } from '../lib/clock.ts'
import { normalizePhone } from '../lib/handles.ts'
import { badInput } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import type { Routing } from '../settings/contract.ts'
import { readSettings, saveSetting } from '../store/queries/settings.ts'
import type { Store, WriteStore } from '../store/store.ts'
import { routingProblems } from './check-routing.ts'
import { chooseByRules, nextUp } from './choose-owner.ts'
import type { routeContract } from './contract.ts'
import { leadsOf, oldestPreviewed, previewLeads, sentenceOf } from './preview.ts'
import { routeNumber } from './read-facts.ts'
import type { ReadSituation } from './read-team.ts'

export type RouteHandlerDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly readSituation: ReadSituation
  /** Where a number belongs, by its prefix. */
  readonly phoneRegion: (number: string) => { readonly region: string | null }
  /** Looks at all leads that wait, by the rules as they are now. */
  readonly dutyTimer: { readonly afresh: () => void }
}

/** Answers `route.*` of the contract. */
export function makeRouteHandlers(deps: RouteHandlerDeps): HandlersOf<typeof routeContract> {
  const { store, clock, readSituation, phoneRegion, dutyTimer } = deps
  return {
    'route.save': async ({ routing }) => {
      await store.write(async (tx) => {
        const { team } = await readSituation(tx, clock.now())
        const [problem] = routingProblems(routing, team.members)
        if (problem?.level === 'error') throw badInput(problem.text)
        await saveSetting(tx, 'routing', routing)
        await forgetRules(tx, routing)
      })
      dutyTimer.afresh()
      return {}
    },

    'route.test': async ({ at, phone, routing: unsaved, ...lead }) => {
      const { routing, team, turns } = await readSituation(store.read, at)
      const { business } = await readSettings(store.read)
      // While it is being typed it is no whole number yet; its area code may be there already.
      const number = phone === '' ? null : (normalizePhone(phone, business.country) ?? phone)
      const region = number === null ? null : phoneRegion(number).region
      const facts = {
        tier: lead.tier,
        channels: lead.channel === null ? [] : [lead.channel],
        sources: lead.source === '' ? [] : [lead.source],
        numbers: number === null ? [] : [routeNumber(number)],
        regions: region === null ? [] : [region],
        postcodes: lead.postcode === '' ? [] : [lead.postcode],
        text: lead.text,
      }
      const choice = chooseByRules((unsaved ?? routing).rules, facts, team, turns)
      const { owner, steps } = choice
      return { steps: [...steps], owner: owner && { id: owner.id, name: owner.name }, sentence: sentenceOf(choice) }
    },

    'route.preview': async ({ routing }) => {
      const now = await readSituation(store.read, clock.now())
      const oldest = await oldestPreviewed(store.read)
      const then = oldest === null ? now : await readSituation(store.read, oldest)
      const leads = await previewLeads(store.read, routing, then)
      return {
        problems: routingProblems(routing, now.team.members),
        rules: routing.rules.map((rule) => ({
          ruleId: rule.id,
          leads: leadsOf(rule, leads),
          next: nextUp(rule, now.team, now.turns)?.name ?? null,
        })),
        leads: leads.map(({ ruleId: _, ...it }) => it),
      }
    },
  }
}

/** Turns of rules that are gone: one of the same id later is another rule. */
async function forgetRules(tx: WriteStore, { rules }: Routing): Promise<void> {
  const ids = rules.map((it) => it.id)
  await tx.db.deleteFrom('route_state').where('rule_id', 'not in', ids).execute()
}
