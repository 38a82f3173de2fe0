import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../lib/clock.ts'
import { type Envelope, packEnvelope } from './envelope.ts'
import type { RelayLimits } from './limits.ts'
import type { NewPost, PutResult } from './queue/put-posts.ts'
import type { Queue } from './queue/queue.ts'
import { boxIdBytes, openSealer, type Sealer } from './sealed-box.ts'

export type Arrival = {
  readonly workspace: string
  readonly publicKey: Buffer
  readonly envelope: Envelope
  readonly sameAs: Buffer | null
}

/** `busy`: more is coming in than the disk takes. Nothing was stored. */
export type Taken = PutResult | 'busy'

export type Intake = {
  /** Resolves when it is on disk. @throws what the queue throws: then it was not stored */
  readonly take: (arrival: Arrival) => Promise<Taken>
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
}

type Pending = {
  readonly arrival: Arrival
  readonly size: number
  readonly resolve: (taken: Taken) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: whatever came in while the last commit was written goes into the next one, so that many posts share one
 * wait for the disk. Boxes are sealed here, one ephemeral key for each workspace and moment (`limits.sealerFor`): making
 * one costs as much as all the rest of a post. Its private half is never kept.
 */
export function makeIntake(queue: Queue, limits: RelayLimits, clock: Clock): Intake {
  const pending: Pending[] = []
  let unwrittenBytes = 0
  let unwrittenItems = 0
  let writing: Promise<void> | null = null
  const sealers = new Map<string, Sealer>()
  let sealersSince = 0

  const nextBatch = (): Pending[] => {
    let count = 0
    let bytes = 0
    for (const { size } of pending) {
      if (count > 0 && (count >= limits.commitItems || bytes + size > limits.commitBytes)) break
      count += 1
      bytes += size
    }
    return pending.splice(0, count)
  }

  const commit = async (batch: readonly Pending[]): Promise<void> => {
    const now = clock.now()
    if (now - sealersSince >= limits.sealerFor || now < sealersSince) {
      sealers.clear()
      sealersSince = now
    }
    try {
      const posts = batch.map(({ arrival }) => sealed(arrival, sealers))
      const results = await queue.put(posts, limits, now)
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] ?? 'busy')
      })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    for (const { size } of batch) unwrittenBytes -= size
    unwrittenItems -= batch.length
  }

  const write = async (): Promise<void> => {
    while (pending.length > 0) {
      // What arrives in this turn of the event loop joins; without it SQLite, which never waits, would shut others out.
      await nextTurn()
      await commit(nextBatch())
    }
    writing = null
  }

  return {
    take: (arrival) => {
      const size = arrival.envelope.body.length
      if (unwrittenItems >= limits.unwrittenItems || unwrittenBytes + size > limits.unwrittenBytes) {
        return Promise.resolve('busy')
      }
      unwrittenItems += 1
      unwrittenBytes += size
      return new Promise((resolve, reject) => {
        pending.push({ arrival, size, resolve, reject })
        writing ??= write()
      })
    },
    idle: async () => {
      await writing
    },
  }
}

function sealed({ workspace, publicKey, envelope, sameAs }: Arrival, sealers: Map<string, Sealer>): NewPost {
  const seal = sealers.get(workspace) ?? openSealer(publicKey)
  sealers.set(workspace, seal)
  const box = seal(randomBytes(boxIdBytes), workspace, packEnvelope(envelope))
  return { workspace, box, sameAs, receivedAt: envelope.receivedAt }
}
