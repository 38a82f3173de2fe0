import type { CallContent, Inbound, MailContent, Party, TextContent } from '../channels/channel.ts'
import { formLimits } from '../channels/forms/limits.ts'
import { readSubmission } from '../channels/forms/read-submission.ts'
import { second } from '../lib/durations.ts'
import type { SampleBusiness, SamplePerson, SampleStep } from './sample-business.ts'
import { sampleFile } from './sample-files.ts'
import { makeVoicemail } from './voicemail.ts'

export type Place = {
  readonly accountId: number
  readonly world: Pick<SampleBusiness, 'email' | 'phone'>
  readonly person: SamplePerson
  /** Number of the person, for ids that are the same in every start. */
  readonly index: number
}

/**
 * Everything of a person that came through a channel, as the channel would have delivered it, in the order written.
 * @param now ms UTC that "ago" counts from
 */
export function toInbound(place: Place, now: number): Map<SampleStep, Inbound> {
  const items = new Map<SampleStep, Inbound>()
  const thread: string[] = []
  const inOrder = place.person.events.toSorted((a, b) => b.ago - a.ago)
  for (const [position, step] of inOrder.entries()) {
    const externalId = `sample-${place.index}-${position}`
    const made = contentOf(place, step, now - step.ago, externalId, thread)
    if (!made) continue
    if (made.content.kind === 'email' && made.content.messageId) thread.push(made.content.messageId)
    items.set(step, {
      accountId: place.accountId,
      externalId: made.content.kind === 'email' ? (made.content.messageId ?? externalId) : externalId,
      revision: made.revision,
      at: now - step.ago,
      direction: step.out ? 'out' : 'in',
      parties: made.parties ?? partiesOf(place.person, made.content.kind),
      content: made.content,
      source: made.source ?? { name: null, detail: {} },
      history: false,
      raw: JSON.stringify({ sample: true, id: externalId }),
    })
  }
  return items
}

type Made = Pick<Inbound, 'content' | 'revision'> & Partial<Pick<Inbound, 'parties' | 'source'>>

function contentOf(
  { world, person }: Place,
  step: SampleStep,
  at: number,
  externalId: string,
  thread: readonly string[],
): Made | null {
  if (step.form) {
    const fields = Object.entries({ ...step.form, ...step.tracking })
    const entries = fields.map(([name, value]) => ({ path: [name], value }))
    const settings = { name: 'Website form', source: 'Website', mapping: { project: 'message' } } as const
    const { content, parties, source } = readSubmission(entries, settings, formLimits)
    return { content, parties, source, revision: '1' }
  }
  if (step.mail) return { content: mailOf(world.email, person, step, externalId, thread), revision: '1' }
  const body = step.text ?? step.whatsapp ?? (step.files.length > 0 ? '' : null)
  if (body !== null) {
    const content: TextContent = {
      kind: 'text',
      service: step.whatsapp === undefined ? 'sms' : 'whatsapp',
      from: step.out ? world.phone : (person.phone ?? ''),
      to: step.out ? (person.phone ?? '') : world.phone,
      body,
      files: step.files.map(sampleFile),
      delivery: step.out ? 'delivered' : 'received',
      problem: null,
    }
    return { content, revision: content.delivery }
  }
  return step.call ? { content: callOf(world.phone, person, step, step.call, at), revision: step.call.result } : null
}

function mailOf(
  own: string,
  person: SamplePerson,
  step: SampleStep,
  externalId: string,
  thread: readonly string[],
): MailContent {
  const theirs = person.email ?? ''
  const { subject = '', text = '', quoted = null, files = [] } = step.mail ?? {}
  return {
    kind: 'email',
    messageId: `${externalId}@${(step.out ? own : theirs).split('@')[1]}`,
    inReplyTo: thread.at(-1) ?? null,
    references: thread,
    from: step.out ? own : theirs,
    to: [step.out ? theirs : own],
    subject,
    text,
    quoted,
    html: null,
    files: files.map(sampleFile),
    robot: step.robot ?? (step.automatic ? 'auto-reply' : null),
  }
}

function callOf(
  own: string,
  person: SamplePerson,
  { out }: SampleStep,
  { result, ring, seconds }: NonNullable<SampleStep['call']>,
  at: number,
): CallContent {
  const answeredAt = result === 'answered' ? at + ring * second : null
  return {
    kind: 'call',
    from: out ? own : (person.phone ?? ''),
    to: out ? (person.phone ?? '') : own,
    result,
    answeredAt,
    endedAt: at + (ring + seconds) * second,
    durationMs: seconds > 0 ? seconds * second : null,
    recording: result === 'voicemail' ? makeVoicemail('voicemail.wav', seconds) : null,
  }
}

function partiesOf(person: SamplePerson, kind: string): Party[] {
  const name = person.name || null
  if (kind === 'email') return person.email ? [{ kind: 'email', value: person.email, name }] : []
  return person.phone ? [{ kind: 'phone', value: person.phone, name }] : []
}
