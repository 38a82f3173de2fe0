import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ChannelKind, ClockKind, Tier } from '../inbox/contract.ts'

/** What is needed of a verdict to say where the time goes. */
export type Started = {
  readonly late: boolean
  readonly tier: Tier
  readonly channel: ChannelKind | null
  /** ms UTC */
  readonly startedAt: number
}

/** Costs more than all counting, so it is asked for the worst alone. */
export type DayTime = {
  /** Hour of the day by the wall clock of the business, 0 to 23. */
  readonly hour: number
  /** Whether the business was open. */
  readonly open: boolean
}

export type Worst = { readonly sentence: string; readonly tier: Tier; readonly channel: ChannelKind | null }

// As many as take some milliseconds: the others get their turn between.
const atOnce = 2000

/** Below it a business answers too slowly: the lower end of what is healthy. */
const healthy = 0.8
// Two of three late is an accident; five of eight is a habit.
const fewest = 5

/** Of one tier and channel each. */
export class StartedGroups {
  readonly #groups = new Map<Tier, Map<ChannelKind | null, Started[]>>()

  add(started: Started): void {
    const ofTier = this.#groups.get(started.tier) ?? new Map<ChannelKind | null, Started[]>()
    this.#groups.set(started.tier, ofTier)
    const group = ofTier.get(started.channel)
    if (group) group.push(started)
    else ofTier.set(started.channel, [started])
  }

  *values(): Generator<readonly Started[]> {
    for (const ofTier of this.#groups.values()) yield* ofTier.values()
  }
}

/** Names the tier and channel with the worst share in time, and when they come. Null when all are healthy, or too few. */
export async function worstOf(
  kind: ClockKind,
  groups: Iterable<readonly Started[]>,
  dayTimeAt: (at: number) => DayTime,
): Promise<Worst | null> {
  let worst: { readonly share: number; readonly all: readonly Started[] } | null = null
  for (const all of groups) {
    await nextTurn()
    if (all.length < fewest) continue
    const share = all.filter((it) => !it.late).length / all.length
    if (share < healthy && (worst === null || share < worst.share)) worst = { share, all }
  }
  const first = worst?.all[0]
  if (!worst || !first) return null
  const { tier, channel } = first
  const late = worst.all.filter((it) => it.late)
  const parts = [`${Math.round(worst.share * 100)}% in time`, `${late.length} of ${worst.all.length} late`]
  const timed: Timed[] = []
  for (const [n, { late, startedAt }] of worst.all.entries()) {
    timed.push({ late, ...dayTimeAt(startedAt) })
    if (n % atOnce === 0) await nextTurn()
  }
  const when = whenOf(timed)
  const sentence = `${whoOf(tier, channel)} ${problems[kind]}: ${parts.join('; ')}${when ? `, ${when}` : ''}.`
  return { sentence, tier, channel }
}

const problems: Readonly<Record<ClockKind, string>> = {
  owned: 'are taken late most often',
  first_contact: 'wait longest for a first answer',
  second_touch: 'are forgotten most often after the first try',
  next_reply: 'wait longest for the next answer',
  speed_of_answer: 'ring longest',
}

const tiers: Readonly<Record<Tier, string>> = { hot: 'Hot leads', warm: 'Warm leads', nurture: 'Nurture leads' }

function whoOf(tier: Tier, channel: ChannelKind | null): string {
  if (channel === null) return tiers[tier]
  const by: Readonly<Record<ChannelKind, string>> = {
    email: ' by mail',
    sms: ' by text',
    whatsapp: ' by WhatsApp',
    chat: ' by chat',
    call: ' by phone',
    form: ' by web form',
    note: ' logged by hand',
  }
  return tiers[tier] + by[channel]
}

type Timed = DayTime & { readonly late: boolean }

/** When most of the late ones came, if that sets them apart from the others. */
function whenOf(all: readonly Timed[]): string | null {
  const late = all.filter((it) => it.late)
  const share = (of: readonly Timed[], test: (it: Timed) => boolean) => of.filter(test).length / of.length
  const setsApart = (test: (it: Timed) => boolean) =>
    share(late, test) > 0.5 && share(late, test) > share(all, test) + 0.1
  if (setsApart((it) => !it.open)) return 'most came while you were closed'
  // The latest hour says most: "after 16:00" rather than "after 13:00".
  for (let hour = 20; hour >= 12; hour--) {
    if (setsApart((it) => it.hour >= hour)) return `most after ${hour}:00`
  }
  for (let hour = 9; hour <= 11; hour++) {
    if (setsApart((it) => it.hour < hour)) return `most before ${hour}:00`
  }
  return null
}
