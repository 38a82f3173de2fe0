import type { Scoring } from '../../../src/score/contract.ts'
import { prepareRules, type Verdict } from '../../../src/score/evaluate.ts'
import { type About, collectFacts, type Facts, type Touch } from '../../../src/score/facts.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { tuesdayMorning } from '../../fakes/fake-clock.ts'

/** Tuesday, in the morning of New York. */
export const start = tuesdayMorning

export const mail = (text: string, more: Partial<Touch> = {}): Touch => ({
  at: start,
  direction: 'in',
  automatic: false,
  channel: 'email',
  subject: '',
  text,
  robot: null,
  fields: null,
  known: null,
  result: null,
  intent: null,
  urgency: null,
  ...more,
})

export const call = (more: Partial<Touch> = {}): Touch => mail('', { channel: 'call', result: 'missed', ...more })

export const form = (known: Record<string, string>, more: Partial<Touch> = {}): Touch => ({
  ...mail(known.message ?? ''),
  channel: 'form',
  known: JSON.stringify(known),
  fields: JSON.stringify(Object.entries(known).map(([label, value]) => ({ label, value }))),
  ...more,
})

const nobody: About = {
  company: null,
  region: null,
  countries: [],
  lines: [],
  sources: ['E-mail'],
  tracking: {},
  hasEmail: false,
  fields: {},
  budget: null,
  timelineDays: null,
  employees: null,
}

export const factsOf = (touches: readonly Touch[], about: Partial<About> = {}): Facts =>
  collectFacts(touches, { ...nobody, ...about }, start)

export const options = { localPostcodes: ['941', 'EC1A'], zone: 'America/New_York' }

export const judge = (facts: Facts, scoring: Scoring = defaultSettings.scoring, now = start): Verdict =>
  prepareRules(scoring, defaultSettings.tiers, options).judge(facts, now)
