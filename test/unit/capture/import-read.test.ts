import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { toCandidate } from '../../../src/capture/import/candidate.ts'
import { decodeText, detectEncoding } from '../../../src/capture/import/decode-text.ts'
import { guessShape } from '../../../src/capture/import/guess-shape.ts'
import { readRows } from '../../../src/capture/import/read-rows.ts'
import { splitRows } from '../../../src/capture/import/split-rows.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const utf16 = (text: string, mark = true) => Uint8Array.from(Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le'))

describe('the encoding', () => {
  const text = 'Name,E-mail\nZoë Müller,zoe@x.example\n'
  test.each([
    ['utf-8', utf8(text)],
    ['utf-8', utf8(`\uFEFF${text}`)],
    ['utf-16le', utf16(text)],
    ['utf-16le', utf16(text, false)],
    ['utf-16be', utf16(text).map((_, at, all) => all[at % 2 === 0 ? at + 1 : at - 1] ?? 0)],
    ['windows-1252', latin(text)],
  ] as const)('%s is recognised and read', (encoding, bytes) => {
    expect(detectEncoding(bytes)).toBe(encoding)
    expect([...decodeText(bytes, encoding)].join('')).toBe(text)
  })

  test('a letter cut by a slice is whole', () => {
    const long = `x${'é'.repeat(300_000)}`
    expect([...decodeText(utf8(long), 'utf-8')].join('')).toBe(long)
  })
})

describe('rows', () => {
  const cells = (text: string, size = 7) => {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.slice(at * size, (at + 1) * size),
    )
    return [...splitRows(pieces, ',')]
  }

  test('any table written as CSV is read as it was, wherever the file is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '1'), maxLength: 6 })
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      )
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 30 }), fc.boolean(), (rows, size, ends) => {
        const text = Papa.unparse(rows, { newline: '\n', quotes: true }) + (ends ? '\n' : '')
        expect(cells(text, size).map((row) => row.cells)).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  test('a quote in the wrong place costs its own row only', () => {
    const rows = cells('name,mail\n"Ana" Lopez,ana@x\nGus,gus@x\n"open,kim@x\nLee,lee@x\n')
    expect(rows.map((row) => [row.line, row.broken !== null, row.cells.at(-1)])).toEqual([
      [1, false, 'mail'],
      [2, true, 'ana@x'],
      [3, false, 'gus@x'],
      [4, true, 'kim@x'],
      [5, false, 'lee@x'],
    ])
  })
})

describe('the shape', () => {
  test.each([',', ';', '\t', '|'])('columns between %j are found and told by their names', (delimiter) => {
    const text = [
      ['Vorname', 'Nachname', 'E-Mail', 'Handy', 'Firma', 'Bemerkung', 'utm_source', 'Lieblingsfarbe'],
      ['Ana', 'Lopez', 'ana@x.example', '+1 415 555 0187', 'Lopez', 'ruft an', 'google', 'rot'],
    ]
      .map((row) => row.join(delimiter))
      .join('\r\n')
    const { shape, preview } = guessShape(utf8(text))
    expect(shape).toEqual({
      encoding: 'utf-8',
      delimiter,
      hasHeader: true,
      columns: ['firstName', 'lastName', 'email', 'phone', 'company', 'note', 'tracking', null],
    })
    expect(preview.rows).toHaveLength(1)
  })

  test('without names of columns the cells tell', () => {
    const { shape, preview } = guessShape(utf8('Ana,ana@x.example,(415) 555-0187\nGus,gus@x.example,415 555 0188\n'))
    expect(shape).toMatchObject({ hasHeader: false, columns: [null, 'email', 'phone'] })
    expect(preview.names).toEqual(['Column 1', 'Column 2', 'Column 3'])
  })

  test('“sep=” in front, twenty rows of preview', () => {
    const text = `sep=;\nname;email\n${'Ana;ana@x.example\n'.repeat(50)}`
    const { shape, preview } = guessShape(utf8(text))
    expect(shape).toMatchObject({ delimiter: ';', hasHeader: true, columns: ['name', 'email'] })
    expect(preview.rows).toHaveLength(20)
  })

  test('names that Google and Outlook give', () => {
    const google =
      'First Name,Last Name,Organization Name,Organization Title,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value,Notes'
    expect(guessShape(utf8(`${google}\n`)).shape.columns).toEqual([
      'firstName',
      'lastName',
      'company',
      'title',
      null,
      'email',
      'phone',
      'note',
    ])
    const outlook = 'First Name,Last Name,Company,Job Title,Business Phone,Mobile Phone,E-mail Address,E-mail 2 Address'
    expect(guessShape(utf8(`${outlook}\n`)).shape.columns).toEqual([
      'firstName',
      'lastName',
      'company',
      'title',
      'phone',
      'phone',
      'email',
      'email',
    ])
  })
})

describe('a cell', () => {
  const candidate = (values: Parameters<typeof toCandidate>[0]['values']) =>
    toCandidate({ line: 1, values, broken: null }, 'US')

  test('of several addresses or numbers brings all of them', () => {
    const { keys } = candidate([
      { field: 'email', label: '', value: 'A@x.example; b@x.example' },
      { field: 'phone', label: '', value: '(415) 555-0187 | +44 20 7946 0958' },
    ])
    expect(keys).toEqual(['email:a@x.example', 'email:b@x.example', 'phone:+14155550187', 'phone:+442079460958'])
  })

  test('that is no use says why', () => {
    const { keys, problems } = candidate([
      { field: 'email', label: '', value: 'ana at x' },
      { field: 'phone', label: '', value: '4.15555E+09' },
      { field: 'phone', label: '', value: 'ext 12' },
    ])
    expect(keys).toEqual([])
    expect(problems.join(' ')).toContain('a number that a spreadsheet has cut short')
    expect(problems).toContain('“ext 12” is no phone number.')
  })
})

describe('cards', () => {
  const cardsOf = (text: string | Uint8Array) =>
    [...readRows(typeof text === 'string' ? utf8(text) : text, null)].map((row) => ({
      ...toCandidate(row, 'US'),
      broken: row.broken,
    }))

  test('of versions 2.1, 3.0 and 4.0 in one file', () => {
    const found = cardsOf(
      [
        'BEGIN:VCARD',
        'VERSION:2.1',
        'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg',
        'TEL;CELL:415 555 0101',
        'EMAIL;INTERNET:joerg@x.example',
        'NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:l=C3=A4uft =',
        'weiter=0D=0Aund weiter',
        'END:VCARD',
        'BEGIN:VCARD',
        'VERSION:3.0',
        'FN:Ana Lopez',
        'N:Lopez;Ana;;;',
        'item1.EMAIL;type=INTERNET;type=pref:ana@lopez.exam',
        ' ple',
        'item1.X-ABLabel:work',
        'TEL;TYPE="work,voice":+1 (415) 555-0187',
        'ORG:Lopez\\, Sons;Sales',
        'TITLE:Owner',
        'NOTE:likes oak\\nand brass',
        'END:VCARD',
        'BEGIN:VCARD',
        'VERSION:4.0',
        'FN:Gus Chen',
        'TEL;VALUE=uri;TYPE="voice":tel:+1-415-555-0188;ext=5',
        'END:VCARD',
        '',
      ].join('\r\n'),
    )
    expect(found).toMatchObject([
      {
        name: 'Jörg Müller',
        keys: ['email:joerg@x.example', 'phone:+14155550101'],
        note: 'läuft weiter\nund weiter',
      },
      {
        line: 2,
        name: 'Ana Lopez',
        keys: ['email:ana@lopez.example', 'phone:+14155550187'],
        company: 'Lopez, Sons',
        title: 'Owner',
        note: 'likes oak\nand brass',
      },
      { line: 3, name: 'Gus Chen', keys: ['phone:+14155550188'] },
    ])
  })

  test('one that breaks off is reported, the others are read', () => {
    const found = cardsOf(
      'BEGIN:VCARD\nFN:Half\nBEGIN:VCARD\nFN:Ana\nEMAIL:ana@x.example\nEND:VCARD\nBEGIN:VCARD\nFN:End',
    )
    expect(found.map((it) => [it.name, it.broken === null])).toEqual([
      ['Half', false],
      ['Ana', true],
      ['End', false],
    ])
  })
})
