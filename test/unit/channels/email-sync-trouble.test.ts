import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { describe, expect, test } from 'vitest'
import { readCursor } from '../../../src/channels/email/folder-cursor.ts'
import { noTrouble } from '../../../src/channels/email/folder-sync.ts'
import { firstBytes, ranges } from '../../../src/channels/email/load-mails.ts'
import { plainReader } from '../../../src/channels/email/mail-reader.ts'
import { syncFolder } from '../../../src/channels/email/sync-folder.ts'
import { mail, openDesk, ownAddress } from '../../channels/email-harness.ts'

const poison = 7
/** Everything may be read, at once. */
const freely = {
  rule: async (items: readonly unknown[]) => items.map(() => null),
  takesAll: true,
  read: plainReader.read,
  bulk: { prepare: () => {}, load: async () => null, rest: () => {} },
  mayReadHistory: () => true,
  caughtUp: () => {},
  rest: async () => {},
}

/** As much of a connection as reading a folder needs; it breaks whenever one certain mail is asked for. */
function brokenClient(last: number, asked: string[]): ImapFlow {
  const client = {
    capabilities: new Map(),
    mailbox: { path: 'INBOX', uidValidity: 1n, uidNext: last + 1 },
    search: async ({ uid }: { uid: string }) => {
      const [first = '1'] = uid.split(':')
      return Array.from({ length: last }, (_, i) => i + 1).filter((it) => it >= Number(first))
    },
    fetchAll: async (range: string): Promise<FetchMessageObject[]> => {
      asked.push(range)
      const [first = 0, end = first] = range.split(':').map(Number)
      if (first <= poison && poison <= end) throw Object.assign(new Error('gone'), { code: 'EConnectionClosed' })
      return Array.from({ length: end - first + 1 }, (_, i) => {
        const source = Buffer.from(mail(`mail ${first + i}`))
        return { seq: first + i, uid: first + i, source, size: source.length, internalDate: new Date() }
      })
    },
  }
  return client as unknown as ImapFlow
}

describe('a mail on which the connection breaks each time', () => {
  test('is found, left out, counted, and everything else arrives', async () => {
    const desk = openDesk()
    const trouble = noTrouble()
    const asked: string[] = []
    const look = () =>
      syncFolder({
        context: desk.context,
        client: brokenClient(20, asked),
        role: 'inbox',
        own: [ownAddress],
        isOwnSend: () => false,
        ...freely,
        stopping: () => false,
        announced: () => false,
        trouble,
      })
    let broken = 0
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        await look()
        break
      } catch {
        broken++
      }
    }
    expect(desk.items).toHaveLength(19)
    expect(desk.skipped).toEqual([{ skipped: 1, reason: 'The mail server could not hand over a mail' }])
    expect(asked[0]).toBe('1:20')
    // Often enough that a bad line is not taken for a bad mail.
    expect(asked.filter((range) => range === '7').length).toBeGreaterThanOrEqual(3)
    expect(broken).toBeLessThan(15)
  })

  test('losing an idle connection many times is no reason to leave anything out', async () => {
    const trouble = noTrouble()
    const desk = openDesk()
    const options = (last: number) => ({
      context: desk.context,
      client: brokenClient(last, []),
      role: 'inbox' as const,
      own: [ownAddress],
      isOwnSend: () => false,
      ...freely,
      stopping: () => false,
      announced: () => false,
      trouble,
    })
    for (let i = 0; i < 10; i++) await syncFolder(options(3))
    await syncFolder(options(5))
    expect(desk.items).toHaveLength(5)
    expect(desk.skipped).toEqual([])
  })
})

test.each(['in lots', 'alone'])(
  'what cannot be loaded %s because the connection ended was not deleted',
  async (how) => {
    const desk = openDesk()
    const folder = { path: 'INBOX', uidValidity: 1n, uidNext: 4 }
    const end = () => Object.assign(client, { mailbox: false })
    const source = Buffer.alloc(firstBytes, 'x')
    // As imapflow answers over a connection that is closed: with nothing, and no error.
    const client = {
      ...{ capabilities: new Map(), mailbox: folder, search: async () => [1, 2, 3] },
      fetchAll: async () => {
        if (how === 'in lots') end()
        return how === 'in lots' ? [] : [{ seq: 3, uid: 3, source, size: 2 * firstBytes, internalDate: new Date() }]
      },
      fetchOne: async () => {
        end()
        return false
      },
    }
    const work = syncFolder({
      ...{ context: desk.context, client: client as unknown as ImapFlow, role: 'inbox', own: [ownAddress] },
      ...{ ...freely, isOwnSend: () => false, stopping: () => false, announced: () => false, trouble: noTrouble() },
    })
    await expect(work).rejects.toThrow('the connection was closed')
    expect(desk.skipped).toEqual([])
    expect(readCursor(desk.cursors.get('imap:inbox') ?? null)?.historyLeft).toBe(3)
  },
)

test.each([
  [[1, 2, 3, 7, 9, 10], '1:3,7,9:10'],
  [[5], '5'],
  [[], ''],
])('ranges(%j) → %s', (uids, text) => {
  expect(ranges(uids)).toBe(text)
})
