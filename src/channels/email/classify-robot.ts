import type { MailAddress, MailHeader } from './parse-message.ts'

/**
 * Why a machine wrote a mail. It is shown, and it forbids every automatic answer (RFC 3834): two robots that thank
 * each other fill a mailbox overnight.
 */
export type RobotReason =
  | 'bounce'
  | 'auto-reply'
  | 'report'
  | 'mailing-list'
  | 'bulk'
  | 'machine-sender'
  | 'own-address'

export type RobotCheck = {
  readonly from: MailAddress | null
  readonly replyTo: readonly MailAddress[]
  readonly subject: string
  readonly text: string
  readonly headers: readonly MailHeader[]
}

const daemon =
  /^(mailer-?daemon|post[-_]?master|mail-?daemon|mdaemon|bounces?([+=._-].*)?|double-bounce|mail\.?delivery.*)@/
const machine =
  /^(no-?_?\.?reply|do-?_?not-?_?reply|notifications?|alerts?|newsletter|mailer|.*-request|owner-.*|.*-bounces?|wordpress|www-data|root|cron|daemon|auto-?confirm|auto-?reply)([+].*)?@/

/** An address behind which nobody reads. */
export const looksLikeMachine = (address: string) => machine.test(address) || daemon.test(address)

/**
 * @param own addresses of the connected mailbox, lower case
 * @returns null for a mail that a person wrote, or that a form sent on a person's behalf (Reply-To names them)
 */
export function classifyRobot(mail: RobotCheck, own: readonly string[]): RobotReason | null {
  const values = (key: string) =>
    mail.headers.filter((header) => header.key === key).map((header) => header.value.trim())
  const has = (key: string) => mail.headers.some((header) => header.key === key)
  const first = (key: string) => (values(key)[0] ?? '').toLowerCase()
  const sender = mail.from?.address ?? ''
  const contentType = first('content-type')

  if (/^multipart\/report/.test(contentType)) {
    return /report-type\s*=\s*"?(delivery-status|disposition-notification)/.test(contentType) ? 'bounce' : 'report'
  }
  if (daemon.test(sender) || (has('return-path') && /^<\s*>$/.test(first('return-path')))) {
    return /^auto-replied/.test(first('auto-submitted')) ? 'auto-reply' : 'bounce'
  }
  if (/^complaint about message from \d/.test(mail.subject)) return 'report'
  if (has('x-failed-recipients') || readsLikeBounce(mail)) return 'bounce'

  // A form names the visitor in Reply-To. The visitor is a person even though a web server sent the mail.
  const visitor = mail.replyTo.find(
    ({ address }) => address !== sender && !own.includes(address) && !looksLikeMachine(address),
  )
  const autoSubmitted = first('auto-submitted')
  if (/^auto-replied/.test(autoSubmitted) || readsLikeAbsence(mail.subject)) return 'auto-reply'
  if (['x-autoreply', 'x-autorespond', 'x-autoreply-from', 'x-autoresponder'].some(has)) return 'auto-reply'
  if (/auto_?reply/.test(first('precedence'))) return 'auto-reply'
  if (['list-id', 'list-unsubscribe', 'list-post', 'x-mlserver'].some(has)) return 'mailing-list'
  if (/\b(bulk|list|junk)\b/.test(first('precedence')) || has('feedback-id')) return 'bulk'
  if (autoSubmitted && !/^no\b/.test(autoSubmitted) && !visitor) return 'auto-reply'
  if (/\b(all|dr|autoreply|oof)\b/.test(first('x-auto-response-suppress')) && !visitor) return 'machine-sender'
  if (own.includes(sender) && !visitor) return 'own-address'
  if (machine.test(sender) && !visitor) return 'machine-sender'
  return null
}

const bounceSubject =
  /^(undeliver(ed|able)|delivery (status|failure|report|has failed|problem|error|notification)|(mail|message) (delivery )?(failed|failure|error|undeliverable|system error)|(mail|message) (could|can) ?not be delivered|mail delivery (failed|failure|system|problem|subsystem)|failure notice|failed (mail|delivery|message)|returned (mail|to sender)|mail returned|non[- ]?(delivery|remis)|nondeliverable|unzustellbar|nicht zustellbar|warning: (could not|message)|mail system error|permanent delivery failure|dsn:|メール配信|配信)/i
const bounceBody =
  /(^[ \t]*final-recipient:|^[ \t]*diagnostic-code:|reporting-mta:|\b[45]\d\d[ -]+#?[45]\.\d+\.\d+|(could|can) ?not be delivered|unable to deliver|was not delivered|undeliverable|did not reach|delivery (has )?failed|failed permanently|user unknown|unknown user|no such user|mailbox (is )?(full|unavailable|not found)|recipient (address )?rejected|does not exist|created automatically by mail delivery software|returned to (its )?sender|message was not (sent|delivered)|unrouteable|host unknown|domain name not found|disabled or discontinued|over quota)/im

/** Servers that send a bounce as an ordinary mail give themselves away by subject and body together. */
function readsLikeBounce(mail: RobotCheck): boolean {
  const subject = mail.subject.trim()
  return bounceSubject.test(subject) && bounceBody.test(`${subject}\n${mail.text.slice(0, 20_000)}`)
}

/** "Automatic reply:" in the languages in which Exchange and Gmail write it. A person's "Re: ..." never starts so. */
function readsLikeAbsence(subject: string): boolean {
  return /^(automatic reply|auto(matic)?[- ]?(reply|response|responder)|out of (the )?office|automatische antwort|abwesenheitsnotiz|abwesend|réponse automatique|absence du bureau|respuesta automática|risposta automatica|resposta automática|automatisch antwoord|autosvar|automaattinen vastaus|odpowiedź automatyczna|自動応答|自动答复)/iu.test(
    subject.trim(),
  )
}
