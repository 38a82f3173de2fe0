import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))
const minute = 60_000

/** The long files first: the many short ones of the units then fill both workers to the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rings = ['e2e', 'channels', 'window', 'unit']
    const place = (it: TestSpecification) => rings.indexOf(it.project.name)
    return sorted.toSorted((a, b) => place(a) - place(b))
  }
}

/** The limits are for a machine many times slower than ours: a test waits for a state, however long that takes. */
const limits = (timeout: number) => ({
  testTimeout: timeout,
  hookTimeout: timeout,
  expect: { poll: { timeout: minute / 2 } },
})
const ring = (name: string, include: string[], timeout: number, more: { readonly globalSetup?: string } = {}) => ({
  test: { name, root, include, maxWorkers: 2, ...limits(timeout), ...more },
})

/** One project per ring of the tests (docs/testing.md). Two files at a time: most wait for servers, windows and timers. */
export default defineConfig({
  root,
  test: {
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    projects: [
      ring('unit', ['test/{unit,rpc}/**/*.test.{ts,tsx}'], 2 * minute),
      ring('channels', ['test/channels/**/*.test.ts'], 5 * minute),
      ring('window', ['test/window/**/*.test.ts'], 5 * minute, { globalSetup: 'test/window/serve-preview.ts' }),
      ring('e2e', ['test/e2e/**/*.test.ts'], 10 * minute),
    ],
  },
})
