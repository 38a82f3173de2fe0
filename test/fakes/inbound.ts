import type {
  CallContent,
  Content,
  FormContent,
  Inbound,
  InboundFile,
  MailContent,
  Party,
  TextContent,
} from '../../src/channels/channel.ts'
import { tuesdayMorning } from './fake-clock.ts'
import { ownAddress, ownNumber } from './test-store.ts'

type Envelope = Partial<Omit<Inbound, 'content'>>

function envelope(defaults: { readonly id: string; readonly parties: readonly Party[] }, content: Content): Inbound {
  return {
    accountId: 1,
    externalId: defaults.id,
    revision: '1',
    at: tuesdayMorning,
    direction: 'in',
    parties: defaults.parties,
    content,
    source: { name: null, detail: {} },
    history: false,
    raw: JSON.stringify({ id: defaults.id }),
  }
}

export const emailParty = (value: string, name: string | null = null): Party => ({ kind: 'email', value, name })
export const phoneParty = (value: string, name: string | null = null): Party => ({ kind: 'phone', value, name })

/**
 * A mail from Ana to the business. Everything can be replaced; `externalId` follows the Message-ID unless it is given.
 */
export function inboundMail(content: Partial<MailContent> = {}, more: Envelope = {}): Inbound {
  const full: MailContent = {
    kind: 'email',
    messageId: 'first@ana.example',
    inReplyTo: null,
    references: [],
    from: 'ana@lopez-home.example',
    to: [ownAddress],
    subject: 'Kitchen remodel',
    text: 'Could you send me a quote for our kitchen?',
    quoted: null,
    html: null,
    files: [],
    robot: null,
    ...content,
  }
  const outgoing = more.direction === 'out'
  const parties = outgoing ? full.to.map((to) => emailParty(to)) : [emailParty(full.from, 'Ana Lopez')]
  return { ...envelope({ id: full.messageId ?? `no-id-${full.subject}`, parties }, full), ...more }
}

/** A text from a number to the business. */
export function inboundText(content: Partial<TextContent> = {}, more: Envelope = {}): Inbound {
  const outgoing = more.direction === 'out'
  const full: TextContent = {
    kind: 'text',
    service: 'sms',
    from: outgoing ? ownNumber : '+14155550187',
    to: outgoing ? '+14155550187' : ownNumber,
    body: 'Can you come today? The tap is leaking',
    files: [],
    delivery: outgoing ? 'sent' : 'received',
    problem: null,
    ...content,
  }
  const parties = [phoneParty(outgoing ? full.to : full.from)]
  return { ...envelope({ id: 'SM1', parties }, full), ...more }
}

/** A call to the business that nobody took. An empty `from` is a caller who hides the number. */
export function inboundCall(content: Partial<CallContent> = {}, more: Envelope = {}): Inbound {
  const outgoing = more.direction === 'out'
  const full: CallContent = {
    kind: 'call',
    from: outgoing ? ownNumber : '+14155550187',
    to: outgoing ? '+14155550187' : ownNumber,
    result: 'missed',
    answeredAt: null,
    endedAt: tuesdayMorning + 20_000,
    durationMs: null,
    recording: null,
    ...content,
  }
  const other = outgoing ? full.to : full.from
  return { ...envelope({ id: 'CA1', parties: other ? [phoneParty(other)] : [] }, full), ...more }
}

/** A submission of the website's form; parties follow from the known e-mail and phone. */
export function inboundForm(known: FormContent['known'] = {}, more: Envelope & { formName?: string } = {}): Inbound {
  const { formName = 'Website', ...rest } = more
  const full: FormContent = {
    kind: 'form',
    formName,
    fields: Object.entries(known).map(([label, value]) => ({ label, value })),
    known,
  }
  const parties = [
    ...(known.email ? [emailParty(known.email, known.name ?? null)] : []),
    ...(known.phone ? [phoneParty(known.phone, known.name ?? null)] : []),
  ]
  return { ...envelope({ id: 'form-1', parties }, full), source: { name: 'Website form', detail: {} }, ...rest }
}

export function inboundFile(name: string, bytes: Uint8Array | null, more: Partial<InboundFile> = {}): InboundFile {
  return {
    name,
    contentType: 'application/octet-stream',
    size: bytes?.byteLength ?? 0,
    contentId: null,
    bytes,
    ...more,
  }
}
