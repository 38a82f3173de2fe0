/**
 * The window on a made-up engine, to look at it while working on it:
 * `vite --config test/window/vite.config.ts`, then `/?scenario=sample|ugly|empty|first`, `&call=ringing|in_progress|ended`,
 * `&dead=DATABASE_DAMAGED`, `&stuck=1`.
 */
import type { ErrorCode } from '../../src/rpc/errors.ts'
import { type FakeOptions, fakeBridge } from '../fakes/window-bridge.ts'
import type { Scenario } from '../fakes/window-data.ts'

const wanted = new URLSearchParams(location.search)
const call = wanted.get('call') as FakeOptions['call'] | null
const dead = wanted.get('dead') as ErrorCode | null

Object.assign(window, {
  deskbell: fakeBridge({
    scenario: (wanted.get('scenario') ?? 'sample') as Scenario,
    stuck: wanted.has('stuck'),
    ...(call ? { call } : {}),
    ...(dead
      ? {
          dead: {
            code: dead,
            message:
              'The file with your leads cannot be read. It was not touched. Restore the latest backup, or ask somebody who knows databases to look at it.',
            fault: 'user',
            retryable: false,
            detail: 'SQLITE_CORRUPT: database disk image is malformed',
          },
        }
      : {}),
  }),
})

await import('../../renderer/main.tsx')
