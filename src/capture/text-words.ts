import type { Inbound } from '../channels/channel.ts'
import { recordEvent } from '../store/queries/events.ts'
import type { WriteStore } from '../store/store.ts'

/**
 * The words that networks and Twilio take for a refusal of texts, and for taking it back, when they are all that a text
 * says (47 CFR 64.1200(a)(10), https://www.twilio.com/docs/messaging/guides/opt-out-keywords; the last three for Canada).
 * HELP and INFO are answered by Twilio, and ask for a human as much as any other word.
 */
const stopWords: ReadonlySet<string> = new Set([
  ...['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout', 'opt out'],
  ...['arret', 'arrete', 'arrett'],
])
const startWords: ReadonlySet<string> = new Set(['start', 'unstop', 'yes'])

/**
 * Sentences that mean the same. The law takes "any reasonable means" for a refusal, Twilio only the single words: these
 * must be heard here. A sentence can be misread, so a person may lift what it blocked; nothing lifts it by itself.
 */
const stopPhrases: readonly RegExp[] = [
  /^(?:(?:ok|hey|hi|no|please|pls|plz|just) )*(?:stop|quit|unsubscribe|opt ?out|cancel)(?: (?:it|this|that|now|me|please|pls|plz|already|thanks|thank you|texting|messaging|sms|texts|messages))+$/,
  /^(?:(?:ok|hey|hi|no|please|pls|plz|just) )+(?:stop|quit|unsubscribe|opt ?out)$/,
  /\b(?:stop|quit) (?:texting|messaging|contacting|sending|spamming|bothering|harassing|writing)\b/,
  /\b(?:remove|delete|take|get|opt|unsubscribe) (?:me|us|my (?:phone )?number|this number) (?:off|out|from)\b/,
  /^(?:(?:please|pls|plz|just|can you|could you) )*(?:remove|delete|unsubscribe) (?:me|us|my (?:phone )?number|this number)(?: (?:please|pls|thanks|thank you|now))*$/,
  /\b(?:do not|dont|don t|never) (?:text|message|contact|write|sms)(?: to)? (?:me|us|this number)\b(?! (?:before|after|until|till|at|on|in|during|while|between|today|tonight|now|right))/,
  /\bno (?:more|further) (?:texts?|messages?|sms)\b/,
  /\b(?:leave me alone|lose my number)\b/,
  /^(?:(?:hi|hello|hey|sorry|no|i think|you|ve|have|got|the|this|is|it|its|s|that|a|texted|texting|are|re|youve|youre) )*wrong (?:person|number)(?: (?:sorry|please|here|stop|thanks|man|dude|buddy))*$/,
  /^(?:(?:por favor|ya|basta) )*no mas(?: (?:mensajes|textos|por favor|gracias))*$/,
  /\b(?:deja|deje|dejen|dejar) de (?:escribir|enviar|mandar|molestar)(?:me|nos)?\b/,
  /\b(?:arretez|cessez) de (?:m ecrire|me contacter|m envoyer)\b/,
]
const longestPhrase = 160
const longestWord = 40

/** `phrase`: a sentence that reads as a refusal. */
export type Word = 'stop' | 'start' | 'phrase'

/** What a text means beyond what it says; of a mail, that its sender used the unsubscribe address we gave them. */
export function wordOf({ content, direction }: Inbound): Word | null {
  if (direction !== 'in') return null
  if (content.kind === 'email') return bare(content.subject) === 'unsubscribe' ? 'stop' : null
  if (content.kind !== 'text' || content.service === 'chat' || content.body.length > longestPhrase) return null
  const said = bare(content.body)
  if (content.body.length <= longestWord) {
    const once = [...new Set(said.split(' '))].join(' ')
    if (stopWords.has(said) || stopWords.has(once)) return 'stop'
    if (startWords.has(said)) return 'start'
  }
  return stopPhrases.some((it) => it.test(said)) ? 'phrase' : null
}

/** Without case, accents, punctuation and emoji. */
const bare = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()

/**
 * Keeps what they said about texts or mail to their number or address. It holds for all numbers of ours, until they take
 * it back themselves. START is about texts only: a "do not call" stays.
 * @param number E.164, or an e-mail address in lower case
 */
export async function followWord(
  tx: WriteStore,
  word: Word,
  about: { readonly personId: number; readonly leadId: number | null; readonly number: string; readonly at: number },
): Promise<void> {
  const start = word === 'start'
  const byMail = about.number.includes('@')
  const { numUpdatedRows } = await tx.db
    .updateTable('handle')
    .set((it) => ({
      opted_out_at: start ? null : it.fn.coalesce('opted_out_at', it.val(about.at)),
      opted_out_how: start ? null : word,
      opted_out_by: null,
    }))
    .where('kind', '=', byMail ? 'email' : 'phone')
    .where('value', '=', about.number)
    .where((it) =>
      start
        ? it('opted_out_at', 'is not', null)
        : it.or([it('opted_out_at', 'is', null), it('opted_out_how', 'in', weaker[word])]),
    )
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return
  const { personId, leadId, at } = about
  const type = start ? 'person.opted_in' : 'person.opted_out'
  const data = { value: about.number, word }
  await recordEvent(tx, { at, type, personId, leadId, text: said[byMail && !start ? 'mail' : word], data })
  tx.changed('person', personId)
}

/** What may be lifted by a member more easily than what they say now. */
const weaker = { stop: ['hand', 'call', 'phrase'], phrase: ['hand'] } as const

const said: Readonly<Record<Word | 'mail', string>> = {
  stop: 'Wants no more texts',
  mail: 'Wants no more mail',
  start: 'Wants texts again',
  phrase:
    'Seems to want no more texts, so none leave to this number. If that is not what was meant, allow them again above the message box',
}
