import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Inbound } from '../../../src/channels/channel.ts'
import { minute } from '../../../src/lib/durations.ts'
import { tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { emailParty, inboundCall, inboundForm, inboundMail, inboundText } from '../../fakes/inbound.ts'
import { openCaptureWorld } from './capture-world.ts'

const from = (name: string, n: number) =>
  inboundMail(
    { messageId: `${name}-${n}`, from: `${name}@x.example`, ...(n > 0 && { inReplyTo: `${name}-${n - 1}` }) },
    { at: start + n * minute, parties: [emailParty(`${name}@x.example`)] },
  )
const answerTo = (name: string) =>
  inboundMail(
    {
      messageId: `to-${name}`,
      from: 'office@bright-kitchens.example',
      to: [`${name}@x.example`],
      inReplyTo: `${name}-0`,
    },
    { direction: 'out', at: start + 30 * minute },
  )

/** By account of the capture world. */
const everything: Readonly<Record<1 | 2 | 3, readonly Inbound[]>> = {
  1: [from('ana', 0), from('ana', 1), from('ana', 2), from('bob', 0), from('bob', 1), answerTo('ana')],
  2: [
    inboundCall({ result: 'ringing' }, { externalId: 'CA1', revision: 'open:ringing', at: start + minute }),
    inboundCall({ result: 'missed' }, { externalId: 'CA1', revision: 'done:missed', at: start + minute }),
    inboundText({}, { externalId: 'SM1', at: start + 2 * minute }),
    inboundText({ body: 'On my way' }, { externalId: 'SM2', direction: 'out', at: start + 40 * minute }),
  ],
  3: [
    inboundForm({ email: 'ana@x.example', message: 'Hi' }, { externalId: 'f1', at: start + minute }),
    inboundForm({ email: 'carla@x.example', message: 'Hi' }, { externalId: 'f2', at: start }),
  ],
}
const deliveries = fc.array(
  fc
    .constantFrom<1 | 2 | 3>(1, 2, 3)
    .chain((account) => fc.tuple(fc.constant(account), fc.subarray([...everything[account]], { minLength: 1 }))),
  { maxLength: 6 },
)

test('in whatever order, in whatever portions and however often it comes: once each, and nothing answered keeps ticking', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async (first) => {
      const world = await openCaptureWorld()
      await world.clock.advance(60 * minute)
      for (const [account, items] of first) await world.deliver(account, items)
      for (const account of [1, 2, 3] as const) await world.deliver(account, everything[account])

      const items = await world.items()
      expect(items.map((it) => it.external_id).sort()).toEqual(
        ['CA1', 'SM1', 'SM2', 'ana-0', 'ana-1', 'ana-2', 'bob-0', 'bob-1', 'f1', 'f2', 'to-ana'].sort(),
      )
      expect(await world.interactions()).toHaveLength(items.length)
      expect(await world.people()).toHaveLength(4)
      const leads = await world.leads()
      expect(leads).toHaveLength(4)
      const name = new Map((await world.people()).map((it) => [it.id, it.name]))
      const ticking = leads
        .filter((it) => it.clock_kind !== null && it.clock_kind !== 'second_touch')
        .map((it) => name.get(it.person_id))
      expect(ticking.filter((it) => it === 'ana@x.example' || it === '(415) 555-0187')).toEqual([])
      await world.store.close()
    }),
    { numRuns: 40 },
  )
})
