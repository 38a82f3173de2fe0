import type { OAuthSettings } from '../contract.ts'

/** Where a provider signs people in, and what reading and sending mail is called there. */
export type OAuthProvider = {
  readonly name: string
  readonly authorize: string
  readonly token: string
  readonly scopes: readonly string[]
  /** The one of them that a token is useless without. */
  readonly needed: string
  readonly extra: Readonly<Record<string, string>>
  /** Of the loopback redirect: Microsoft ignores the port of `localhost` only, Google wants the address. */
  readonly loopback: 'localhost' | '127.0.0.1'
}

/**
 * Google: one scope covers IMAP and SMTP (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
 * Microsoft: tokens for Graph do not open IMAP, so the scopes name outlook.office.com.
 */
const providers: Readonly<Record<OAuthSettings['provider'], OAuthProvider>> = {
  google: {
    name: 'Google',
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    scopes: ['https://mail.google.com/'],
    needed: 'https://mail.google.com/',
    // Without both, a second sign-in brings no refresh token.
    extra: { access_type: 'offline', prompt: 'consent' },
    loopback: '127.0.0.1',
  },
  microsoft: {
    name: 'Microsoft',
    authorize: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    token: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    scopes: [
      'https://outlook.office.com/IMAP.AccessAsUser.All',
      'https://outlook.office.com/SMTP.Send',
      'offline_access',
    ],
    needed: 'https://outlook.office.com/IMAP.AccessAsUser.All',
    extra: { prompt: 'select_account' },
    loopback: 'localhost',
  },
}

export function providerOf({ provider, baseUrl }: OAuthSettings): OAuthProvider {
  const known = providers[provider]
  return baseUrl === null ? known : { ...known, authorize: `${baseUrl}/authorize`, token: `${baseUrl}/token` }
}
