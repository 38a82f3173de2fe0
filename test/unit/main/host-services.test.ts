import { expect, test, vi } from 'vitest'
import { createHostServices } from '../../../main/host-services.ts'
import type { Workspace } from '../../../preload/host-contract.ts'

vi.mock('electron', () => ({}))

test('the sample is opened again only when it is gone', async () => {
  const done: string[] = []
  let current: Workspace = 'sample'
  const turn = async (what: string, turns = 1) => {
    for (let at = 0; at < turns; at++) await new Promise((resolve) => setImmediate(resolve))
    done.push(what)
  }
  const services = createHostServices({
    supervisor: {
      state: () => ({ state: 'running' }),
      stop: () => turn(`stop ${current}`),
      start: () => turn(`start ${current}`),
    } as never,
    workspaces: {
      current: () => current,
      choose: (next: Workspace) => {
        current = next
      },
      engineArgs: () => [],
      deleteSample: () => turn('delete the sample', 10),
    } as never,
    windows: {} as never,
    testNotification: () => ({ supported: false }),
    dark: null,
  })
  const sender = {} as never
  await Promise.all([
    services.removeSample.run({}, sender),
    services.openWorkspace.run({ workspace: 'sample' }, sender),
  ])
  expect(done).toEqual(['stop sample', 'start business', 'delete the sample', 'stop business', 'start sample'])
})
