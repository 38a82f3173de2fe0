import { type EngineOptions, startEngine } from '../../src/engine.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Client, connect } from '../../src/rpc/connect.ts'
import { transportPair } from './in-process.ts'
import { temporaryFolder } from './temp-folder.ts'

export type WholeEngine = {
  readonly call: Client['call']
  /** The keychain. */
  readonly secrets: ReadonlyMap<string, string>
  readonly stop: () => Promise<void>
}

/**
 * Every area wired together in this process, on an empty business in a folder of its own. Whoever opens it stops it.
 * @param secrets give the same to a second life
 */
export async function openWholeEngine(
  over: Partial<EngineOptions> = {},
  secrets: Map<string, string> = new Map(),
): Promise<WholeEngine> {
  const engine = await startEngine({
    dataDir: temporaryFolder(),
    restoreFrom: null,
    host: {
      getSecret: async (name) => secrets.get(name) ?? null,
      setSecret: async (name, value) => void secrets.set(name, value),
      deleteSecret: async (name) => void secrets.delete(name),
    },
    clock: systemClock,
    log: silentLog,
    random: Math.random,
    sample: null,
    checkOutput: true,
    restart: () => {},
    tuning: {},
    ...over,
  })
  const [ours, theirs] = transportPair()
  engine.attach(theirs)
  return { call: connect(ours).call, secrets, stop: engine.stop }
}
