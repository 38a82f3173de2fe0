import type { FirstAnswerSettings, Wording } from './contract.ts'

const closed = 'We are closed right now. We open {{business.opens | "again soon"}} and will get back to you then.'
const stop = 'Reply STOP to get no texts.'

const mail = (subject: string, thanks: string): Wording => ({
  on: false,
  subject,
  inHours: `Hi {{contact.first_name | "there"}},\n\n${thanks} Somebody of us will answer you personally, soon.\n\n{{business.name | "Thank you"}}`,
  afterHours: `Hi {{contact.first_name | "there"}},\n\n${thanks} ${closed}\n\n{{business.name | "Thank you"}}`,
})

const message = (thanks: string, next: string, end = ''): Wording => ({
  on: false,
  subject: '',
  inHours: [thanks, next, end].filter((it) => it !== '').join(' '),
  afterHours: [thanks, closed, end].filter((it) => it !== '').join(' '),
})

const got = 'This is {{business.name | "us"}}: we have your'

/** What a new workspace starts with: everything off, and words to begin with. */
export const defaultFirstAnswer: FirstAnswerSettings = {
  slots: {
    email: mail('', 'thank you for your mail. It is here and not lost.'),
    form: mail('We have your request', 'thank you for your request. We have it.'),
    formText: message(`${got} request.`, 'Somebody will call or text you shortly.', stop),
    sms: message(`${got} text.`, 'Somebody will answer you shortly.', stop),
    whatsapp: message('Thank you for your message!', 'Somebody will answer you shortly.'),
    call: message(
      'Sorry that we missed your call! This is {{business.name | "us"}}.',
      'Text us what it is about, or when to call you back.',
      stop,
    ),
    chat: message('Thank you for your message!', 'Somebody will be with you in a moment.'),
  },
  onePerHours: 24,
  delaySeconds: 20,
  mostAnHour: 30,
}
