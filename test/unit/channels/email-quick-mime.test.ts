import { readdirSync, readFileSync } from 'node:fs'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { QuickMime } from '../../../src/channels/email/quick-mime.ts'

const folder = new URL('../../fixtures/mail/', import.meta.url)
// Where it reads more than postal-mime: email-traps.test.ts and email-parse.test.ts say what.
const undeclared = ['windows-1252-undeclared.eml', 'html-charset-only-in-meta.eml']
const encodings = (encoding: string, body: string) =>
  Buffer.from(`Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`)

const samples: readonly (readonly [string, Uint8Array])[] = [
  ...readdirSync(folder)
    .filter((name) => !undeclared.includes(name))
    .map((name) => [name, readFileSync(new URL(name, folder))] as const),
  ['base64', encodings('base64', `${Buffer.from('Grüße '.repeat(40_000)).toString('base64')}\r\n`)],
  ['padded base64', encodings('base64', 'SGVs\r\nbG8=\r\nSGVsbG8=\r\nSGVsb')],
  ['quoted-printable', encodings('quoted-printable', 'Gr=C3=BC=C3=9Fe=\r\n! =XY\r\n'.repeat(20_000))],
  ['8bit', encodings('8bit', 'Grüße\r\nzwei\r\n'.repeat(1000))],
  ['empty body', encodings('8bit', '')],
  ['no body', Buffer.from('Subject: nothing else')],
]

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('QuickMime', () => {
  test.each(samples)('reads %s exactly as postal-mime does', async (_name, raw) => {
    expect(await new QuickMime().parse(raw)).toEqual(await PostalMime.parse(raw))
  })

  test('makes no Blob: should postal-mime change inside, this tells that it is slow again', async () => {
    let made = 0
    vi.stubGlobal(
      'Blob',
      class extends Blob {
        constructor(...parts: ConstructorParameters<typeof Blob>) {
          super(...parts)
          made++
        }
      },
    )
    for (const [, raw] of samples) await new QuickMime().parse(raw)
    expect(made).toBe(0)
    await PostalMime.parse(samples[0]?.[1] ?? '')
    expect(made).toBeGreaterThan(0)
  })
})
