import type { LeadStage } from '../convert/contract.ts'
import type { ChannelKind, ClockKind, Tier } from '../inbox/contract.ts'
import { oneOf } from '../lib/one-of.ts'
import type { SlaException, SlaPolicy } from '../settings/contract.ts'

/** What a lead is when its clock starts. */
export type AtStart = {
  readonly tier: Tier
  /** By which they came; null when nothing of theirs is known, as for a lead made by hand. */
  readonly channel: ChannelKind | null
  readonly stage: LeadStage
  /** Whether the business was closed. */
  readonly outsideHours: boolean
}

export type Target = {
  /** ms of the calendar's time; null: nobody owes anything. */
  readonly target: number | null
  /** Id of the exception it is from; empty for the tier's own. */
  readonly policy: string
  readonly calendar: string
}

/** How long there is: the first exception that fits and says something of this clock, else what the tier says. */
export function targetOf(sla: SlaPolicy, exceptions: readonly SlaException[], lead: AtStart, kind: ClockKind): Target {
  for (const exception of exceptions) {
    const target = byKind(exception.targets, kind)
    if (target !== undefined && fits(exception.when, lead)) {
      return { target, policy: exception.id, calendar: exception.calendar }
    }
  }
  return { target: byKind(sla[lead.tier], kind) ?? null, policy: '', calendar: 'business' }
}

function fits(when: SlaException['when'], { tier, channel, stage, outsideHours }: AtStart): boolean {
  const { tiers, channels, stages } = when
  return (
    oneOf(tiers, [tier]) &&
    oneOf(channels, channel === null ? [] : [channel]) &&
    oneOf(stages, [stage]) &&
    (!when.outsideHours || outsideHours)
  )
}

function byKind(targets: SlaException['targets'], kind: ClockKind): number | null | undefined {
  const { ownedMs, firstContactMs, secondTouchMs, nextReplyMs, answerMs } = targets
  return {
    owned: ownedMs,
    first_contact: firstContactMs,
    second_touch: secondTouchMs,
    next_reply: nextReplyMs,
    speed_of_answer: answerMs,
  }[kind]
}
