import { expect, test } from 'vitest'
import type { Counts } from '../../../../src/channels/channel.ts'
import { openContext } from '../../../../src/channels/channel-context.ts'
import { makeRefusalCounts } from '../../../../src/channels/forms/refusal-counts.ts'
import { minute, second } from '../../../../src/lib/durations.ts'
import { silentLog } from '../../../../src/lib/log.ts'
import { makeFakeClock } from '../../../fakes/fake-clock.ts'
import { openTestStore } from '../../../fakes/test-store.ts'

test('a flood of refused posts is counted by reason, in one write for each', async () => {
  const store = openTestStore()
  const clock = makeFakeClock()
  const written: Counts[] = []
  const { context } = openContext({
    accountId: 1,
    store,
    clock,
    log: silentLog,
    random: () => 0,
    host: { getSecret: async () => null, setSecret: async () => {}, deleteSecret: async () => {} },
    ingest: async (_id, _items, _cursors, counts) => void (counts && written.push(counts)),
    report: async () => {},
  })
  const refusals = makeRefusalCounts(context)
  for (let post = 0; post < 5000; post++) refusals.note(429)
  refusals.note(413)
  refusals.note(401)
  expect(written).toEqual([])
  await clock.advance(10 * second)
  expect(written).toEqual([
    { skipped: 5000, reason: 'Refused: too many posts at once' },
    { skipped: 1, reason: 'Refused: larger than a form can be' },
  ])
  refusals.note(400)
  await refusals.flush()
  expect(written.at(-1)).toEqual({ skipped: 1, reason: 'Refused: empty or not readable' })
  await clock.advance(minute)
  expect(written).toHaveLength(3)
  await store.close()
})
