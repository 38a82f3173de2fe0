import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { installNote, makeCardReader, readCardText } from '../../../src/enrich/read-card.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'
import { drawCard, findChromium } from './draw-card.ts'

const card = [
  'LOPEZ BUILDERS LLC',
  'Ana Lopez',
  'Owner',
  'Mobile (415) 555-0188',
  'Office 415.555.0100',
  'ana@lopezbuilders.com',
  'www.lopezbuilders.com',
]

test('what stands on a card', () => {
  expect(readCardText(card.join('\n\n'), 'US')).toEqual({
    name: 'Ana Lopez',
    title: 'Owner',
    company: 'LOPEZ BUILDERS LLC',
    website: 'lopezbuilders.com',
    address: null,
    phones: [
      { number: '+14155550188', label: 'mobile' },
      { number: '+14155550100', label: 'office' },
    ],
    emails: ['ana@lopezbuilders.com'],
  })
  expect(readCardText('|| ~~\n_', 'US')).toMatchObject({ name: null, company: null, phones: [], emails: [] })
})

/** A program that answers as Tesseract does: the text for what comes in on its standard input. */
async function program(body: string): Promise<string> {
  const path = join(temporaryFolder(), 'tesseract')
  await writeFile(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, 0o755)
  return path
}

describe('the program that reads pictures', () => {
  test('is asked with the picture on its standard input, and nothing else', async () => {
    const reader = makeCardReader(
      await program('[ "$1" = --version ] && { echo "tesseract 5.3.0"; exit 0; }\necho "args $*"\nwc -c'),
    )
    expect(await reader.ready()).toBe(true)
    expect((await reader.read(new Uint8Array(70_000))).replace(/ +/g, ' ')).toBe('args stdin stdout --psm 6\n70000\n')
  })

  test('that is not there is said with what to install', async () => {
    expect(await makeCardReader('/nowhere/tesseract').ready()).toBe(false)
    expect(installNote('linux')).toContain('tesseract-ocr')
    expect(installNote('darwin')).toContain('brew install tesseract')
  })

  test('that fails or hangs is ended, in words that help', async () => {
    const fails = makeCardReader(await program('cat > /dev/null; echo "Error in pixRead" >&2; exit 1'))
    await expect(fails.read(new Uint8Array(3))).rejects.toThrow(/JPEG or PNG/)
    const hangs = makeCardReader(await program('exec sleep 60'), 200)
    await expect(hangs.read(new Uint8Array(3))).rejects.toThrow(/too long/)
    expect(() => fails.read(new Uint8Array())).toThrow(/empty/)
  })
})

const tesseract = makeCardReader('tesseract')

// A browser draws it and another program reads it: on a busy machine that takes its time.
test('a rendered card is read by the real one, where it is installed', async (context) => {
  const chromium = findChromium()
  if (!(await tesseract.ready()) || chromium === null) return context.skip('tesseract or chromium is not installed')
  const read = readCardText(await tesseract.read(await drawCard(chromium, card)), 'US')
  expect(read).toMatchObject({ name: 'Ana Lopez', emails: ['ana@lopezbuilders.com'] })
  expect(read.phones.map((it) => it.number)).toContain('+14155550188')
})
