import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { day } from '../../../src/lib/durations.ts'
import { makeNurtureHandlers } from '../../../src/nurture/handlers.ts'
import { makeOpening } from '../../../src/nurture/opening.ts'
import { greetable } from '../../../src/nurture/template-values.ts'
import { seedTemplates } from '../../../src/nurture/templates.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { type FakeClock, makeFakeClock, tuesdayMorning } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'
import { addLead, addMail, addPerson } from '../contact/people.ts'

let store: TestStore
let clock: FakeClock
let templates: ReturnType<typeof makeNurtureHandlers>

beforeEach(() => {
  store = openTestStore()
  clock = makeFakeClock()
  templates = makeNurtureHandlers({
    ...{ store, clock, links: async () => null, nudge: () => {} },
    opening: makeOpening({ clock, readCalendars: makeReadCalendars() }),
    queue: () => Promise.reject(new Error('nothing is sent here')),
  })
})
afterEach(() => store.close())

const save = (body: string, more: { subject?: string; channel?: 'email' | 'sms' } = {}) =>
  templates['templates.save']({ id: null, name: 'Test', channel: 'email', subject: '', body, ...more })

describe('keeping templates', () => {
  it('saves, changes, lists and removes', async () => {
    const { id } = await save('Hello', { subject: 'Hi' })
    await templates['templates.save']({ id, name: 'Changed', channel: 'email', subject: 'Hi', body: 'Hello again' })
    expect(await templates['templates.list']({})).toEqual({
      templates: [
        { id, name: 'Changed', channel: 'email', subject: 'Hi', body: 'Hello again', preview: 'Hello again' },
      ],
    })
    expect(store.announced('store.changed').every((it) => it.tables.includes('template'))).toBe(true)
    await templates['templates.remove']({ id })
    expect(await templates['templates.list']({})).toEqual({ templates: [] })
    const gone = templates['templates.save']({ id, name: 'x', channel: 'email', subject: '', body: 'x' })
    await expect(gone).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('lists each with its words as the person would get them, or somebody made up', async () => {
    await save('Hi {{ contact.first_name | "there" }}, about {{ lead.request }}')
    const preview = async (input: { personId?: number }) =>
      (await templates['templates.list'](input)).templates[0]?.preview
    expect(await preview({})).toBe('Hi Ana, about kitchen remodel')
    const personId = await addPerson(store, { name: '', nameRank: 0 })
    expect(await preview({ personId })).toBe('Hi there, about {{lead.request}}')
    await expect(preview({ personId: 99 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('refuses a mistake and says where it is', async () => {
    await expect(save('Hello\n{{ contact.frist_name }}')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('Line 2 of the text'),
    })
    await expect(save('Hello', { subject: '{{ contact.name' })).rejects.toMatchObject({
      message: expect.stringContaining('The subject'),
    })
    expect(await templates['templates.list']({})).toEqual({ templates: [] })
  })
})

describe('filling a template for a person', () => {
  it('knows the person, the member, the business and the request', async () => {
    const mailbox = await store.addAccount('email')
    await store.addAccount('twilio')
    await store.set('business', { ...defaultSettings.business, name: 'Bright Kitchens' })
    await store.set('me', await store.addMember('Joe Miller', { mobile: '+14155550122' }))
    const personId = await addPerson(store, { name: 'ANA LOPEZ', phone: '+14155550187' })
    const leadId = await addLead(store, personId)
    await addMail(store, { personId, leadId, accountId: mailbox, subject: 'Re: Fwd: Kitchen remodel' })
    const { id } = await save(
      '{{contact.first_name}}|{{contact.name}}|{{contact.phone}}|{{agent.first_name}}|{{company.name}}|{{business.phone}}|{{business.email}}|{{lead.request}}|{{lead.source}}',
    )
    expect(await templates['templates.render']({ templateId: id, personId })).toEqual({
      subject: '',
      body: 'Ana|Ana Lopez|(415) 555-0187|Joe|Bright Kitchens|(415) 555-0100|office@bright-kitchens.example|Kitchen remodel|Test',
      missing: [],
    })
  })

  it('says when the business opens next, and nothing while it is open', async () => {
    const hours = [{ weekday: 3, from: 9 * 60, to: 17 * 60 }] as const
    const business = { ...defaultSettings.business, alwaysOpen: false, zone: 'America/New_York' }
    await store.set('business', { ...business, hours: [...hours] })
    const personId = await addPerson(store, { name: 'Ana' })
    const { id } = await save('We open {{ business.opens | "soon" }}.')
    const filled = async () => (await templates['templates.render']({ templateId: id, personId })).body
    // Tuesday, 10:00.
    expect(await filled()).toBe('We open tomorrow at 9:00 AM.')
    await clock.advance(day)
    expect(await filled()).toBe('We open soon.')
  })

  it('does not greet by a name that was guessed from an address', async () => {
    const personId = await addPerson(store, { name: 'info', nameRank: 0 })
    const { id } = await save('Hi {{ contact.first_name | "there" }} {{ contact.name }}')
    expect(await templates['templates.render']({ templateId: id, personId })).toMatchObject({
      body: 'Hi there {{contact.name}}',
      missing: ['contact.name'],
    })
  })

  it('keeps a subject on one line', async () => {
    const personId = await addPerson(store, { name: 'Ana\nBcc: x@y.example Lopez' })
    const { id } = await save('x', { subject: 'For {{ contact.name | "you" }}' })
    expect((await templates['templates.render']({ templateId: id, personId })).subject).not.toContain('\n')
  })

  it('says so when the template or the person is gone', async () => {
    const personId = await addPerson(store, {})
    await expect(templates['templates.render']({ templateId: 99, personId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const { id } = await save('x')
    await expect(templates['templates.render']({ templateId: id, personId: 99 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('the starters', () => {
  const seed = () => store.write((tx) => seedTemplates(tx, tuesdayMorning))

  it('are three for mail and three for text, once', async () => {
    await seed()
    await seed()
    const { templates: all } = await templates['templates.list']({})
    expect(all.map((it) => it.channel).sort()).toEqual(['email', 'email', 'email', 'sms', 'sms', 'sms'])
    for (const { id } of all) await templates['templates.remove']({ id })
    await seed()
    expect((await templates['templates.list']({})).templates).toEqual([])
  })

  it('can be saved as they are, and are complete when all that is known is the name of the business', async () => {
    await seed()
    await store.set('business', { ...defaultSettings.business, name: 'Bright Kitchens' })
    const personId = await addPerson(store, { name: '', nameRank: 0 })
    for (const template of (await templates['templates.list']({})).templates) {
      await templates['templates.save'](template)
      const filled = await templates['templates.render']({ templateId: template.id, personId })
      expect(filled.missing, template.name).toEqual([])
      expect(filled.body, template.name).toContain('Bright Kitchens')
      expect(filled.body, template.name).not.toMatch(/\{\{|\{%| ,|\n\n\n|Hi\s*$/)
    }
  })

  it('fit one text each where the names are usual ones', async () => {
    await seed()
    await store.set('business', { ...defaultSettings.business, name: 'Bright Kitchens' })
    await store.set('me', await store.addMember('Joe Miller'))
    const personId = await addPerson(store, { name: 'Ana Lopez' })
    for (const { id, channel, name } of (await templates['templates.list']({})).templates) {
      if (channel !== 'sms') continue
      const { body } = await templates['templates.render']({ templateId: id, personId })
      // Two segments of the plain alphabet; one character outside it would double the price.
      expect(body.length, `${name}: ${body}`).toBeLessThanOrEqual(306)
      expect(body, name).toMatch(/^[\x20-\x7e]+$/)
    }
  })
})

describe('a name to greet with', () => {
  it.each([
    ['Ana Lopez', 'Ana', 'Lopez'],
    ['ana', 'Ana', ''],
    ['ANA-MARIA LOPEZ', 'Ana-Maria', 'Lopez'],
    ['LOPEZ, ANA', 'Ana', 'Lopez'],
    ['Mr. Smith', '', 'Smith'],
    ['Dr. Ana Lopez', 'Ana', 'Lopez'],
    ['Jo McDonald', 'Jo', 'McDonald'],
    ['JJ Abrams', 'JJ', 'Abrams'],
    ['ana@lopez.example', '', ''],
    ['+1 415 555 0187', '', ''],
    ['', '', ''],
  ])('%s', (written, first, last) => {
    expect(greetable(written)).toMatchObject({ first, last })
  })
})
