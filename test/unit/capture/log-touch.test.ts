import { expect, test } from 'vitest'
import { hour } from '../../../src/lib/durations.ts'
import { timelinePage } from '../../../src/people/timeline.ts'
import { tuesdayMorning } from '../../fakes/fake-clock.ts'
import { inboundMail } from '../../fakes/inbound.ts'
import { openImportWorld } from './import-world.ts'

const nobody = { personId: null, name: '', email: null, phone: null, referrerId: null, text: '', attachments: [] }

test('a walk-in who was served: a person, a lead with its source, nothing owed', async () => {
  const here = await openImportWorld()
  const logged = await here.capture['capture.logTouch']({
    ...nobody,
    kind: 'walk_in',
    source: 'Walk-in',
    name: 'Gus Chen',
    phone: '(415) 555-0111',
    text: 'Wants a new kitchen before May',
    answered: true,
  })
  expect(await here.leads()).toMatchObject([
    {
      id: logged.leadId,
      source: 'Walk-in',
      owner_id: here.dana,
      due_at: null,
      preview: 'Wants a new kitchen before May',
    },
  ])
  expect((await here.clockStates()).every((it) => it.endsWith('met'))).toBe(true)
  expect(here.store.announced('lead.opened')).toMatchObject([{ name: 'Gus Chen' }])
})

test('a message on Instagram goes on with the lead of whom it is from and waits for an answer; files and all', async () => {
  const here = await openImportWorld()
  await here.arrive(inboundMail())
  const bytes = new TextEncoder().encode('a picture')
  const logged = await here.capture['capture.logTouch']({
    ...nobody,
    kind: 'instagram',
    source: 'Instagram',
    email: 'Ana@Lopez-Home.example',
    text: 'Saw your oak kitchen!',
    attachments: [{ name: 'screen.png', contentType: 'image/png', bytes }],
    answered: false,
  })
  expect(await here.leads()).toMatchObject([{ id: logged.leadId, source: 'E-mail', last_direction: 'in' }])
  expect(await here.clockStates()).toContain('first_contact running')
  const { entries } = await timelinePage(here.store.read, logged.personId, { before: null, limit: 20, country: 'US' })
  expect(entries.find((it) => it.kind === 'note')).toMatchObject({
    text: 'Saw your oak kitchen!',
    touch: {
      kind: 'instagram',
      source: 'Instagram',
      referrer: null,
      attachments: [{ name: 'screen.png', stored: true }],
    },
  })
})

test('a referral says who sent them', async () => {
  const here = await openImportWorld()
  await here.arrive(inboundMail())
  const logged = await here.capture['capture.logTouch']({
    ...nobody,
    kind: 'referral',
    source: 'Referral',
    name: 'Kim Ito',
    referrerId: 1,
    answered: false,
  })
  const { entries } = await timelinePage(here.store.read, logged.personId, { before: null, limit: 20, country: 'US' })
  expect(entries.find((it) => it.kind === 'note')).toMatchObject({
    touch: { referrer: { personId: 1, name: 'Ana Lopez' } },
  })
})

test('refuses what makes no sense', async () => {
  const here = await openImportWorld()
  await here.arrive(inboundMail())
  const log = (more: object) =>
    here.capture['capture.logTouch']({ ...nobody, kind: 'other', source: 'Other', answered: true, ...more })
  await expect(log({})).rejects.toThrow('at least a name')
  await expect(log({ personId: 99 })).rejects.toThrow('no longer there')
  await expect(log({ personId: 1, referrerId: 1 })).rejects.toThrow('Nobody sends themselves')
  await expect(log({ name: 'x', at: tuesdayMorning + hour })).rejects.toThrow('in the future')
  await expect(log({ email: 'no address' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  expect(await here.people()).toHaveLength(1)
})

test('files that are too large together are refused, and nobody is made for them', async () => {
  const here = await openImportWorld()
  const bytes = new Uint8Array(13 * 1024 * 1024)
  const file = { name: 'plan.pdf', contentType: 'application/pdf', bytes }
  const touch = { ...nobody, kind: 'walk_in' as const, source: 'Walk-in', name: 'Gus Chen', answered: false }
  await expect(here.capture['capture.logTouch']({ ...touch, attachments: [file, file] })).rejects.toThrow('over 25 MB')
  expect(await here.people()).toEqual([])
})
