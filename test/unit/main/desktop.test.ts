import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCommandLine } from '../../../main/command-line.ts'
import { linkIn, numberOf } from '../../../main/protocol-links.ts'
import { safeFileName, writeWholeFile } from '../../../main/save-file.ts'
import { createSecrets, secretsBackend } from '../../../main/secrets.ts'
import { noticeOf, timeLeft } from '../../../main/words.ts'
import { createWorkspaces } from '../../../main/workspaces.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'deskbell-main-'))
})
afterEach(() => rmSync(home, { recursive: true }))

/** Locks by turning bytes round, and only for itself: `id` stands for the keyring. */
function keyring(id: string, backend = 'gnome_libsecret') {
  let plain = false
  return {
    usedPlainText: () => plain,
    isEncryptionAvailable: () => backend !== 'basic_text' || plain,
    encryptString: (text: string) => Buffer.from(`${id}:${text}`).reverse(),
    decryptString: (locked: Buffer) => {
      const text = Buffer.from(locked).reverse().toString()
      if (!text.startsWith(`${id}:`)) throw new Error('wrong key')
      return text.slice(id.length + 1)
    },
    getSelectedStorageBackend: () => backend as 'gnome_libsecret' | 'basic_text',
    setUsePlainTextEncryption: (use: boolean) => {
      plain = use
    },
  }
}

describe('secrets', () => {
  const file = () => path.join(home, 'secrets', 'business.json')

  test('are kept locked, readable by the owner only, and survive a restart', async () => {
    const before = createSecrets(keyring('a'), 'linux', file)
    await Promise.all([before.setSecret('account-1', 'p@ß'), before.setSecret('account-2', 'two')])
    await before.deleteSecret('account-2')
    const text = readFileSync(file(), 'utf8')
    expect(text).not.toContain('p@ß')
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readdirSync(path.dirname(file()))).toEqual(['business.json'])
    const after = createSecrets(keyring('a'), 'linux', file)
    expect(await after.getSecret('account-1')).toBe('p@ß')
    expect(await after.getSecret('account-2')).toBeNull()
    expect(await after.getSecret('constructor')).toBeNull()
  })

  test('of a keyring that is gone count as never given', async () => {
    await createSecrets(keyring('a'), 'linux', file).setSecret('account-1', 'x')
    expect(await createSecrets(keyring('b'), 'linux', file).getSecret('account-1')).toBeNull()
  })

  test('of a damaged file are an error and not silently overwritten', async () => {
    mkdirSync(path.dirname(file()))
    writeFileSync(file(), '{ half')
    const secrets = createSecrets(keyring('a'), 'linux', file)
    await expect(secrets.getSecret('account-1')).rejects.toThrow(/cannot be read/)
    await expect(secrets.setSecret('account-1', 'x')).rejects.toThrow(/cannot be read/)
    expect(readFileSync(file(), 'utf8')).toBe('{ half')
  })

  test('without a keyring work, and the user is told', async () => {
    const storage = keyring('a', 'basic_text')
    const secrets = createSecrets(storage, 'linux', file)
    await secrets.setSecret('account-1', 'x')
    expect(storage.usedPlainText()).toBe(true)
    expect(await secrets.getSecret('account-1')).toBe('x')
    expect(secretsBackend(storage, 'linux')).toMatchObject({ protected: false, message: /only scrambled/ })
    expect(secretsBackend(keyring('a'), 'linux')).toMatchObject({ protected: true })
  })
})

describe('workspaces', () => {
  test('the choice is remembered, the sample has its own folder and goes away whole', async () => {
    const first = createWorkspaces(home, null)
    expect(first.current()).toBe('business')
    first.choose('sample')
    const next = createWorkspaces(home, null)
    expect(next.current()).toBe('sample')
    expect(next.engineArgs()).toEqual(['--data', path.join(home, 'sample'), '--sample=brightwater'])
    mkdirSync(next.folder())
    await expect(next.deleteSample()).rejects.toThrow()
    next.choose('business')
    expect(next.engineArgs()).toEqual(['--data', path.join(home, 'business')])
    expect(next.sampleExists()).toBe(true)
    await next.deleteSample()
    expect(next.sampleExists()).toBe(false)
  })

  test('--demo opens a sample without remembering it', () => {
    expect(createWorkspaces(home, 'ugly').engineArgs()).toEqual([
      '--data',
      path.join(home, 'sample-ugly'),
      '--sample=ugly',
    ])
    expect(createWorkspaces(home, null).current()).toBe('business')
  })
})

test.each([
  ['quote.pdf', 'quote.pdf'],
  ['../../.ssh/authorized_keys', '_.._.ssh_authorized_keys'],
  ['C:\\Windows\\a.txt', 'C__Windows_a.txt'],
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['con.txt', '_con.txt'],
  ['a\u0000b\n.txt', 'ab.txt'],
  ['trailing. . ', 'trailing'],
  ['...', 'file'],
  ['', 'file'],
  ['Angebot für Müller.pdf', 'Angebot für Müller.pdf'],
])('file name %j becomes %j', (given, safe) => {
  expect(safeFileName(given)).toBe(safe)
})

test('a saved file is there whole or not at all', async () => {
  const file = path.join(home, 'a.bin')
  await writeWholeFile(file, new Uint8Array([1, 2, 3]))
  expect([...readFileSync(file)]).toEqual([1, 2, 3])
  mkdirSync(path.join(home, 'folder'))
  await expect(writeWholeFile(path.join(home, 'folder'), new Uint8Array(1))).rejects.toThrow()
  expect(readdirSync(home).sort()).toEqual(['a.bin', 'folder'])
})

test.each([
  ['tel:+1-415-555-0100', '+14155550100'],
  ['tel:(415)%20555-0100', '4155550100'],
  ['tel:+14155550100;ext=12', '+14155550100'],
  ['tel:+14155550100,,99#', '+14155550100'],
  ['tel:', null],
  ['tel:javascript', null],
  ['tel:12345678901234567890', null],
  ['https://example.com', null],
])('link %s has the number %s', (link, number) => {
  expect(numberOf(link)).toBe(number)
})

test('a link is found among the switches of a start', () => {
  expect(linkIn(['electron', '--flag', 'tel:+4930123456', 'x'])).toBe('+4930123456')
  expect(linkIn(['electron', '.'])).toBeNull()
})

test('the command line', () => {
  expect(
    readCommandLine(['electron', '.', '--demo', '--picture', 'a.png', '--size', '900x700', '--dark', '--urgent']),
  ).toEqual({
    demo: 'brightwater',
    picture: 'a.png',
    urgent: true,
    size: { width: 900, height: 700 },
    dark: true,
  })
  expect(readCommandLine(['--demo=ugly', '--picture=b.png', '--size=big', '--light'])).toEqual({
    demo: 'ugly',
    picture: 'b.png',
    urgent: false,
    size: null,
    dark: false,
  })
  expect(readCommandLine(['electron', '.'])).toEqual({
    demo: null,
    picture: null,
    urgent: false,
    size: null,
    dark: null,
  })
})

const minute = 60_000
test.each([
  [30_000, 'less than a minute left'],
  [minute, '1 minute left'],
  [3 * minute + 59_000, '3 minutes left'],
  [60 * minute, '1 hour left'],
  [80 * minute, '1 hour 20 minutes left'],
  [50 * 60 * minute + minute, '50 hours left'],
  [-30_000, 'late'],
  [-5 * minute, '5 minutes late'],
])('%d ms from now is "%s"', (distance, words) => {
  expect(timeLeft(1e12 + distance, 1e12)).toBe(words)
})

describe('notices', () => {
  const lead = { leadId: 1, personId: 7, name: 'Ana', ownerId: null }
  const notice = (name: string, payload: object) => noticeOf({ kind: 'event', name: name as never, payload }, 1e12)

  test('a quiet channel says since when and what is usual, and belongs to nobody', () => {
    const since = 1e12 - 6 * 24 * 60 * minute
    const quiet = { accountId: 3, kind: 'form', label: 'Contact page', since, usualMs: 9 * 60 * minute }
    expect(notice('channel.quiet', quiet)).toEqual({
      title: 'Nothing from Contact page in 6 days',
      body: 'Usually something comes every 9 hours. Click to test it on the Health page.',
      personId: null,
      urgent: false,
    })
  })

  test('a warning says what to do and how long there is', () => {
    const alert = { ...lead, preview: 'Kitchen', clock: 'first_contact', percent: 80, notify: true }
    expect(notice('lead.alert', { ...alert, dueAt: 1e12 + 3 * minute })).toEqual({
      title: 'Answer Ana: 3 minutes left',
      body: '80 % of the time is gone. Kitchen',
      personId: 7,
      leadId: lead.leadId,
      urgent: true,
    })
    const late = { ...alert, clock: 'owned', percent: 100, dueAt: 1e12 }
    expect(notice('lead.alert', late)).toMatchObject({ title: 'Take Ana now' })
    expect(notice('lead.alert', { ...late, notify: false })).toBeNull()
    expect(notice('sla.breached', late)).toBeNull()
  })

  test('many at once are one, and say since when', () => {
    const hottest = { leadId: 1, personId: 7, name: 'Ana' }
    const digest = { count: 4, late: 1, hottest, notify: true, since: 1e12 - minute }
    expect(notice('lead.digest', digest)).toEqual({
      title: '4 leads wait',
      body: '1 is late. Hottest: Ana',
      personId: 7,
      urgent: true,
    })
    expect(notice('lead.digest', { ...digest, since: 1e12 - 9 * 60 * minute })).toMatchObject({
      title: '4 leads wait since last night',
    })
    expect(notice('lead.digest', { ...digest, since: 1e12 - 62 * 60 * minute })).toMatchObject({
      title: '4 leads wait, some for 3 days',
    })
    expect(notice('lead.digest', { ...digest, notify: false })).toBeNull()
  })

  test('a task whose time came opens its person, and leaves the sound to the window; several are one', () => {
    const due = { taskId: 3, personId: 7, name: 'Ana', words: 'Measure', dueAt: 1e12, ownerId: null, count: 1 }
    expect(notice('task.due', due)).toEqual({
      title: 'It is time: Ana',
      body: 'Measure',
      personId: 7,
      urgent: false,
      rings: true,
    })
    expect(notice('task.due', { ...due, count: 5 })).toMatchObject({
      title: '5 tasks are due',
      body: 'First: Measure (Ana)',
      personId: 7,
    })
  })

  test('a note that calls is about that note; several are one', () => {
    const made = { personId: 7, interactionId: 70, name: 'Ana', author: 'Sam', text: '@Dana please', count: 1 }
    expect(notice('mention.made', made)).toEqual({
      title: 'Sam calls you in a note about Ana',
      body: '@Dana please',
      personId: 7,
      interactionId: 70,
      urgent: false,
    })
    expect(notice('mention.made', { ...made, author: null, count: 3 })).toMatchObject({
      title: '3 notes call you',
      body: 'Somebody about Ana: @Dana please',
    })
  })

  test('only hot new leads are worth one; changes are not', () => {
    const opened = { ...lead, score: 84, preview: 'kitchen' }
    expect(notice('lead.opened', { ...opened, tier: 'hot' })).toMatchObject({
      title: 'Hot lead: Ana (84)',
      body: 'kitchen',
    })
    expect(notice('lead.opened', { ...opened, tier: 'warm' })).toBeNull()
    expect(notice('store.changed', { tables: [], personIds: [], seq: 1 })).toBeNull()
  })
})
