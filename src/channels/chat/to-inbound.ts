import { trackingKey } from '../../vocabulary/tracking.ts'
import type { Inbound, Party } from '../channel.ts'
import type { ChatSettings } from '../contract.ts'
import type { ChatArrival } from './chat-desk.ts'

/**
 * What a visitor wrote. The browser names the message, so that it is stored once. Dated by the relay: the clock of a
 * stranger's computer may say anything.
 */
export function toInbound(
  { message, receivedAt, raw }: ChatArrival,
  accountId: number,
  settings: ChatSettings,
): Inbound {
  const { visitor, id, text, key, name, email, phone, page } = message
  const said = name?.trim() || null
  const parties: Party[] = [{ kind: 'chat', value: visitor, name: said }]
  if (email) parties.push({ kind: 'email', value: email, name: null })
  if (phone) parties.push({ kind: 'phone', value: phone, name: null })
  return {
    accountId,
    externalId: `${visitor}:${id}`,
    revision: '1',
    at: receivedAt,
    direction: 'in',
    parties,
    content: {
      kind: 'text',
      service: 'chat',
      from: visitor,
      to: settings.name,
      body: text,
      files: [],
      delivery: 'received',
      problem: null,
      visitor: { publicKey: key, page: page ?? null },
    },
    source: { name: settings.source, detail: detailOf(message) },
    history: false,
    raw,
  }
}

/** The page they were on, where they came from, and what the address says of an advertisement. */
function detailOf({ page, referrer }: ChatArrival['message']): Record<string, string> {
  const detail: Record<string, string> = {}
  if (referrer) detail.referrer = referrer
  const url = page === undefined ? null : URL.parse(page)
  if (!url) return detail
  for (const [name, value] of url.searchParams) {
    const tracked = trackingKey([name])
    if (tracked !== null && value !== '') detail[tracked] = value.slice(0, 500)
  }
  return { page: `${url.origin}${url.pathname}`, ...detail }
}
