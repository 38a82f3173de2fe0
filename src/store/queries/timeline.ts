import { sql } from 'kysely'
import type { ReadStore } from '../store.ts'

/** Where a page ended: everything on the next one is older. */
export type TimelineKey = { readonly at: number; readonly id: number }
type Page = { readonly personId: number; readonly before: TimelineKey | null; readonly limit: number }

/**
 * Interactions and events share one timeline and so one kind of key: the id of an event is its own plus this, which
 * also puts what follows from a message (scored, assigned) after the message of the same millisecond.
 */
export const eventKeyBase = 2 ** 40

const always = sql<boolean>`true`

/** Newest first. Leaves out what the user took back before it was sent: nobody ever saw it. */
export function interactionsOf(store: ReadStore, { personId, before, limit }: Page) {
  return (
    store.db
      .selectFrom('interaction')
      // Left joins only: they keep the interaction as the outer loop, in the order of its index.
      .leftJoin('mail', 'mail.interaction_id', 'interaction.id')
      .leftJoin('call', 'call.interaction_id', 'interaction.id')
      .leftJoin('text_message', 'text_message.interaction_id', 'interaction.id')
      .leftJoin('form_submission', 'form_submission.interaction_id', 'interaction.id')
      .leftJoin('member', 'member.id', 'interaction.author_id')
      .leftJoin('message_insight', 'message_insight.interaction_id', 'interaction.id')
      .leftJoin('intent_example', 'intent_example.interaction_id', 'interaction.id')
      .leftJoin('source_touch', (join) =>
        join.onRef('source_touch.interaction_id', '=', 'interaction.id').on('source_touch.by_hand', 'is not', null),
      )
      .leftJoin('person as referrer', 'referrer.id', 'source_touch.referrer_id')
      .select([
        'interaction.id',
        'interaction.at',
        'interaction.channel',
        'interaction.direction',
        'member.name as author',
        'interaction.automatic',
        'interaction.subject',
        'interaction.text',
        'interaction.quoted',
        'interaction.delivery',
        'interaction.problem',
        'interaction.blocked',
        'mail.from_address',
        'mail.to_addresses',
        'mail.robot',
        'call.from_number as call_from',
        'call.to_number as call_to',
        'call.result',
        'call.outcome',
        'call.note',
        'call.duration_ms',
        'call.manual',
        'call.recording_id',
        'text_message.from_number as text_from',
        'text_message.to_number as text_to',
        'form_submission.form_name',
        'form_submission.fields',
        'source_touch.by_hand',
        'source_touch.source',
        'message_insight.intent',
        'message_insight.confidence',
        'message_insight.urgency',
        'message_insight.urgency_reason',
        'message_insight.job_size',
        'intent_example.intent as corrected_intent',
        'referrer.id as referrer_id',
        'referrer.name as referrer_name',
        sql<number | null>`case when interaction.channel = 'note' then (
          select max(version) from note_version where note_version.interaction_id = interaction.id) end`.as(
          'note_version',
        ),
        // Not the HTML itself: a page of newsletters would be megabytes that nobody opens.
        sql<0 | 1>`mail.html is not null`.as('has_html'),
      ])
      .where('interaction.person_id', '=', personId)
      .where('interaction.delivery', '!=', 'cancelled')
      .where(before ? olderThan('interaction', before) : always)
      .orderBy('interaction.at', 'desc')
      .orderBy('interaction.id', 'desc')
      .limit(limit)
  )
}

/** Newest first: what Deskbell or a member did, as far as it has a sentence and was not taken back. */
export function eventsOf(store: ReadStore, { personId, before, limit }: Page) {
  return store.db
    .selectFrom('event')
    .leftJoin('member', 'member.id', 'event.author_id')
    .select(['event.id', 'event.at', 'event.type', 'event.text', 'member.name as author'])
    .where('event.person_id', '=', personId)
    .where('event.text', '!=', '')
    .where('event.undone_at', 'is', null)
    .where(before ? olderThan('event', { at: before.at, id: before.id - eventKeyBase }) : always)
    .orderBy('event.at', 'desc')
    .orderBy('event.id', 'desc')
    .limit(limit)
}

const olderThan = (table: 'interaction' | 'event', { at, id }: TimelineKey) =>
  sql<boolean>`(${sql.ref(`${table}.at`)}, ${sql.ref(`${table}.id`)}) < (${at}, ${id})`

/** Files of the interactions of a person in a span of time. One statement for a page, the same for every page. */
export function attachmentsBetween(store: ReadStore, personId: number, from: number, to: number) {
  return store.db
    .selectFrom('interaction')
    .innerJoin('attachment', 'attachment.interaction_id', 'interaction.id')
    .select([
      'attachment.id',
      'attachment.interaction_id',
      'attachment.name',
      'attachment.content_type',
      'attachment.size',
      'attachment.blob',
    ])
    .where('interaction.person_id', '=', personId)
    .where('interaction.at', '>=', from)
    .where('interaction.at', '<=', to)
    .orderBy('attachment.id')
    .execute()
}

/** What the outbox has of a person: only messages that did not leave yet, or could not. */
export function openJobsOf(store: ReadStore, personId: number) {
  return store.db
    .selectFrom('job')
    .select(['id', 'interaction_id', 'state', 'not_before'])
    .where('person_id', '=', personId)
    .where('state', 'in', ['queued', 'sending', 'committing', 'failed'])
    .execute()
}
