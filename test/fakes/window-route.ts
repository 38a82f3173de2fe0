import { routingProblems } from '../../src/route/check-routing.ts'
import { chooseByRules, nextUp, type Team } from '../../src/route/choose-owner.ts'
import { routeNumber } from '../../src/route/read-facts.ts'
import type { MethodInput, MethodOutput } from '../../src/rpc/contract.ts'
import type { Routing } from '../../src/settings/contract.ts'
import type { World } from './window-data.ts'

type Method = 'route.save' | 'route.test' | 'route.preview'
type Answers = { readonly [M in Method]: (input: MethodInput<M>) => MethodOutput<M> }

/** The rules are chosen by as in the engine; what people have in hand and whose turn it is are not kept. */
export function routeAnswers(world: World, changed: () => void): Answers {
  const team = (at: number): Team => ({
    members: world.members
      .toSorted((a, b) => a.id - b.id)
      .map(({ id, name, onDuty, skills, capacity, absences }) => ({
        ...{ id, name, onDuty, skills, capacity, hours: null },
        absences: absences.map(({ startsAt, endsAt, reason }) => ({ from: startsAt, to: endsAt, reason })),
      })),
    loads: new Map(world.members.map(({ id }) => [id, { open: id + 1, weight: 2 * id }])),
    at,
    today: '2026-03-01',
  })
  const sentence = (choice: ReturnType<typeof chooseByRules>) =>
    choice.owner ? `${choice.owner.name}: ${choice.words}` : choice.words
  return {
    'route.save': ({ routing }) => {
      world.settings = { ...world.settings, routing: routing as Routing }
      changed()
      return {}
    },
    'route.test': ({ tier, channel, source, phone, postcode, text, at, routing }) => {
      const facts = {
        ...{ tier, channels: channel === null ? [] : [channel], sources: source ? [source] : [] },
        ...{ numbers: phone ? [routeNumber(phone)] : [], regions: [], postcodes: postcode ? [postcode] : [] },
        text: text ?? '',
      }
      const rules = ((routing as Routing | undefined) ?? world.settings.routing).rules
      const choice = chooseByRules(rules, facts, team(at), new Map())
      return {
        steps: [...choice.steps],
        owner: choice.owner && { id: choice.owner.id, name: choice.owner.name },
        sentence: sentence(choice),
      }
    },
    'route.preview': ({ routing }) => {
      const { rules } = routing as Routing
      const now = team(Date.now())
      const leads = world.rows.slice(0, 50).map((row, at) => {
        const facts = {
          ...{ tier: row.tier, channels: [row.channel], sources: [row.source], numbers: [], regions: [] },
          ...{ postcodes: at % 3 === 0 ? ['94110'] : [], text: row.preview },
        }
        const one = { ...now, members: [...now.members.slice(at % 3), ...now.members.slice(0, at % 3)] }
        const choice = chooseByRules(rules, facts, one, new Map())
        return {
          ...{ leadId: row.leadId, personId: row.personId, name: row.name, openedAt: row.lastAt },
          ...{ now: row.owner?.name ?? null, would: choice.owner?.name ?? null, sentence: sentence(choice) },
          ruleId: choice.ruleId,
        }
      })
      return {
        problems: routingProblems(routing as Routing, now.members),
        rules: rules.map((rule) => ({
          ruleId: rule.id,
          leads: leads.filter((it) => it.ruleId === rule.id).length,
          next: nextUp(rule, now, new Map())?.name ?? null,
        })),
        leads: leads.map(({ ruleId: _, ...it }) => it),
      }
    },
  }
}
