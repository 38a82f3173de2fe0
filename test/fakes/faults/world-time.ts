import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the processes of one test agree on; read again and again by `in-world.ts`. */
export type WorldState = {
  /** Of the machine, ms UTC, when the world began. */
  readonly began: number
  /** World time runs so many times as fast as the machine's. */
  readonly speed: number
  /** ms by which it is ahead of that, apart from its speed. */
  readonly jumped: number
  /** No name is found, not even `localhost`. */
  readonly dnsGone: boolean
}

/**
 * A time for several processes that runs faster than the machine's and can jump, as it does for a computer that slept.
 * The programs in it keep the waiting times they have in the product.
 */
export type WorldTime = {
  /** ms UTC */
  readonly now: () => number
  /** @param ms of the world */
  readonly jump: (ms: number) => void
  readonly setDns: (works: boolean) => void
  /** For a process that shall live in it. */
  readonly env: Readonly<Record<string, string>>
}

export const worldVariable = 'DESKBELL_TEST_WORLD'
const program = fileURLToPath(new URL('./in-world.ts', import.meta.url))

/**
 * @param ahead ms that the world will need; it begins so long ago, as mail servers take no mail from the future
 */
export function makeWorldTime(folder: string, speed: number, ahead: number): WorldTime {
  const file = join(folder, 'world.json')
  let state: WorldState = { began: Date.now(), speed, jumped: -ahead, dnsGone: false }
  const save = (change: Partial<WorldState>) => {
    state = { ...state, ...change }
    writeFileSync(`${file}.new`, JSON.stringify(state))
    // Renamed, so that nobody reads half of it.
    renameSync(`${file}.new`, file)
  }
  save({})
  return {
    now: () => worldNow(state, Date.now()),
    jump: (ms) => save({ jumped: state.jumped + ms }),
    setDns: (works) => save({ dnsGone: !works }),
    env: { [worldVariable]: file, NODE_OPTIONS: `--import ${program}` },
  }
}

/** @param machine ms UTC of the machine's own clock */
export const worldNow = ({ began, speed, jumped }: WorldState, machine: number): number =>
  Math.round(began + (machine - began) * speed + jumped)
