import { z } from 'zod'
import { analyzeContract } from '../analyze/contract.ts'
import { captureContract, importState } from '../capture/contract.ts'
import { accountKind, channelsContract } from '../channels/contract.ts'
import { contactContract } from '../contact/contract.ts'
import { firstAnswerContract } from '../contact/first-answer/contract.ts'
import { tasksContract } from '../contact/tasks/contract.ts'
import { convertContract } from '../convert/contract.ts'
import { enrichContract } from '../enrich/contract.ts'
import { clockKind, inboxContract, tier } from '../inbox/contract.ts'
import { nurtureContract } from '../nurture/contract.ts'
import { peopleContract } from '../people/contract.ts'
import { routeContract } from '../route/contract.ts'
import { scoreContract } from '../score/contract.ts'
import { learnContract } from '../score/learn/contract.ts'
import { textModelContract } from '../score/text/contract.ts'
import { settingsContract } from '../settings/contract.ts'
import { id, time } from './method.ts'

/** Everything the engine answers. One entry a method, each in the contract of its area. */
export const contract = {
  ...inboxContract,
  ...peopleContract,
  ...captureContract,
  ...contactContract,
  ...tasksContract,
  ...firstAnswerContract,
  ...enrichContract,
  ...nurtureContract,
  ...channelsContract,
  ...settingsContract,
  ...routeContract,
  ...scoreContract,
  ...analyzeContract,
  ...textModelContract,
  ...convertContract,
  ...learnContract,
}

/** The things a change can be about; windows refetch what they show of them. */
export const changedTable = z.enum(['lead', 'person', 'interaction', 'job', 'account', 'template', 'member', 'setting'])

/** A deadline of which somebody has to hear now: contact/ladder. `again`: it was said before and nobody looked. */
const leadAlert = z.object({
  leadId: id,
  personId: id,
  name: z.string(),
  clock: clockKind,
  percent: z.union([z.literal(50), z.literal(80), z.literal(100)]),
  dueAt: time,
  ownerId: id.nullable(),
  tier,
  preview: z.string(),
  again: z.boolean(),
  sound: z.boolean(),
  notify: z.boolean(),
})

/** Everything the engine says without being asked. */
export const events = {
  /** After a commit. `ids` are lead or person ids where they matter, empty for "any". */
  'store.changed': z.object({ tables: z.array(changedTable), personIds: z.array(id), seq: z.number().int() }),
  'lead.opened': z.object({
    leadId: id,
    personId: id,
    name: z.string(),
    tier: z.string(),
    score: z.number(),
    preview: z.string(),
    ownerId: id.nullable(),
  }),
  'sla.warning': z.object({
    leadId: id,
    personId: id,
    name: z.string(),
    clock: clockKind,
    /** 50 or 80: how much of the time is gone. */
    percent: z.union([z.literal(50), z.literal(80)]),
    dueAt: time,
    ownerId: id.nullable(),
  }),
  'sla.breached': z.object({
    leadId: id,
    personId: id,
    name: z.string(),
    clock: clockKind,
    dueAt: time,
    ownerId: id.nullable(),
  }),
  'lead.alert': leadAlert,
  /** Many of them at once: at opening, or when the computer was asleep. */
  'lead.digest': z.object({
    count: z.number().int(),
    late: z.number().int(),
    since: time,
    hottest: z.object({ leadId: id, personId: id, name: z.string() }),
    /** The same one by one, hottest first and not more than 50: the window shows those of whoever sits there. */
    leads: z.array(leadAlert),
    again: z.boolean(),
    sound: z.boolean(),
    notify: z.boolean(),
  }),
  /**
   * The time of a task came, of whoever sits here or of nobody; said at an hour when they may be disturbed. More than a few
   * at once are told as one, the first of `count`.
   */
  'task.due': z.object({
    taskId: id,
    personId: id,
    name: z.string(),
    words: z.string(),
    dueAt: time,
    ownerId: id.nullable(),
    count: z.number().int(),
  }),
  /** Notes call whoever sits here; the newest of them. */
  'mention.made': z.object({
    interactionId: id,
    personId: id,
    name: z.string(),
    author: z.string().nullable(),
    text: z.string(),
    count: z.number().int(),
  }),
  /** A text to the team waits to be sent. */
  'team.text': z.object({}),
  /** A message could not be sent and will not be tried again by itself. */
  'outbox.failed': z.object({ jobId: id, personId: id, name: z.string(), message: z.string() }),
  /** Nothing came through a channel for longer than is plausible. Once a silence, again when it was accepted for a while. */
  'channel.quiet': z.object({
    accountId: id,
    kind: accountKind,
    label: z.string(),
    since: time,
    /** The usual gap, ms. */
    usualMs: z.number().int(),
  }),
  /** A list that is being checked, read in or taken back got on. About once a second. */
  'import.progress': z.object({
    importId: id,
    state: importState,
    done: z.number().int(),
    /** 0 while nobody counted yet. */
    total: z.number().int(),
  }),
  'engine.ready': z.object({ epoch: z.string() }),
}

type Contract = typeof contract
export type MethodName = keyof Contract
export type MethodInput<M extends MethodName> = z.input<Contract[M]['input']>
export type MethodOutput<M extends MethodName> = z.output<Contract[M]['output']>
export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>
