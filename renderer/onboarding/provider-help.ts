export type ProviderHelp = {
  readonly title: string
  readonly text: string
  readonly link: { readonly url: string; readonly label: string } | null
  /** True when most people will have to do something first. */
  readonly needed: boolean
}

type Known = ProviderHelp & { readonly hosts: readonly string[] }

// What each provider wants instead of the usual password, from their help pages. Told apart by the server and not by
// the address: a domain of one's own may be at Google, too.
const known: readonly Known[] = [
  {
    hosts: ['imap.gmail.com'],
    title: 'Google wants an app password',
    text: 'Your usual password does not work here. Switch on 2-Step Verification, make an app password named Deskbell and paste its 16 letters below.',
    link: { url: 'https://myaccount.google.com/apppasswords', label: 'Make an app password' },
    needed: true,
  },
  {
    hosts: ['outlook.office365.com', 'imap-mail.outlook.com'],
    title: 'Microsoft may refuse a password',
    text: 'Most Outlook.com and Microsoft 365 mailboxes let other programs in only through Microsoft’s own page: choose “Sign in with Microsoft” above. Where passwords still work, it is an app password.',
    link: { url: 'https://account.microsoft.com/security', label: 'Open Microsoft’s security page' },
    needed: true,
  },
  {
    hosts: ['imap.mail.yahoo.com'],
    title: 'Yahoo wants an app password',
    text: 'Your usual password does not work here. On Yahoo’s security page choose “Generate app password”, name it Deskbell and paste it below.',
    link: { url: 'https://login.yahoo.com/account/security', label: 'Open Yahoo’s security page' },
    needed: true,
  },
  {
    hosts: ['imap.aol.com'],
    title: 'AOL wants an app password',
    text: 'Your usual password does not work here. On AOL’s security page choose “Generate app password” and paste it below.',
    link: { url: 'https://login.aol.com/account/security', label: 'Open AOL’s security page' },
    needed: true,
  },
  {
    hosts: ['imap.mail.me.com'],
    title: 'Apple wants an app-specific password',
    text: 'Your usual password does not work here. Under “Sign-In and Security” make an app-specific password and paste it below.',
    link: { url: 'https://account.apple.com', label: 'Open your Apple account' },
    needed: true,
  },
  {
    hosts: ['imap.fastmail.com'],
    title: 'Fastmail wants an app password',
    text: 'Under “Privacy & Security” make an app password for mail and paste it below.',
    link: { url: 'https://app.fastmail.com/settings/security', label: 'Open Fastmail’s settings' },
    needed: true,
  },
  {
    hosts: ['imap.gmx.net', 'imap.gmx.com', 'imap.web.de'],
    title: 'Allow other programs first',
    text: 'In the settings of your mailbox, under “POP3 & IMAP”, allow access for other programs. It is off for new mailboxes.',
    link: null,
    needed: true,
  },
  {
    hosts: ['secureimap.t-online.de'],
    title: 'Telekom has a password for mail programs',
    text: 'It is not the one you sign in with on the website. Set it in the customer centre and enter it below.',
    link: null,
    needed: true,
  },
]

const usual: ProviderHelp = {
  title: 'The password of this mailbox',
  text: 'If your provider offers app passwords, make one for Deskbell: you can take it back without changing your own.',
  link: null,
  needed: false,
}

/** What to do before the password works, by the server that mail is fetched from. */
export function providerHelp(imapHost: string): ProviderHelp {
  const host = imapHost.trim().toLowerCase()
  return known.find(({ hosts }) => hosts.includes(host)) ?? usual
}
