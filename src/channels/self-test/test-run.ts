import type { Clock } from '../../lib/clock.ts'
import { toErrorBody } from '../../rpc/errors.ts'
import type { SelfTestOutcome, SelfTestStep } from '../contract.ts'
import type { Sighting, Sightings } from './sightings.ts'

export type StepEnd = {
  readonly state: Exclude<SelfTestStep['state'], 'running'>
  readonly message: string
  readonly detail?: string | null
}

/** What the test of one channel goes through; each kind of channel has its own steps. */
export type TestRun = {
  readonly accountId: number
  readonly token: string
  /** Shows a step while it runs, and how it ended. A step that throws has failed. Answers whether the next one makes sense. */
  readonly step: (name: string, doing: string, work: () => Promise<StepEnd>) => Promise<boolean>
  /** Something to know, with nothing to do. */
  readonly note: (name: string, message: string) => Promise<void>
  /**
   * The first thing to come in from now on that fits; null when none came in time. Ask before sending, await after.
   * @param fits of all that any account stores
   */
  readonly expect: (fits: (sighting: Sighting) => boolean, withinMs: number) => Promise<Sighting | null>
}

export type TestRunParts = {
  readonly accountId: number
  readonly token: string
  readonly clock: Clock
  readonly sightings: Sightings
  readonly stopped: AbortSignal
  readonly save: (steps: readonly SelfTestStep[]) => Promise<void>
}

export function makeTestRun({ accountId, token, clock, sightings, stopped, save }: TestRunParts) {
  const steps: SelfTestStep[] = []
  // What the end of the engine cuts off says nothing about the channel: the step stays as it was, under way.
  const keep = () => (stopped.aborted ? Promise.resolve() : save(steps))
  const run: TestRun = {
    accountId,
    token,
    step: async (name, doing, work) => {
      const startedAt = clock.now()
      const at = steps.push({ name, state: 'running', message: doing, tookMs: null, detail: null }) - 1
      await keep()
      const { state, message, detail } = await work().catch(failedBy)
      steps[at] = { name, state, message, tookMs: clock.now() - startedAt, detail: detail ?? null }
      await keep()
      return state !== 'failed'
    },
    note: async (name, message) => {
      steps.push({ name, state: 'note', message, tookMs: null, detail: null })
      await keep()
    },
    expect: (fits, withinMs) =>
      new Promise((resolve) => {
        const end = (found: Sighting | null) => {
          unwatch()
          cancel()
          stopped.removeEventListener('abort', giveUp)
          resolve(found)
        }
        const giveUp = () => end(null)
        const unwatch = sightings.watch((sighting) => {
          if (fits(sighting)) end(sighting)
        })
        const cancel = clock.after(withinMs, giveUp)
        stopped.addEventListener('abort', giveUp)
      }),
  }
  return { run, steps: (): readonly SelfTestStep[] => steps }
}

function failedBy(error: unknown): StepEnd {
  const { message, detail } = toErrorBody(error)
  return { state: 'failed', message, detail: detail ?? null }
}

export function outcomeOf(steps: readonly SelfTestStep[]): SelfTestOutcome {
  if (steps.length === 0 || steps.some(({ state }) => state === 'failed' || state === 'running')) return 'failed'
  return steps.some(({ state }) => state === 'look') ? 'look' : 'ok'
}
