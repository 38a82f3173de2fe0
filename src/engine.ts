import type { Clock } from './lib/clock.ts'
import type { Host } from './lib/host.ts'
import type { Log } from './lib/log.ts'
import type { Transport } from './rpc/connect.ts'
import { openStore } from './store/open.ts'

export type EngineOptions = {
  /** Folder of the workspace; made when it is not there. */
  readonly dataDir: string
  readonly host: Host
  readonly clock: Clock
  readonly log: Log
  /** 0 ≤ x < 1 */
  readonly random: () => number
  /** Fill an empty workspace with the sample business. */
  readonly sample: 'brightwater' | 'ugly' | null
  readonly checkOutput: boolean
  /** Asks to be stopped in order and started again on what the folder holds now: after a restore. Returns at once. */
  readonly restart: () => void
  readonly tuning: EngineTuning
}

/** What tests and benchmarks set otherwise than the product does. */
export type EngineTuning = {
  /** How long a message of unknown outcome rests before it is looked up, ms. */
  readonly reconcileAfterMs?: number
}

export type Engine = {
  /** Answers one more client. */
  readonly attach: (transport: Transport) => void
  /** Refuses new calls, finishes what runs, closes every connection and the database. */
  readonly stop: () => Promise<void>
}

/**
 * The composition root: the only file that sees all areas. Areas get what they need as arguments and know of each
 * other only by type (docs/adr/0004).
 * @throws DeskbellError when the workspace cannot be opened
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const store = openStore(options.dataDir, options.log)
  return { attach: () => {}, stop: () => store.close() }
}
