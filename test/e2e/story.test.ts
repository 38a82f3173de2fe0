import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../fakes/eventually.ts'
import { type BusinessWorld, connectBusiness, owner, ownMobile, startBusinessWorld } from './business-world.ts'
import { type Deskbell, launchDeskbell, newHome, removeHome } from './harness.ts'

const ana = { mail: 'ana@lopezhome.example', phone: '+14155550187' }
const gus = { mail: 'gus@chenmoves.example', phone: '+14155550142' }
const priya = { mail: 'priya@patel.example' }

/** The whole first light, as a person lives it: people arrive on every channel, are answered, and nothing is lost. */
describe('a morning at the desk', () => {
  let world: BusinessWorld
  let desk: Deskbell
  let formUrl = ''
  const home = newHome()
  const page = (): Page => desk.page
  const row = (name: string): Locator => page().getByRole('option', { name: new RegExp(`^${name}`) })
  const button = (name: string) => page().getByRole('button', { name, exact: true })
  const message = () => page().getByRole('textbox', { name: 'Message' })
  const timeline = () => page().getByRole('region', { name: /^Conversation with/ })
  const open = async (name: string) => {
    await row(name).click()
    await page()
      .getByRole('region', { name: `Conversation with ${name}` })
      .waitFor()
  }

  beforeAll(async () => {
    world = await startBusinessWorld()
    desk = await launchDeskbell({ home, env: world.env })
  })
  afterAll(async () => {
    await desk?.kill()
    await world?.close()
    removeHome(home)
  })

  test('a first start offers the sample and the own business', async () => {
    await page().getByText('Try it with sample data').waitFor()
    await page().getByText('Set up my business').first().waitFor()
    formUrl = await connectBusiness(desk, world)
    await page().getByText('Inbox').first().waitFor()
  })

  test('people of every channel become one row each, with a score, an owner and a deadline', async () => {
    // Ana shares her address between mail and form, and her number between form, call and text.
    await world.mail({
      from: `Ana Lopez <${ana.mail}>`,
      subject: 'Kitchen remodel',
      text: 'Hello, could you send me a quote for our kitchen?',
      messageId: 'ana-1@lopezhome.example',
    })
    await row('Ana Lopez').waitFor()
    await postForm({
      name: 'Ana Lopez',
      email: ana.mail,
      phone: '(415) 555-0187',
      budget: '$18,000',
      postcode: '94110',
    })
    world.twilio.calls.missed({ from: ana.phone })
    world.twilio.texts.receive({ from: ana.phone, body: 'I just called you. Are you there today?' })
    // Gus is only a number at first; the form gives it a name and an address.
    world.twilio.texts.receive({ from: gus.phone, body: 'do you also repair worktops? how much would that be' })
    await world.mail({
      from: `Priya Patel <${priya.mail}>`,
      subject: 'Two-bedroom move',
      text: 'What would it cost to move our kitchen, and when are you available?',
      messageId: 'priya-1@patel.example',
    })
    await page()
      .getByRole('option', { name: /^\(415\) 555-0142/ })
      .waitFor()
    await postForm({ name: 'Gus Chen', email: gus.mail, phone: gus.phone, message: 'Worktop with a burn mark' })

    await row('Gus Chen').waitFor()
    await row('Priya Patel').waitFor()
    await open('Ana Lopez')
    await timeline().getByText('I just called you').waitFor()
    await timeline()
      .getByRole('article', { name: /^Missed call/ })
      .waitFor()
    await timeline().getByText('could you send me a quote').waitFor()
    await timeline().getByText('$18,000').waitFor()

    await expect.poll(() => page().getByRole('option').count()).toBe(3)
    for (const name of ['Ana Lopez', 'Gus Chen', 'Priya Patel']) {
      const label = (await row(name).getAttribute('aria-label')) ?? ''
      expect(label).toMatch(/(minutes?|seconds?|hours?)( \d+ \w+)? left/)
      // A handful of leads a week: three buckets, no numbers.
      expect(label).toMatch(/(Hot|Warm|Nurture)\. /)
      await expect.poll(() => row(name).getByTitle('Owner: Dana Whitfield').count()).toBe(1)
    }
    // The budget, the form, the call: Ana is hot and first.
    await expect.poll(() => page().getByRole('option').first().getAttribute('aria-label')).toContain('Ana Lopez')
    await desk.picture('story-arrived')
  })

  test('a mail is answered in its thread, and its clock stops', async () => {
    await open('Priya Patel')
    await page().getByRole('tab', { name: 'E-mail' }).click()
    await message().fill('Hello Priya, Thursday at ten suits us. Dana')
    await button('Send')
      .or(page().getByRole('button', { name: /^Send/ }))
      .first()
      .click()
    await page().getByRole('button', { name: /^Undo/ }).waitFor()
    const sent = await eventually('the mail arrives', () => world.smtp.accepted[0])
    expect(sent.to).toEqual([priya.mail])
    expect(sent.raw).toMatch(/^In-Reply-To: <priya-1@patel\.example>/im)
    expect(sent.raw).toMatch(/^Subject: Re: Two-bedroom move/im)
    await waitsFor(/^Priya Patel\. Waiting for Priya Patel/)
    const copies = await eventually('the copy in Sent', async () => {
      const ids = await world.dovecot.messageIds(owner, 'Sent')
      return ids.length > 0 && ids
    })
    expect(copies).toEqual([`<${sent.messageId}>`])
  })

  test('a text can be taken back, and a template is sent', async () => {
    await open('Gus Chen')
    await page().getByRole('tab', { name: 'Text' }).click()
    await message().fill('Too early')
    // Longer than the slowest machine takes to get to the button.
    await ask('settings.savePreferences', { undoSeconds: 30 })
    await page().keyboard.press('Control+Enter')
    await page().getByRole('button', { name: /^Undo/ }).first().click()
    await eventually('the words come back', async () => (await message().inputValue()) === 'Too early')
    await ask('settings.savePreferences', { undoSeconds: 5 })

    await message().fill('')
    await button('Templates').click()
    await page()
      .getByRole('button', { name: /Can I call you now/ })
      .click()
    await eventually('the template is filled in', async () => (await message().inputValue()).startsWith('Hi Gus, Dana'))
    await page().keyboard.press('Control+Enter')
    const [text] = await eventually('the text arrives', () => {
      const texts = world.twilio.texts.sentTo(gus.phone)
      return texts.length > 0 && texts
    })
    expect(text?.body).toContain('Brightwater Kitchens')
    await waitsFor(/^Gus Chen\. Waiting for Gus Chen/)
    expect(world.twilio.texts.sentTo(gus.phone)).toHaveLength(1)
  })

  test('a call is dialled from the desk, answered, and logged with one key', async () => {
    await open('Ana Lopez')
    await page().keyboard.press('Escape')
    await page().keyboard.press('d')
    const bar = page().getByRole('region', { name: 'Call' })
    await bar.waitFor()
    const own = await eventually('the own phone rings', () =>
      world.twilio.calls.all().find((it) => it.to === ownMobile && it.direction === 'outbound-api'),
    )
    const [lead = ''] = world.twilio.calls.answers(own.sid)
    expect(world.twilio.calls.get(lead).to).toBe(ana.phone)
    world.twilio.calls.answers(lead)
    world.twilio.calls.hangsUp(own.sid, 5)
    await bar.getByRole('button', { name: /Connected/ }).waitFor()
    await page().keyboard.press('1')
    await bar.waitFor({ state: 'detached' })
    await timeline().getByRole('article', { name: /call/i }).getByText('Connected').waitFor()
    await desk.picture('story-answered')
    await waitsFor(/^Ana Lopez\. (Waiting for|Nothing is owed to) Ana Lopez/)
  })

  test('after a crash everything is there, and nothing twice', async () => {
    const before = await shown()
    await desk.kill()
    desk = await launchDeskbell({ home, env: world.env })
    // Everybody was answered: nobody is left in the inbox.
    await page().getByText('All answered').waitFor()
    await page()
      .getByRole('button', { name: /^People/ })
      .click()
    await row('Ana Lopez').waitFor()
    // A whole look at every provider, so that what would be taken in twice is.
    await world.mail({
      from: 'Late Arrival <late@arrival.example>',
      subject: 'After the crash',
      text: 'Are you still taking jobs?',
      messageId: 'late-1@arrival.example',
    })
    world.twilio.texts.receive({ from: '+14155550111', body: 'And me?' })
    await row('Late Arrival').waitFor()
    await page()
      .getByRole('option', { name: /^\(415\) 555-0111/ })
      .waitFor()
    await expect.poll(() => page().getByRole('option').count()).toBe(5)
    expect(await shown()).toEqual(before)
    expect(world.smtp.accepted).toHaveLength(1)
    expect(world.twilio.texts.sentTo(gus.phone)).toHaveLength(1)
    expect(world.twilio.calls.all().filter((it) => it.direction === 'outbound-api')).toHaveLength(1)
  })

  /** Whoever was answered leaves the inbox and stands under Waiting. */
  async function waitsFor(name: RegExp): Promise<void> {
    const which = page().getByRole('radiogroup', { name: 'Which leads' })
    await which.getByText('Waiting').click()
    await page().getByRole('option', { name }).waitFor()
    await which.getByText('Open').click()
    await page().getByRole('option', { name }).waitFor({ state: 'detached' })
  }

  /** What each timeline holds, as the engine tells it: kinds and texts in order. */
  async function shown(): Promise<Record<string, string[]>> {
    const seen: Record<string, string[]> = {}
    for (const name of ['Ana Lopez', 'Gus Chen', 'Priya Patel']) {
      const found = await ask<{ people: { personId: number; name: string }[] }>('people.find', { text: name, limit: 5 })
      expect(found.people.map((it) => it.name)).toEqual([name])
      const personId = found.people[0]?.personId
      const { entries } = await ask<{ entries: { kind: string; text: string; at: number }[] }>('people.timeline', {
        personId,
        before: null,
        limit: 200,
      })
      seen[name] = entries.filter((it) => it.kind !== 'event').map((it) => `${it.kind} ${it.text}`)
    }
    return seen
  }

  async function ask<T>(method: string, input: unknown): Promise<T> {
    const result = await desk.call(method, input)
    if (!result.ok) throw new Error(result.error.message)
    return result.value as T
  }

  async function postForm(fields: Record<string, string>) {
    const answer = await fetch(formUrl, { method: 'POST', body: new URLSearchParams(fields) })
    expect(answer.status).toBe(200)
  }
})
