import type { Selectable } from 'kysely'
import { type AccountKind, emailSettings, sampleSettings, twilioSettings } from '../channels/contract.ts'
import { displayPhone } from '../lib/handles.ts'
import { requestLine } from '../lib/request-line.ts'
import { notFound } from '../rpc/errors.ts'
import { readAccounts } from '../store/queries/accounts.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { readMembers } from '../store/queries/members.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { PersonTable } from '../store/schema.ts'
import type { ReadStore } from '../store/store.ts'

type Person = Selectable<PersonTable>

/** Every name a template may use. */
export const templateVariables: ReadonlySet<string> = new Set([
  'contact.first_name',
  'contact.last_name',
  'contact.name',
  'contact.company',
  'contact.email',
  'contact.phone',
  'agent.first_name',
  'agent.name',
  'agent.email',
  'agent.phone',
  'company.name',
  'business.name',
  'business.phone',
  'business.email',
  'business.opens',
  'lead.request',
  'lead.source',
  // Writes the link, and makes the mail one that mail programs offer to unsubscribe from (contact/send-mail.ts).
  'unsubscribe',
])

export type TemplateValues = Readonly<
  Record<'contact' | 'agent' | 'company' | 'business' | 'lead', Readonly<Record<string, string>>>
> & { readonly unsubscribe: string }

/** Makes the public unsubscribe address of an e-mail address. */
export type UnsubscribeLink = (email: string) => string

/**
 * What the variables stand for, for one person; for a made-up one when none is given. What is not known is empty.
 * @param link null when no relay is connected: then a mail with the word "Unsubscribe" does the same
 * @param agentId who signs; the one in front of the window when left out
 * @param opens when the business opens next, in words
 * @throws DeskbellError `NOT_FOUND`
 */
export async function templateValues(
  store: ReadStore,
  personId: number | null,
  link: UnsubscribeLink | null,
  agentId?: number | null,
  opens = '',
): Promise<TemplateValues> {
  const { business, me } = await readSettings(store)
  const signs = agentId === undefined ? me : agentId
  const agent = signs === null ? undefined : await memberOf(store, signs)
  const own = await ownAddresses(store)
  const named = {
    name: business.name,
    phone: own.phone ? displayPhone(own.phone, business.country) : '',
    email: own.email,
  }
  const { contact, lead } = personId === null ? somebody : await valuesOf(store, personId, business.country)
  return {
    contact,
    agent: {
      first_name: agent ? greetable(agent.name).first : '',
      name: agent?.name ?? '',
      email: agent?.email ?? '',
      phone: agent?.mobile ? displayPhone(agent.mobile, business.country) : '',
    },
    company: named,
    business: { ...named, opens },
    lead,
    unsubscribe: unsubscribeText(contact.email, own.email, link),
  }
}

/** Whom a template is shown with where nobody is open. */
const somebody = {
  contact: {
    ...{ first_name: 'Ana', last_name: 'Lopez', name: 'Ana Lopez', company: 'Lopez Home' },
    ...{ email: 'ana@lopez-home.example', phone: '(415) 555-0187' },
  },
  lead: { request: 'kitchen remodel', source: 'Website' },
}

async function valuesOf(store: ReadStore, personId: number, country: string): Promise<typeof somebody> {
  const [person] = await personRows(store, { personId })
  if (!person) throw notFound('This person')
  // A name guessed from an address ("info", "ml1987") is worse than none.
  const name = person.name_rank > 0 ? greetable(person.name) : { first: '', last: '', full: '' }
  const phone = await handleOf(store, personId, 'phone')
  return {
    contact: {
      first_name: name.first,
      last_name: name.last,
      name: name.full,
      company: person.company ?? '',
      email: await handleOf(store, personId, 'email'),
      phone: phone ? displayPhone(phone, country) : '',
    },
    lead: await leadValues(store, personId),
  }
}

function unsubscribeText(to: string, from: string, link: UnsubscribeLink | null): string {
  if (to === '') return ''
  if (link !== null) return link(to)
  return from === '' ? '' : `mailto:${from}?subject=Unsubscribe`
}

/**
 * A name as one would address its bearer. "LOPEZ, ANA" is Ana; of "Mr. Smith" the first name is not known.
 */
export function greetable(written: string): { readonly first: string; readonly last: string; readonly full: string } {
  const none = { first: '', last: '', full: '' }
  const turned = written.replace(/^([^,]+),\s*([^,]+)$/, '$2 $1').trim()
  if (/[@\d]/.test(turned)) return none
  const words = turned.split(/\s+/).filter((word) => word !== '')
  const titled = words.length > 1 && /^(mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau)\.?$/i.test(words[0] ?? '')
  const names = (titled ? words.slice(1) : words).map(inNameCase)
  if (names.length === 0) return none
  const full = names.join(' ')
  if (titled && names.length === 1) return { first: '', last: full, full: `${words[0]} ${full}` }
  return { first: names[0] ?? '', last: names.slice(1).join(' '), full }
}

/** Forms are filled in with Caps Lock on; a name typed in both cases is left as its bearer writes it. */
function inNameCase(word: string): string {
  const shouted = word.length > 2 && word === word.toUpperCase()
  if (!shouted && word !== word.toLowerCase()) return word
  return word
    .toLowerCase()
    .replace(/(^|[-'’])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
}

// Compiled once: the first answer to a new lead is filled in the transaction that brings it.
const personRows = keptQuery<{ personId: number }, Pick<Person, 'name' | 'name_rank' | 'company'>>((db, value) =>
  db.selectFrom('person').select(['name', 'name_rank', 'company']).where('id', '=', value('personId')),
)

const memberOf = async (store: ReadStore, id: number) => (await readMembers(store)).find((it) => it.id === id)

type OfPerson = { personId: number; kind: 'email' | 'phone' }

const handleRows = keptQuery<OfPerson, { readonly value: string }>((db, value) =>
  db
    .selectFrom('handle')
    .select('value')
    .where('person_id', '=', value('personId'))
    .where('kind', '=', value('kind'))
    .where('valid', '=', 1)
    .orderBy('last_used_at', 'desc')
    .limit(1),
)

const handleOf = async (store: ReadStore, personId: number, kind: OfPerson['kind']) =>
  (await handleRows(store, { personId, kind }))[0]?.value ?? ''

/** Where customers reach the business: the first mailbox and the first number that are connected. */
async function ownAddresses(store: ReadStore): Promise<{ readonly email: string; readonly phone: string }> {
  const accounts = await readAccounts(store)
  const settingsOf = (kind: AccountKind) => accounts.find((it) => it.kind === kind)?.settings
  const sample = sampleSettings.safeParse(settingsOf('sample')).data
  return {
    email: emailSettings.safeParse(settingsOf('email')).data?.address ?? sample?.email ?? '',
    phone: twilioSettings.safeParse(settingsOf('twilio')).data?.number ?? sample?.phone ?? '',
  }
}

/** What the lead is about, as they put it themselves: the subject of their mail, else the first line they wrote. */
async function leadValues(store: ReadStore, personId: number): Promise<{ request: string; source: string }> {
  const [lead] = await leadRows(store, { personId })
  if (!lead) return { request: '', source: '' }
  const [asked] = await askedRows(store, { leadId: lead.id })
  return { request: requestLine(asked?.subject ?? '', asked?.text ?? ''), source: lead.source }
}

const leadRows = keptQuery<{ personId: number }, { readonly id: number; readonly source: string }>((db, value) =>
  db
    .selectFrom('lead')
    .select(['id', 'source'])
    .where('person_id', '=', value('personId'))
    .orderBy('opened_at', 'desc')
    .limit(1),
)

const askedRows = keptQuery<{ leadId: number }, { readonly subject: string; readonly text: string }>((db, value) =>
  db
    .selectFrom('interaction')
    .select(['subject', 'text'])
    .where('lead_id', '=', value('leadId'))
    .where('direction', '=', 'in')
    .where('channel', 'in', ['email', 'form', 'sms', 'whatsapp'])
    .orderBy('at')
    .limit(1),
)
