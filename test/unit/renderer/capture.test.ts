import { describe, expect, it } from 'vitest'
import {
  captureOf,
  captureProblem,
  cleanExcluded,
  draftOf,
  folderChoices,
} from '../../../renderer/onboarding/capture-values.ts'
import { settingsOf, startValues } from '../../../renderer/onboarding/mailbox-values.ts'
import { authOf, loginOf, signInProvider } from '../../../renderer/onboarding/sign-in-values.ts'
import { type Account, emailSettings, type MailFolder } from '../../../src/channels/contract.ts'
import { suggestEmail } from '../../../src/channels/suggest-email.ts'

const folder = (path: string, role: MailFolder['role'] = null): MailFolder => ({ path, name: path, role, messages: 3 })

describe('what is taken in', () => {
  it('comes back from the form as it was stored', () => {
    for (const capture of [
      { kind: 'everything' as const },
      { kind: 'folders' as const, folders: ['INBOX/Leads'] },
      { kind: 'unknown-senders' as const, excluded: ['family.example'] },
    ]) {
      expect(captureOf(draftOf(capture))).toEqual(capture)
    }
    expect(captureOf(draftOf(undefined))).toEqual({ kind: 'everything' })
  })

  it('keeps the folders that were ticked while another choice is looked at', () => {
    const draft = { ...draftOf({ kind: 'folders', folders: ['A'] }), kind: 'everything' as const }
    expect(captureOf({ ...draft, kind: 'folders' })).toEqual({ kind: 'folders', folders: ['A'] })
  })

  it('understands a pasted list', () => {
    const pasted = ['Ann Lee <Ann@Home.example>, @supplier.example', ' ann@home.example  bo@b.example ', '']
    expect(cleanExcluded(pasted)).toEqual(['ann@home.example', 'supplier.example', 'bo@b.example'])
  })

  it('refuses no folder at all, and what is no address', () => {
    expect(captureProblem({ kind: 'folders', folders: [], excluded: [] })).toContain('Choose a folder')
    expect(captureProblem({ kind: 'unknown-senders', folders: [], excluded: ['a@b.example', 'nonsense'] })).toContain(
      '“nonsense”',
    )
    expect(captureProblem({ kind: 'unknown-senders', folders: [], excluded: ['b.example', 'a@b.example'] })).toBeNull()
    // What is not chosen now cannot be wrong.
    expect(captureProblem({ kind: 'everything', folders: [], excluded: ['nonsense'] })).toBeNull()
  })
})

describe('folders to choose from', () => {
  it('leaves out drafts and the trash, and names the inbox', () => {
    const found = [
      folder('INBOX', 'inbox'),
      folder('Drafts', 'drafts'),
      folder('Trash', 'trash'),
      folder('INBOX/Leads'),
    ]
    expect(folderChoices(found, []).map((it) => it.label)).toEqual(['Inbox', 'INBOX/Leads'])
  })

  it('still lists what was chosen and is not there any more, so that it can be taken away', () => {
    expect(folderChoices([folder('INBOX', 'inbox')], ['Old', 'INBOX'])).toEqual([
      { path: 'INBOX', label: 'Inbox', messages: 3, gone: false },
      { path: 'Old', label: 'Old', messages: null, gone: true },
    ])
  })
})

describe('signing in', () => {
  it('is offered where the servers are those of Google or Microsoft', () => {
    expect(signInProvider(suggestEmail('a@gmail.com').imap.host)).toBe('google')
    expect(signInProvider(suggestEmail('a@outlook.com').imap.host)).toBe('microsoft')
    expect(signInProvider('imap.brightwater.example')).toBeNull()
  })

  it('falls back to the password when the servers are somebody else’s', () => {
    const draft = { ...loginOf(undefined), kind: 'oauth' as const, clientId: ' id ' }
    expect(authOf(draft, 'imap.brightwater.example', undefined)).toEqual({ kind: 'password' })
    expect(authOf(draft, 'imap.gmail.com', undefined)).toEqual({
      kind: 'oauth',
      provider: 'google',
      clientId: 'id',
      baseUrl: null,
    })
  })

  it('keeps provider and authority of an account at servers that we do not know', () => {
    const auth = { kind: 'oauth', provider: 'microsoft', clientId: 'x', baseUrl: 'http://127.0.0.1:9' } as const
    expect(authOf(loginOf(auth), '127.0.0.1', auth)).toEqual(auth)
  })

  it('sends settings that the engine accepts, without the secret of the client', () => {
    const start = startValues(null, 'Dana')
    const login = { ...start.login, kind: 'oauth' as const, clientId: 'x', clientSecret: 'shh' }
    const settings = settingsOf(
      { ...start, ...suggestEmail('a@gmail.com'), capture: start.capture, name: 'D', login },
      null,
    )
    expect(emailSettings.parse(settings)).toEqual(settings)
    expect(JSON.stringify(settings)).not.toContain('shh')
  })

  it('starts a form with what is stored', () => {
    const { imap, smtp } = suggestEmail('a@gmail.com')
    const email = {
      address: 'a@gmail.com',
      name: 'D',
      imap,
      smtp,
      capture: { kind: 'folders' as const, folders: ['Leads'] },
      auth: { kind: 'oauth' as const, provider: 'google' as const, clientId: 'x', baseUrl: null },
    }
    const account = { settings: { kind: 'email', email } } as unknown as Account
    expect(settingsOf(startValues(account, ''), account)).toEqual(email)
  })
})
