import starters from '../../resources/starter/templates.json' with { type: 'json' }
import type { Clock } from '../lib/clock.ts'
import { badInput, notFound } from '../rpc/errors.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import type { Template } from './contract.ts'
import { makeTemplateLanguage } from './liquid.ts'
import type { Opening } from './opening.ts'
import { templateValues, templateVariables, type UnsubscribeLink } from './template-values.ts'

const language = makeTemplateLanguage(templateVariables)

/** Each with its words as a person would get them; as somebody made up would when none is given. */
export async function listTemplates(
  store: ReadStore,
  personId: number | null,
  opening: Opening,
): Promise<(Template & { readonly preview: string })[]> {
  const templates = await store.db
    .selectFrom('template')
    .select(['id', 'name', 'channel', 'subject', 'body'])
    .where('removed_at', 'is', null)
    .orderBy('channel')
    .orderBy('name')
    .orderBy('id')
    .execute()
  const values = await templateValues(store, personId, null, undefined, await opening(store))
  return templates.map((it) => ({ ...it, preview: language.fill(it.body, values).text.trim() }))
}

/** @throws DeskbellError `BAD_INPUT` with the place of a mistake, `NOT_FOUND` */
export async function saveTemplate(
  store: Store,
  clock: Clock,
  template: Omit<Template, 'id'> & { readonly id: number | null },
): Promise<{ id: number }> {
  const { id, name, channel, body } = template
  const subject = channel === 'sms' ? '' : template.subject
  refuseMistake('subject', subject)
  refuseMistake('text', body)
  return store.write(async (tx) => {
    tx.changed('template')
    if (id === null) {
      return tx.db
        .insertInto('template')
        .values({ name, channel, subject, body, created_at: clock.now(), removed_at: null })
        .returning('id')
        .executeTakeFirstOrThrow()
    }
    const { numUpdatedRows } = await tx.db
      .updateTable('template')
      .set({ name, channel, subject, body })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) throw notFound('This template')
    return { id }
  })
}

/** Kept for the statistics of what was sent with it. */
export async function removeTemplate(store: Store, clock: Clock, id: number): Promise<void> {
  await store.write(async (tx) => {
    await tx.db
      .updateTable('template')
      .set({ removed_at: clock.now() })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .execute()
    tx.changed('template')
  })
}

/**
 * A template filled for a person. What is in `missing` stands in the text as `{{name}}`, and such a text is refused by
 * the outbox: nobody ever gets "Hi {{contact.first_name}}" or "Hi ,".
 */
export async function renderTemplate(
  store: ReadStore,
  { templateId, personId }: { readonly templateId: number; readonly personId: number },
  given: { readonly link: UnsubscribeLink | null; readonly opening: Opening },
): Promise<{ subject: string; body: string; missing: string[] }> {
  const template = await store.db
    .selectFrom('template')
    .select(['subject', 'body'])
    .where('id', '=', templateId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!template) throw notFound('This template')
  return fillWording(store, template, { personId, ...given })
}

/**
 * Words that are kept elsewhere, filled in the same way.
 * @param agentId who signs: the one in front of the window when left out, nobody for null
 */
export async function fillWording(
  store: ReadStore,
  wording: { readonly subject: string; readonly body: string },
  about: {
    readonly personId: number
    readonly link: UnsubscribeLink | null
    readonly opening: Opening
    readonly agentId?: number | null
  },
): Promise<{ subject: string; body: string; missing: string[] }> {
  // The calendar is read only for those that name it: a first answer is filled in the transaction that brings the lead.
  const opens = `${wording.subject} ${wording.body}`.includes('business.opens') ? await about.opening(store) : ''
  const values = await templateValues(store, about.personId, about.link, about.agentId, opens)
  const subject = language.fill(wording.subject, values)
  const body = language.fill(wording.body, values)
  return {
    // A subject is one line, whatever a name holds.
    subject: subject.text.replace(/\s+/g, ' ').trim(),
    body: body.text.trim(),
    missing: [...new Set([...subject.missing, ...body.missing])],
  }
}

/** Gives a new workspace its first templates. Does nothing where there ever was one. */
export async function seedTemplates(tx: WriteStore, now: number): Promise<void> {
  const any = await tx.db.selectFrom('template').select('id').limit(1).executeTakeFirst()
  if (any) return
  for (const { name, channel, subject, body } of starters as readonly Omit<Template, 'id'>[]) {
    await tx.db
      .insertInto('template')
      .values({ name, channel, subject, body, created_at: now, removed_at: null })
      .execute()
  }
  tx.changed('template')
}

/** @throws DeskbellError `BAD_INPUT` with the place of the mistake */
export function refuseMistake(where: 'subject' | 'text', source: string): void {
  const mistake = language.check(source)
  if (!mistake) return
  const place = where === 'subject' ? 'The subject' : `Line ${mistake.line} of the text`
  throw badInput(`${place} cannot be used. ${mistake.message}`)
}
