import type { Account, EmailSettings, OAuthSettings } from '../../src/channels/contract.ts'

export type SignInProvider = OAuthSettings['provider']

/** How a mailbox is opened, while it is being chosen. */
export type LoginDraft = {
  readonly kind: 'password' | 'oauth'
  readonly clientId: string
  readonly clientSecret: string
  /** Another authority than the provider's own, kept as it came. */
  readonly baseUrl: string | null
}

export function loginOf(auth: EmailSettings['auth']): LoginDraft {
  if (auth?.kind !== 'oauth') return { kind: 'password', clientId: '', clientSecret: '', baseUrl: null }
  return { kind: 'oauth', clientId: auth.clientId, clientSecret: '', baseUrl: auth.baseUrl }
}

/** Whose page to sign in at, by the server that mail is fetched from; null where Deskbell knows none. */
export function signInProvider(imapHost: string): SignInProvider | null {
  const host = imapHost.trim().toLowerCase()
  if (host === 'imap.gmail.com' || host === 'imap.googlemail.com') return 'google'
  return host === 'outlook.office365.com' || host === 'imap-mail.outlook.com' ? 'microsoft' : null
}

/**
 * @param before of the account as it is stored: one at a server that we do not know keeps its provider
 */
export function authOf(
  draft: LoginDraft,
  imapHost: string,
  before: EmailSettings['auth'],
): NonNullable<EmailSettings['auth']> {
  const provider = signInProvider(imapHost) ?? (before?.kind === 'oauth' ? before.provider : null)
  if (draft.kind === 'password' || provider === null) return { kind: 'password' }
  return { kind: 'oauth', provider, clientId: draft.clientId.trim(), baseUrl: draft.baseUrl }
}

export const authBefore = (account: Account | null): EmailSettings['auth'] =>
  account?.settings.kind === 'email' ? account.settings.email.auth : undefined

type SignInHelp = {
  readonly name: string
  readonly steps: string
  readonly link: { readonly url: string; readonly label: string }
  /** Google gives programs on a desktop a secret, too; Microsoft gives them none. */
  readonly hasSecret: boolean
}

export const signInHelp: Readonly<Record<SignInProvider, SignInHelp>> = {
  google: {
    name: 'Google',
    steps:
      'Once for your business: in the Google Cloud console switch on the Gmail API, create an OAuth client of the type “Desktop app”, and paste its client ID and secret here.',
    link: { url: 'https://console.cloud.google.com/apis/credentials', label: 'Open the Google Cloud console' },
    hasSecret: true,
  },
  microsoft: {
    name: 'Microsoft',
    steps:
      'Once for your business: register an app in Microsoft Entra, add the platform “Mobile and desktop applications” with the address http://localhost, and paste its application (client) ID here.',
    link: { url: 'https://entra.microsoft.com', label: 'Open Microsoft Entra' },
    hasSecret: false,
  },
}
