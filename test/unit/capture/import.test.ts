import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { dropAbandoned } from '../../../src/capture/import/drop-abandoned.ts'
import { refusalOf } from '../../../src/contact/refusal.ts'
import { day } from '../../../src/lib/durations.ts'
import { listLeads } from '../../../src/store/queries/inbox.ts'
import { inboundMail, inboundText } from '../../fakes/inbound.ts'
import { searchFor } from '../../fakes/search-for.ts'
import { everything, listsOver, openImportWorld } from './import-world.ts'

const header = 'Name,E-mail,Phone,Company,Notes\n'

describe('a dry run', () => {
  test('says of every row what would be done and why, and does nothing', async () => {
    const here = await openImportWorld()
    await here.arrive(inboundMail())
    const before = await everything(here)
    const importId = await here.check(
      `${header}${[
        'Gus Chen,gus@chen.example,(415) 555-0111,Chen & Co,',
        'Ana Lopez,ana@lopez-home.example,(415) 555-0187,,',
        'Ana Lopez,ana@lopez-home.example,,,',
        'Gus Chen,gus@chen.example,,,',
        'Gus Chen,gus@private.example,(415) 555-0111,,',
        'Kim Ito,kim@ito.example,(415) 555-0111,,',
        'Nobody,,,,',
        'Typo,ana at x,,,',
        'Us,office@bright-kitchens.example,,,',
        ',,,,',
        'Lee Po,,(415) 555-0111,,',
        '"Bad" quote,bad@x.example,,,',
      ].join('\n')}`,
    )
    expect(await here.verdicts(importId)).toEqual([
      [2, 'create', 'New.'],
      [3, 'update', 'Ana Lopez is here already. Adds a number.'],
      [4, 'duplicate', 'The same as row 3. Nothing new.'],
      [5, 'duplicate', 'The same as row 2. Nothing new.'],
      [6, 'duplicate', 'The same as row 2. Adds an address.'],
      [7, 'create', 'New. (415) 555-0111 belongs to Gus Chen and is left out.'],
      [8, 'reject', 'No e-mail address and no phone number, so there is no way to reach them.'],
      [9, 'reject', '“ana at x” is no e-mail address.'],
      [10, 'reject', 'This is your own address or number.'],
      [12, 'reject', '(415) 555-0111 belongs to Gus Chen and is left out.'],
      [13, 'reject', 'A quotation mark in this row is never closed.'],
    ])
    expect(await everything(here)).toEqual(before)
    const rejected = await here.capture['capture.importRows']({ importId, verdict: 'reject', after: 8, limit: 2 })
    expect(rejected.rows.map((it) => it.line)).toEqual([9, 10])
    expect(rejected.more).toBe(true)
  })

  test('that fails leaves a list that must be checked again, and cannot run unchecked', async () => {
    const here = await openImportWorld()
    const bytes = new TextEncoder().encode(`${header}Ana,lost@x.example,,,\n`)
    const { importId, shape } = await here.capture['capture.openImport']({ fileName: 'lost.csv', bytes })
    const { blob } = await here.store.read.db.selectFrom('import_run').select('blob').executeTakeFirstOrThrow()
    await rm(join(here.store.blobs.folder, blob.slice(0, 2), blob))
    const plan = { as: 'people', source: 'Old address book', mayText: false, shape } as const
    await here.capture['capture.checkImport']({ importId, plan })
    const run = await here.reached(importId, 'opened')
    expect(run.problem).toBe('This file is no longer there.')
    await expect(here.capture['capture.runImport']({ importId })).rejects.toThrow()
  })

  test('and the run agree, row by row', async () => {
    const here = await openImportWorld()
    const text = `${header}Ana,a@x.example,,,\nAna,a@x.example,415 555 0101,,\nBo,b@x.example,415 555 0101,,\nAna,,415 555 0101,Acme,\n`
    const importId = await here.check(text)
    const promised = await here.verdicts(importId)
    await here.capture['capture.runImport']({ importId })
    await here.reached(importId, 'done')
    expect(await here.verdicts(importId)).toEqual(promised)
  })
})

describe('a run', () => {
  test('makes people who are found, with their source, and opens no lead for an address book', async () => {
    const here = await openImportWorld()
    const importId = await here.take(`${header}Gus Chen,gus@chen.example,(415) 555-0111,,likes oak\n`)
    expect(await here.people()).toMatchObject([{ name: 'Gus Chen', company: 'Chen', region: 'California' }])
    expect(await here.leads()).toEqual([])
    expect(await here.interactions()).toMatchObject([{ channel: 'note', text: 'likes oak' }])
    const hits = await searchFor(here.store.read, 'gus', here.clock.now())
    expect(hits).toMatchObject([{ name: 'Gus Chen' }])
    const touches = await here.db.selectFrom('source_touch').select(['source', 'lead_id']).execute()
    expect(touches).toEqual([{ source: 'Old address book', lead_id: null }])
    expect(await here.capture['capture.import']({ importId })).toMatchObject({
      state: 'done',
      total: 1,
      counts: { create: 1, update: 0, duplicate: 0, reject: 0 },
    })
    expect(here.store.announced('import.progress').at(-1)).toMatchObject({ importId, state: 'done', done: 1, total: 1 })
  })

  test('of people to approach opens leads without deadlines, and their numbers get no texts', async () => {
    const here = await openImportWorld()
    await here.take(`${header}Gus Chen,gus@chen.example,(415) 555-0111,,\n`, { as: 'outbound', source: 'Bought list' })
    expect(await here.leads()).toMatchObject([
      { origin: 'outbound', source: 'Bought list', due_at: null, status: 'open' },
    ])
    expect(await here.clockStates()).toEqual([])
    expect(await refusalOf(here.store.read, 'sms', '+14155550111', 1)).toContain('came from a list')
    expect(await refusalOf(here.store.read, 'email', 'gus@chen.example', 1)).toBeNull()
    const { rows } = await listLeads(
      here.store.read,
      'inbox',
      { now: here.clock.now(), me: null },
      { after: null, limit: 9 },
    )
    expect(rows).toMatchObject([{ name: 'Gus Chen', source: 'Bought list', clock: null }])
  })

  test('of people who asked opens leads with an owner and deadlines, with their own source and tracking', async () => {
    const here = await openImportWorld()
    const text = 'Name,E-mail,Source,utm_campaign\nGus Chen,gus@chen.example,Booth 7,spring\nKim,kim@x.example,,\n'
    await here.take(text, { as: 'inbound', source: 'Trade fair' })
    expect(await here.leads()).toMatchObject([
      { source: 'Booth 7', source_detail: '{"utm_campaign":"spring"}', owner_id: here.dana, origin: 'inbound' },
      { source: 'Trade fair', source_detail: '{}' },
    ])
    expect((await here.leads())[0]).toMatchObject({ last_direction: 'in' })
  })

  test('of the same list again changes nothing, also after the leads were done', async () => {
    const here = await openImportWorld()
    for (const as of ['people', 'outbound', 'inbound'] as const) {
      const text = `${header}Gus ${as},${as}@chen.example,,,a note\n${as},${as}2@chen.example,,Acme,\n`
      await here.take(text, { as })
      for (const { id } of await here.leads()) await here.setLead(id, { status: 'done', done_at: here.clock.now() })
      const before = await everything(here)
      const again = await here.take(text, { as })
      expect(await everything(here)).toEqual(before)
      expect((await here.rows(again)).map((it) => it.verdict)).toEqual(['duplicate', 'duplicate'])
    }
  })

  test('never replaces what is known', async () => {
    const here = await openImportWorld()
    await here.take(`${header}Gus Chen,gus@chen.example,,Chen Kitchens,\n`)
    await here.take(`${header}August Chen,gus@chen.example,,Other Company,\n`)
    expect(await here.people()).toMatchObject([{ name: 'Gus Chen', company: 'Chen Kitchens' }])
  })

  test('of address cards goes the same way', async () => {
    const here = await openImportWorld()
    const card = 'BEGIN:VCARD\nVERSION:3.0\nFN:Gus Chen\nEMAIL:gus@chen.example\nTEL:(415) 555-0111\nEND:VCARD\n'
    await here.take(card + card, {}, 'phone.vcf')
    expect(await here.handles()).toEqual([
      [1, 'gus@chen.example'],
      [1, '+14155550111'],
    ])
  })

  test('refuses what is no list, and says what to do', async () => {
    const here = await openImportWorld()
    const open = (bytes: Uint8Array<ArrayBuffer>) => here.capture['capture.openImport']({ fileName: 'x.csv', bytes })
    await expect(open(new Uint8Array())).rejects.toThrow('empty')
    await expect(open(Uint8Array.from([0x50, 0x4b, 3, 4]))).rejects.toThrow('save it as CSV')
    const { importId, shape } = await open(new TextEncoder().encode('a,b\n1,2\n'))
    const plan = { as: 'people', source: 'x', mayText: false, shape } as const
    await expect(here.capture['capture.checkImport']({ importId, plan })).rejects.toThrow('Choose the column')
    await expect(here.capture['capture.runImport']({ importId })).rejects.toThrow('Check this list first')
  })
})

const list = (count: number) =>
  header +
  Array.from({ length: count }, (_, at) => `Person ${at},p${at}@x${at}.example,,Company ${at},note ${at}`).join('\n')

describe('an undo', () => {
  test.each(['people', 'outbound', 'inbound'] as const)('of a list of %s leaves everything as it was', async (as) => {
    const here = await openImportWorld()
    await here.arrive(inboundMail())
    await here.arrive(inboundText())
    const before = await everything(here)
    const text = `${header}Ana Lopez,ana@lopez-home.example,415 555 0102,Lopez Ltd,likes oak\nNew,new@x.example,,,hi\nNew One,new@x.example,415 555 0103,Acme,\n,,(415) 555-0187,Tap Ltd,`
    const importId = await here.take(text, { as, mayText: true })
    expect(await everything(here)).not.toEqual(before)
    const run = await here.undo(importId)
    expect(run.kept).toBe(0)
    expect(await everything(here)).toEqual(before)
    const search = (words: string) => searchFor(here.store.read, words, here.clock.now())
    expect(await search('new@x.example')).toEqual([])
    expect(await search('oak')).toEqual([])
    // And it can be taken in again.
    await here.take(text, { as, mayText: true })
    expect((await here.people()).some((it) => it.name === 'New')).toBe(true)
  })

  test('leaves those whom somebody worked with since, and says how many', async () => {
    const here = await openImportWorld()
    const importId = await here.take(list(3), { as: 'outbound' })
    await here.arrive(
      inboundMail(
        { from: 'p1@x1.example', messageId: 'later' },
        { parties: [{ kind: 'email', value: 'p1@x1.example', name: null }] },
      ),
    )
    const run = await here.undo(importId)
    expect(run.kept).toBe(1)
    expect((await here.people()).map((it) => it.name)).toEqual(['Person 1'])
    expect(await here.leads()).toMatchObject([{ person_id: 2, status: 'open' }])
  })
})

describe('a list that was opened and never read in', () => {
  test('is gone after a week, with its file, unless something else has the same bytes', async () => {
    const here = await openImportWorld()
    const open = async (text: string) => {
      const bytes = new TextEncoder().encode(text)
      return (await here.capture['capture.openImport']({ fileName: 'x.csv', bytes })).importId
    }
    const blobOf = async (id: number) =>
      (await here.db.selectFrom('import_run').select('blob').where('id', '=', id).executeTakeFirst())?.blob ?? ''
    const isThere = (blob: string) =>
      here.store.blobs.get(blob).then(
        () => true,
        () => false,
      )
    const opened = await open(list(3))
    const checked = await here.check(list(4))
    const sameAsDone = await here.check(list(5))
    const done = await here.take(list(5))
    const [first, second, third] = [await blobOf(opened), await blobOf(checked), await blobOf(sameAsDone)]
    await here.clock.advance(6 * day)
    const young = await open(list(6))
    await dropAbandoned(here.store, here.clock.now())
    expect(await blobOf(opened)).toBe(first)

    await here.clock.advance(2 * day)
    await dropAbandoned(here.store, here.clock.now())
    const left = await here.db.selectFrom('import_run').select('id').orderBy('id').execute()
    expect(left.map(({ id }) => id)).toEqual([done, young])
    expect(await here.rows(checked)).toEqual([])
    expect(await Promise.all([first, second, third, await blobOf(young)].map(isThere))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })
})

describe('a list that is broken off', () => {
  test('goes on at the next start and brings nothing twice', async () => {
    const here = await openImportWorld()
    const importId = await here.check(list(600), { as: 'outbound' })
    await here.capture['capture.runImport']({ importId })
    await here.imports.stop()
    const half = await here.people()
    expect(half.length).toBeLessThan(600)
    expect((await here.capture['capture.import']({ importId })).state).toBe('running')

    const next = listsOver(here.store, here.clock)
    onTestFinished(() => next.imports.stop())
    await next.imports.start()
    await here.reached(importId, 'done')
    expect((await here.people()).map((it) => it.name)).toEqual(Array.from({ length: 600 }, (_, at) => `Person ${at}`))
    expect(await here.leads()).toHaveLength(600)
    expect((await here.interactions()).length).toBe(600)
  })

  test('by the user can go on or be taken back', async () => {
    const here = await openImportWorld()
    const before = await everything(here)
    const importId = await here.check(list(600))
    await here.capture['capture.runImport']({ importId })
    await here.capture['capture.cancelImport']({ importId })
    expect((await here.capture['capture.import']({ importId })).state).toBe('stopped')
    expect((await here.people()).length).toBeLessThan(600)
    await here.capture['capture.runImport']({ importId })
    await here.reached(importId, 'done')
    expect(await here.people()).toHaveLength(600)
    await here.undo(importId)
    expect(await everything(here)).toEqual(before)
  })

  test('in the middle of its undo is taken back at the next start', async () => {
    const here = await openImportWorld()
    const before = await everything(here)
    const importId = await here.take(list(600))
    await here.capture['capture.undoImport']({ importId })
    await here.imports.stop()
    const next = listsOver(here.store, here.clock)
    await next.imports.start()
    await here.reached(importId, 'undone')
    expect(await everything(here)).toEqual(before)
  })
})
