import type { Load, Teammate } from '../../../src/route/availability.ts'
import type { RouteFacts, When } from '../../../src/route/match-rule.ts'
import type { RouteRule } from '../../../src/settings/contract.ts'

export const anything: When = {
  ...{ tiers: [], channels: [], sources: [], countries: [], regions: [], areaCodes: [], postcodes: [], words: [] },
}

/** A rule that asks for nothing but what is given, and gives in turn to everybody. */
export const rule = (
  id: string,
  when: Partial<When> = {},
  give: RouteRule['give'] = { how: 'turn', to: [] },
): RouteRule => ({
  ...{ id, name: id, when: { ...anything, ...when }, give },
})

export const mate = (id: number, name: string, more: Partial<Teammate> = {}): Teammate => ({
  ...{ id, name, onDuty: true, hours: null, absences: [], skills: [], capacity: null },
  ...more,
})

/** At a time that no test cares about unless it has absences. */
export const teamOf = (members: readonly Teammate[], loads: ReadonlyMap<number, Load> = new Map()) => ({
  ...{ members, loads, at: 1_000_000, today: '2026-03-01' },
})

export const facts = (more: Partial<RouteFacts> = {}): RouteFacts => ({
  ...{ tier: 'hot', channels: ['form'], sources: ['Website'], numbers: [], regions: [], postcodes: [], text: '' },
  ...more,
})
