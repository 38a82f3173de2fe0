import type { KnownField, Provider } from '../../src/enrich/contract.ts'
import { presets } from '../../src/enrich/presets.ts'
import { tuesdayMorning } from './fake-clock.ts'

const fact = (
  id: number,
  field: string,
  label: string,
  display: string,
  more: Partial<KnownField> = {},
): KnownField => ({
  id,
  field,
  label,
  value: display,
  display,
  words: null,
  origin: 'signature',
  from: 'from their signature',
  at: tuesdayMorning,
  revertible: true,
  ...more,
})

/** What the made-up engine of the window knows beyond people's rows. */
export function enrichAnswers(changed: () => void) {
  let fields = [
    fact(1, 'title', 'Title', 'Office Manager and Head of Everything That Has To Do With Pipes'),
    fact(2, 'budget', 'Budget', '18,000', { words: '$18,000', origin: 'text', from: 'from what was written' }),
    fact(3, 'timeline', 'When', 'within 60 days', {
      words: 'next month',
      origin: 'text',
      from: 'from what was written',
    }),
    fact(4, 'address', 'Address', '12 Oak Street, Oakland, CA 94610'),
    fact(5, 'website', 'Website', 'lopez-builders.example', { origin: 'provider', from: 'from Apollo, $0.10' }),
  ]
  let offers = [{ ...fact(9, 'phone', 'Number', '(415) 555-0188', { words: 'mobile' }), kind: 'phone' as const }]
  const settings = presets[0]?.settings
  let providers: Provider[] = settings
    ? [
        {
          id: 1,
          name: 'Apollo',
          settings,
          state: 'on',
          problem: null,
          hasKey: true,
          today: { asked: 12, cost: 1200 },
          queued: 0,
        },
        {
          id: 2,
          name: 'Companies',
          settings,
          state: 'stopped',
          problem: 'It refused your key (401). Type the key again, or ask the service whether it is still good.',
          hasKey: true,
          today: { asked: 0, cost: 0 },
          queued: 31,
        },
      ]
    : []
  return {
    'enrich.person': () => ({ fields, offers, lines: [{ value: '+14155550187', type: 'mobile or landline' }] }),
    'enrich.revert': ({ fieldId }: { fieldId: number }) => {
      fields = fields.filter((it) => it.id !== fieldId)
      offers = offers.filter((it) => it.id !== fieldId)
      changed()
      return {}
    },
    'enrich.revertProvider': () => ({ reverted: 3 }),
    'enrich.takeOffer': ({ fieldId }: { fieldId: number }) => {
      offers = offers.filter((it) => it.id !== fieldId)
      changed()
      return { handleId: 99 }
    },
    'enrich.providers': () => ({ providers }),
    'enrich.presets': () => ({
      presets: presets.map((it) => ({ ...it, settings: structuredClone(it.settings) as Provider['settings'] })),
    }),
    'enrich.saveProvider': () => ({ id: 1 }),
    'enrich.switchProvider': ({ id, on }: { id: number; on: boolean }) => {
      providers = providers.map((it) => (it.id === id ? { ...it, state: on ? 'on' : 'off', problem: null } : it))
      changed()
      return {}
    },
    'enrich.removeProvider': ({ id }: { id: number }) => {
      providers = providers.filter((it) => it.id !== id)
      changed()
      return {}
    },
    'enrich.tryProvider': () => ({
      request: 'POST https://api.apollo.io/api/v1/people/match?email=ana%40lopez.example\nx-api-key: •••',
      status: 200,
      answer: '{\n  "person": { "name": "Ana Lopez", "title": "Operations Director" }\n}',
      problem: null,
      found: [{ field: 'title' as const, label: 'Title', value: 'Operations Director', now: 'Office Manager' }],
      cost: 100,
    }),
    'enrich.importLookups': () => ({
      services: [
        {
          providerId: 2,
          name: 'Twilio Lookup: kind of line',
          people: 1240,
          currency: 'USD',
          cost: 9920,
          perDay: 100,
          costPerDay: 1000,
        },
      ],
    }),
    'enrich.askAboutImport': () => ({ queued: 1240 }),
    'enrich.cardReader': () => ({ ready: true, note: '' }),
    'enrich.readCard': () => ({
      text: 'Ana Lopez',
      name: 'Ana Lopez',
      company: 'Lopez Builders LLC',
      title: 'Owner',
      website: null,
      address: null,
      phones: [{ value: '+14155550188', display: '(415) 555-0188', label: 'mobile' }],
      emails: ['ana@lopez.example'],
    }),
  }
}
