import { second } from '../lib/durations.ts'
import { badInput } from '../rpc/errors.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import type { Queued } from './contract.ts'
import { insertOwn } from './insert-own.ts'
import { type StoredOutbound, toPayload } from './outbound-payload.ts'
import type { Reach } from './refusal.ts'
import { leadOf } from './surroundings.ts'

/** Refuses what a template left open: "Hi {{contact.first_name}}" must never reach a customer. */
export function refusePlaceholders(...texts: readonly string[]): void {
  const open = texts.map((text) => /\{\{.*?(\}\}|$)|\{%.*?(%\}|$)/s.exec(text)?.[0]).find((it) => it !== undefined)
  if (open === undefined) return
  const shown = open.length > 60 ? `${open.slice(0, 60)}…` : open
  throw badInput(`The message still holds the placeholder ${shown}. Fill it in or take it out, then send.`)
}

export type NewMessage = {
  readonly personId: number
  readonly accountId: number
  readonly templateId: number | null
  readonly subject: string
  readonly text: string
  readonly at: number
  /** Set for what is sent by itself. */
  readonly automatic?: Automatic | undefined
}

/** A message that answers by itself. */
export type Automatic = {
  /** What it answers; nothing is answered twice. */
  readonly interactionId: number
  /** When it leaves at the earliest, ms UTC: a human who is faster makes it needless. */
  readonly notBefore: number
}

/** The interaction of something we write, before it leaves. Answers its id. */
export async function insertOutgoing(
  tx: WriteStore,
  channel: Reach,
  message: Omit<NewMessage, 'templateId'>,
): Promise<number> {
  const { personId, accountId, subject, text, at, automatic } = message
  const own = {
    personId,
    accountId,
    channel,
    direction: 'out',
    at,
    now: at,
    subject,
    text,
    delivery: 'queued',
    automatic: automatic !== undefined,
  } as const
  return (await insertOwn(tx, own)).interactionId
}

/** The job of a message just written; it leaves when the time to take it back is over. */
export async function queueJob(
  tx: WriteStore,
  interactionId: number,
  message: NewMessage,
  stored: StoredOutbound,
): Promise<Queued> {
  const undoUntil = message.automatic?.notBefore ?? (await leavesAt(tx, stored, message.at))
  const template = message.templateId === null ? null : await templateId(tx, message.templateId)
  const jobId = await insertRow(tx, 'job', {
    kind: stored.kind,
    account_id: message.accountId,
    person_id: message.personId,
    interaction_id: interactionId,
    payload: toPayload(stored),
    template_id: template,
    state: 'queued',
    not_before: undoUntil,
    attempts: 0,
    claimed_at: null,
    last_error: null,
    created_at: message.at,
    updated_at: message.at,
    answers_id: message.automatic?.interactionId ?? null,
  })
  tx.changed('job', message.personId)
  // What is sent by itself is queued while its lead is filed, which brings the row in line in the end.
  const lead = message.automatic ? null : await leadOf(tx, message.personId)
  if (lead) await refreshLeadRow(tx, lead.id)
  return { jobId, interactionId, undoUntil }
}

async function leavesAt(tx: WriteStore, stored: StoredOutbound, at: number): Promise<number> {
  // A phone rings at once or not at all, and whoever chats waits in front of the screen.
  if (stored.kind === 'call' || stored.kind === 'chat') return at
  return at + (await readSettings(tx)).undoSeconds * second
}

/** Only for statistics: that a template is gone must not stop a message. */
async function templateId(tx: WriteStore, id: number): Promise<number | null> {
  const row = await tx.db.selectFrom('template').select('id').where('id', '=', id).executeTakeFirst()
  return row?.id ?? null
}
