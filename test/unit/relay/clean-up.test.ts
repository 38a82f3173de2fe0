import { join } from 'node:path'
import { expect, it } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { relayLimits } from '../../../src/relay/limits.ts'
import { makeQueue } from '../../../src/relay/queue/queue.ts'
import { openSqliteQueue } from '../../../src/relay/queue/sqlite.ts'
import { startRelay } from '../../../src/relay/server.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

it('a relay cleans up again and again, and stops only when nobody works on its queue any more', async () => {
  const clock = makeFakeClock()
  const queue = makeQueue(
    openSqliteQueue({ path: join(temporaryFolder(), 'relay.db'), maxBytes: null, log: silentLog }),
  )
  const events: string[] = []
  let release = () => {}
  const relay = await startRelay({
    queue: {
      ...queue,
      purge: async (...given) => {
        events.push('begun')
        await new Promise<void>((resolve) => {
          release = resolve
        })
        await queue.purge(...given)
        events.push('cleaned')
        return 0
      },
      close: async () => {
        events.push('closed')
        await queue.close()
      },
    },
    clock,
    log: silentLog,
    limits: relayLimits,
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    behindProxy: false,
    adminHash: null,
  })
  release()
  await expect.poll(() => events, { timeout: 15_000 }).toEqual(['begun', 'cleaned'])
  await clock.advance(relayLimits.purgeEvery)
  expect(events).toEqual(['begun', 'cleaned', 'begun'])
  const stopped = relay.stop()
  await clock.settle()
  release()
  await stopped
  expect(events).toEqual(['begun', 'cleaned', 'begun', 'cleaned', 'closed'])
  expect(clock.pending()).toBe(0)
})
