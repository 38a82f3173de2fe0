import { minute } from '../../lib/durations.ts'
import type { ErrorBody, ErrorCode } from '../../rpc/errors.ts'
import type { Failure } from './failure.ts'

type Problem = {
  readonly code: ErrorCode
  readonly message: string
  readonly fault: ErrorBody['fault']
  /** When to try again by itself; absent for what only a person can mend. */
  readonly retryAfterMs?: number
}

const refused = (message: string): Problem => ({ code: 'REFUSED', message, fault: 'user' })
const passing = (message: string): Problem => ({
  code: 'REFUSED',
  message,
  fault: 'remote',
  // Once more, later: a phone that was off is often on again after a quarter of an hour.
  retryAfterMs: 15 * minute,
})

/** The recipient wrote STOP: Twilio refuses every further text. https://www.twilio.com/docs/api/errors/21610 */
export const OPTED_OUT = 21610

/** The person's last WhatsApp message is more than a day old. https://www.twilio.com/docs/api/errors/63016 */
const WINDOW_OVER = 63016

const noNumberHere =
  'The number this was to leave from is not a number of your Twilio account any more. Choose another one in Settings → Channels.'

const preparedGone = 'This WhatsApp template is not there any more, or not in this language. Choose another one.'
const preparedGap =
  'Something in this WhatsApp template was left empty or does not fit. Fill in every field and send it again.'

const signIn: Problem = {
  code: 'AUTH_FAILED',
  message:
    'Twilio did not accept the Account SID and auth token. Copy both again from the first page of the Twilio console into Settings → Channels. Until then no calls or texts arrive here.',
  fault: 'user',
}

/**
 * Twilio's error codes in a shop owner's words: what happened, what to do. The ones without `retryAfterMs` would fail
 * the same way again. https://www.twilio.com/docs/api/errors
 */
const byCode: Readonly<Record<number, Problem>> = {
  20003: signIn,
  20005: refused('Twilio has switched this account off. Sign in at twilio.com to see why.'),
  20404: refused('Twilio does not know this account or item. Check the Account SID in Settings → Channels.'),
  20429: {
    code: 'RATE_LIMITED',
    message: 'Twilio asks for a short pause. Deskbell goes on by itself in a moment.',
    fault: 'remote',
  },
  21210: refused('Calls can only be made from your Twilio number. Check the number in Settings → Channels.'),
  21212: refused(noNumberHere),
  21211: refused('This is not a phone number that exists. Check it on the person’s card.'),
  21215: refused(
    'Your Twilio account may not call this country. Allow the country in the Twilio console under Voice → Settings → Geo permissions.',
  ),
  21217: refused('This is not a phone number that exists. Check it on the person’s card.'),
  21219: refused(
    'A Twilio trial account can only call numbers you verified with Twilio. Verify this number or upgrade the account.',
  ),
  21408: refused(
    'Your Twilio account may not text this country. Allow the country in the Twilio console under Messaging → Settings → Geo permissions.',
  ),
  21606: refused(
    'Your Twilio number cannot send texts to this number, or is not in your account any more. Choose a number with SMS in Settings → Channels.',
  ),
  21608: refused(
    'A Twilio trial account can only text numbers you verified with Twilio. Verify this number or upgrade the account.',
  ),
  [OPTED_OUT]: refused(
    'This person replied STOP, so texts to them are blocked. They can text START to allow them again; until then call or send an e-mail.',
  ),
  21612: refused('Texts from your Twilio number do not reach this number. Call or send an e-mail instead.'),
  21614: refused('This number cannot receive texts; it is probably a landline. Call instead.'),
  21659: refused(noNumberHere),
  21660: refused(noNumberHere),
  21617: refused('The text is too long: 1,600 characters is the most Twilio takes. Shorten it.'),
  30003: passing('The phone is switched off or out of reach, so the text did not arrive. Try again later or call.'),
  30004: refused('The text was blocked by the recipient or their phone company. Call or send an e-mail instead.'),
  30005: refused('This number is not in use any more. Ask for another one.'),
  30006: refused('This number cannot receive texts; it is probably a landline. Call instead.'),
  30007: refused(
    'The phone company took the text for spam and did not deliver it. Write it differently, without links, or call.',
  ),
  30008: passing('The phone company did not deliver the text and gave no reason. Try again later or call.'),
  63003: refused('This number has no WhatsApp. Send a text or an e-mail instead.'),
  63007: refused(
    'Your number is not set up for WhatsApp at Twilio. Set it up in the Twilio console under Messaging → Senders, or send a text.',
  ),
  63015: refused(
    'This person has not joined your WhatsApp sandbox, so nothing was sent. Send a text, or set up a WhatsApp sender of your own at Twilio.',
  ),
  [WINDOW_OVER]: refused(
    'WhatsApp lets a business write only within 24 hours of the person’s last WhatsApp message, and that time is over. Choose a WhatsApp template, or send a text or an e-mail instead.',
  ),
  21655: refused(preparedGone),
  21656: refused(preparedGap),
  63005: refused('WhatsApp did not accept this message. Change its words, or send a text or an e-mail instead.'),
  63013: refused(
    'WhatsApp did not accept what was filled into the template: leave out line breaks and long gaps, and leave nothing empty.',
  ),
  63021: refused('WhatsApp did not accept this message: with what was filled in it is too long. Make it shorter.'),
  63027: refused(preparedGone),
  63028: refused(preparedGap),
  63018: passing('WhatsApp takes no more messages from your number for now. Deskbell tries again later.'),
  63024: refused('This number has no WhatsApp. Send a text or an e-mail instead.'),
  63032: refused('WhatsApp does not deliver messages to this person. Send a text or an e-mail instead.'),
  30032: refused(
    'US phone companies block texts from this toll-free number until it is verified. Verify it in the Twilio console.',
  ),
  30034: refused(
    'US phone companies block texts from this number because it is not registered for business texting. Register it in the Twilio console under Messaging → Regulatory compliance.',
  ),
}

/** What a text's error code means, for the text that carries it; null for codes without one. */
export function deliveryProblem(code: number | null): string {
  const known = code === null ? undefined : byCode[code]
  if (known !== undefined) return known.message
  return `The text was not delivered${code === null ? '' : ` (Twilio error ${code})`}. Try again later or call.`
}

/** A failure as the error everybody above the channel sees, with the time after which asking again makes sense. */
export function problemOf(failure: Failure): { readonly error: ErrorBody; readonly retryAfterMs: number | null } {
  const problem = describe(failure)
  const hint = failure.kind === 'refused' ? failure.retryAfterMs : null
  const retryAfterMs = problem.retryAfterMs ?? (problem.fault === 'remote' ? (hint ?? minute) : null)
  return {
    error: {
      code: problem.code,
      message: problem.message,
      fault: problem.fault,
      retryable: retryAfterMs !== null,
      ...('detail' in failure ? { detail: failure.detail } : {}),
    },
    retryAfterMs,
  }
}

function describe(failure: Failure): Problem {
  switch (failure.kind) {
    case 'refused':
      return describeRefusal(failure.status, failure.code)
    case 'no-connection':
      return {
        code: 'UNREACHABLE',
        message: 'Twilio cannot be reached. Check the internet connection; Deskbell keeps trying.',
        fault: 'remote',
      }
    case 'not-secure':
      return {
        code: 'UNREACHABLE',
        message:
          'The connection to Twilio is not secure: something on this network answers in its place. Use another network or ask whoever runs this one.',
        fault: 'remote',
      }
    case 'strange-answer':
      return {
        code: 'UNREACHABLE',
        message:
          'Something other than Twilio answered, often the sign-in page of a public network. Open a web page to sign in; Deskbell keeps trying.',
        fault: 'remote',
      }
    case 'timed-out':
      return { code: 'TIMED_OUT', message: 'Twilio did not answer in time. Deskbell keeps trying.', fault: 'remote' }
    case 'cut-off':
      return { code: 'UNREACHABLE', message: 'The connection to Twilio broke. Deskbell keeps trying.', fault: 'remote' }
    case 'stopped':
      return { code: 'NOT_CONNECTED', message: 'Deskbell is closing.', fault: 'ours' }
  }
}

function describeRefusal(status: number, code: number | null): Problem {
  const known = code === null ? undefined : byCode[code]
  if (known !== undefined) return known
  if (status === 401 || status === 403) return signIn
  if (status === 429) return byCode[20429] ?? signIn
  if (status >= 500) {
    return { code: 'UNREACHABLE', message: 'Twilio has a problem of its own. Deskbell keeps trying.', fault: 'remote' }
  }
  return refused(`Twilio refused this${code === null ? '' : ` (error ${code})`}. The details say why.`)
}
