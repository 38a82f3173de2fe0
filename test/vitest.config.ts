import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))
const minute = 60_000

/** Those that take longer than half a minute, the longest first. */
const long = [
  'channels/kill',
  'e2e/kill-import',
  'e2e/kill-insight',
  'channels/network-faults',
  'channels/relay-kill',
  'e2e/bad-data',
  'e2e/story',
  'e2e/transport',
  'channels/chat',
  'unit/route/simulation',
  'unit/score/text/intents',
].map((it) => `/test/${it}.test.ts`)
const rings = ['e2e', 'channels', 'window', 'unit']

/** The long files first: the many short ones of the units then fill both workers to the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      const at = long.findIndex((it) => moduleId.endsWith(it))
      return at >= 0 ? at : long.length + rings.indexOf(project.name)
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

/** The limits are for a machine many times slower than ours: a test waits for a state, however long that takes. */
const limits = (timeout: number) => ({
  testTimeout: timeout,
  hookTimeout: timeout,
  expect: { poll: { timeout: minute / 2 } },
})
type More = { readonly globalSetup?: string; readonly isolate?: boolean; readonly setupFiles?: string[] }
const ring = (name: string, include: string[], timeout: number, more: More = {}) => ({
  test: { name, root, include, maxWorkers: 2, ...limits(timeout), ...more },
})

/** One project per ring of the tests (docs/testing.md). Two files at a time: most wait for servers, windows and timers. */
export default defineConfig({
  root,
  test: {
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    projects: [
      // One process for many files, a third less work: nothing here keeps state in modules, and only vi.mock needs more.
      ring('unit', ['test/{unit,rpc}/**/*.test.{ts,tsx}'], 5 * minute, {
        isolate: false,
        setupFiles: ['test/fixed-seed.ts'],
      }),
      ring('channels', ['test/channels/**/*.test.ts'], 5 * minute),
      ring('window', ['test/window/**/*.test.ts'], 5 * minute, { globalSetup: 'test/window/serve-preview.ts' }),
      ring('e2e', ['test/e2e/**/*.test.ts'], 10 * minute),
    ],
  },
})
