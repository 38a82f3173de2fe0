import { trustFile } from '../fakes/certificate.ts'
import { type Dovecot, mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { startTwilioDouble, type TwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import type { Deskbell } from './harness.ts'

export const owner = 'office@brightwater.example'
export const ownMobile = '+14155559900'

/** Everything outside of Deskbell that a small business has: a mailbox, a mail server, a telephone account. */
export type BusinessWorld = {
  readonly dovecot: Dovecot
  readonly smtp: FakeSmtp
  readonly twilio: TwilioDouble
  /** For the app: its engine then trusts the certificates of these servers. */
  readonly env: Readonly<Record<string, string>>
  readonly mail: (mail: IncomingMail) => Promise<void>
  readonly close: () => Promise<void>
}

export type IncomingMail = {
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly messageId: string
}

export async function startBusinessWorld(): Promise<BusinessWorld> {
  const [dovecot, smtp, twilio] = await Promise.all([startDovecot(), startSmtp(), startTwilioDouble()])
  return {
    dovecot,
    smtp,
    twilio,
    env: { NODE_EXTRA_CA_CERTS: trustFile([dovecot.ca, smtp.ca]) },
    mail: async (mail) => void (await dovecot.append(owner, rawMail(mail))),
    close: async () => {
      await Promise.all([dovecot.close(), smtp.close(), twilio.stop()])
    },
  }
}

export function rawMail({ from, subject, text, messageId }: IncomingMail): string {
  const head = [`From: ${from}`, `To: ${owner}`, `Subject: ${subject}`, `Message-ID: <${messageId}>`]
  return [...head, `Date: ${new Date().toUTCString()}`, '', text].join('\r\n')
}

/** What `channels.saveEmail` is given for the owner's mailbox. */
export const mailboxOn = ({ dovecot, smtp }: Pick<BusinessWorld, 'dovecot' | 'smtp'>) => ({
  id: null,
  settings: {
    address: owner,
    name: 'Brightwater Kitchens',
    imap: { host: dovecot.host, port: dovecot.tlsPort, security: 'tls' as const, user: owner },
    smtp: { host: smtp.host, port: smtp.port, security: 'starttls' as const, user: owner },
  },
  password: mailPassword,
})

/** What the first ten minutes leave behind. Answers the address of the web form. */
export async function connectBusiness(desk: Deskbell, { dovecot, smtp, twilio }: BusinessWorld): Promise<string> {
  const call = async <T>(method: string, input: unknown): Promise<T> => {
    const result = await desk.call(method, input)
    if (!result.ok) throw new Error(`${method}: ${result.error.message}`)
    return result.value as T
  }
  // Open day and night, or the deadlines of this test would depend on when it runs.
  await call('settings.saveBusiness', {
    name: 'Brightwater Kitchens',
    zone: 'America/Los_Angeles',
    country: 'US',
    hours: [{ weekday: 1, from: 540, to: 1020 }],
    alwaysOpen: true,
    localPostcodes: ['941'],
  })
  const { id: me } = await call<{ id: number }>('team.save', {
    id: null,
    name: 'Dana Whitfield',
    email: null,
    mobile: ownMobile,
    onDuty: true,
  })
  await call('channels.saveEmail', mailboxOn({ dovecot, smtp }))
  await call('channels.saveTwilio', {
    id: null,
    settings: { accountSid: twilio.accountSid, number: twilio.number, baseUrl: twilio.url },
    authToken: twilio.authToken,
  })
  const { url } = await call<{ url: string }>('channels.saveForm', {
    id: null,
    settings: { name: 'Website', source: 'Google Ads', mapping: {} },
  })
  await call('settings.savePreferences', { me, undoSeconds: 5, setUp: true })
  return url
}
