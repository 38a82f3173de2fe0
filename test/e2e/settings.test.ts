import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailPassword } from '../fakes/dovecot.ts'
import { freePort } from '../fakes/faulty-link.ts'
import { type BusinessWorld, owner, ownMobile, startBusinessWorld } from './business-world.ts'
import { type Deskbell, launchDeskbell, newHome, removeHome } from './harness.ts'

/** The first ten minutes by hand, with every mistake that people make: each is named, and none costs a lead. */
describe('connecting a business by hand', () => {
  let world: BusinessWorld
  let desk: Deskbell
  const home = newHome()
  const page = (): Page => desk.page
  const button = (name: string) => page().getByRole('button', { name, exact: true })
  const field = (name: string) => page().getByRole('textbox', { name, exact: true })
  const step = (title: string) => page().getByRole('heading', { name: title, level: 1 }).waitFor()
  const row = (name: string): Locator => page().getByRole('option', { name: new RegExp(`^${name}`) })
  const card = (label: string) => page().getByRole('article', { name: label })
  /** A line of the live test, with the sentence behind it. */
  const tried = (name: string, outcome: 'works.' | 'does not work.', sentence: string | RegExp) =>
    page()
      .getByRole('listitem')
      .filter({ hasText: `${name}: ${outcome}` })
      .filter({ hasText: sentence })
      .waitFor()

  beforeAll(async () => {
    world = await startBusinessWorld()
    desk = await launchDeskbell({ home, env: world.env })
  })
  afterAll(async () => {
    await desk?.kill()
    await world?.close()
    removeHome(home)
  })

  test('the business and the person who sits here', async () => {
    await page()
      .getByRole('button', { name: /^Set up my business/ })
      .click()
    await step('Your business')
    await button('Save and continue').click()
    await page().getByText('What is your business called?').waitFor()
    await field('Name of the business').fill('Brightwater Kitchens')
    await button('Save and continue').click()
    await step('You')
    await field('Your name').fill('Dana Whitfield')
    await field('Your mobile').fill('(415) 555-9900')
    await button('Save and continue').click()
    await step('Your mailbox')
  })

  test('a mail server that cannot be reached and a wrong password are told apart', async () => {
    const { dovecot, smtp } = world
    const closed = await freePort()
    await field('E-mail address').fill(owner)
    await button('Find my mailbox').click()
    await field('Password').fill(mailPassword)
    await page()
      .getByRole('button', { name: /^Servers: / })
      .click()
    const receiving = page().getByRole('group', { name: 'Receiving (IMAP)' })
    const sending = page().getByRole('group', { name: 'Sending (SMTP)' })
    await receiving.getByLabel('Server').fill(dovecot.host)
    await receiving.getByLabel('Port').fill(String(closed))
    await sending.getByLabel('Server').fill(smtp.host)
    await sending.getByLabel('Security').first().click()
    await page().getByRole('option', { name: 'STARTTLS', exact: true }).click()
    await sending.getByLabel('Port').fill(String(smtp.port))
    await button('Test and connect').click()
    await tried('Receiving mail', 'does not work.', `cannot be reached (${dovecot.host}, port ${closed})`)
    await tried('Sending mail', 'works.', 'Nothing was sent.')

    await receiving.getByLabel('Port').fill(String(dovecot.tlsPort))
    await field('Password').fill('hunter2')
    await button('Test and connect').click()
    await tried('Receiving mail', 'does not work.', 'The mail server refused the user name or password.')
    await tried('Sending mail', 'does not work.', 'refused the user name or password.')
    await page().getByText('Not connected yet').waitFor()
    await desk.picture('settings-wrong-password')
    await button('Save anyway and keep trying').click()
    await button('Continue').click()
    await step('Your phone number')
  })

  test('a wrong token and a number of somebody else are told apart', async () => {
    const { twilio } = world
    await field('Account SID').fill(twilio.accountSid)
    await field('Auth token').fill(twilio.authToken)
    await field('Your Twilio number').fill('+1 415 555 0199')
    await button('Another address for Twilio').click()
    await field('Address of the service').fill(twilio.url)
    await button('Test and connect').click()
    await tried('Sign in', 'works.', 'Signed in to')
    await tried('Number', 'does not work.', `+14155550199 is not a number of this account. It has ${twilio.number}.`)

    await field('Your Twilio number').fill(twilio.number)
    await field('Auth token').fill('0123456789abcdef0123456789abcdef')
    await button('Test and connect').click()
    await tried('Sign in', 'does not work.', 'Twilio did not accept the Account SID and auth token.')
    await desk.picture('settings-wrong-token')
    await button('Save anyway and keep trying').click()
    await button('Continue').click()
    await step('Your web form')
  })

  test('a web form is made, and a test lead comes through it', async () => {
    await field('Name of the form').fill('Kitchen quotes')
    await field('Where these leads come from').fill('Website')
    await button('Make the form').click()
    await page().getByText('This address works on this computer').waitFor()
    await button('Send a test lead').click()
    await tried('Post the form', 'works.', 'The address took the form.')
    await tried('In the inbox', 'works.', 'The test lead is in your inbox.')
    await page().getByText('A test lead came through.').waitFor()
    // As the website's own server would.
    const url = await field('Address of the form').inputValue()
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ name: 'Ana Lopez', email: 'ana@lopezhome.example', message: 'A quote, please' }),
    })
    expect(answer.status).toBe(200)
    await button('Continue').click()
    await step('How fast you answer')
    await button('These are fine').click()
    await step('Ready')
    await page().getByText('What is marked here does not connect yet').waitFor()
    await page().getByText(`${owner}: does not connect yet`).waitFor()
    await page().getByText(`${world.twilio.number}: does not connect yet`).waitFor()
    await desk.picture('settings-ready')
    await button('Open my inbox').click()
    await row('Test lead').waitFor()
    await row('Ana Lopez').waitFor()
  })

  test('the health page says what needs the owner, and what arrives meanwhile waits', async () => {
    const { twilio } = world
    await world.mail({
      from: 'Priya Patel <priya@patel.example>',
      subject: 'While the password was wrong',
      text: 'Could you come and measure our kitchen?',
      messageId: 'priya-1@patel.example',
    })
    twilio.texts.receive({ from: '+14155550142', body: 'Do you also repair worktops?' })
    await page()
      .getByRole('button', { name: /^Health: 2 channels need you/ })
      .click()
    await page().getByText('2 channels need you: new leads may be missing.').waitFor()
    const mailbox = card(`Mailbox ${owner}`)
    await mailbox.getByText('Needs you', { exact: true }).waitFor()
    await mailbox.getByText('refused the user name or password').waitFor()
    const phone = card(`Calls and texts ${twilio.number}`)
    await phone.getByText('Needs you', { exact: true }).waitFor()
    await phone.getByText('did not accept the Account SID and auth token').waitFor()
    await desk.picture('settings-needs-you')
    await card('Web form Kitchen quotes').getByText('Working', { exact: true }).waitFor()
  })

  test('with the right password and token both work, and nothing was lost', async () => {
    const { twilio } = world
    await button('Enter the password again').click()
    await card(owner).getByRole('button', { name: 'Edit' }).click()
    await field('Password').fill(mailPassword)
    await button('Test and save').click()
    await page().getByText('Connected. New mail comes in by itself now.').waitFor()
    await page().keyboard.press('Escape')
    await card(owner).getByText('Working', { exact: true }).waitFor()

    await card(twilio.number).getByRole('button', { name: 'Edit' }).click()
    await field('Auth token').fill(twilio.authToken)
    await button('Test and save').click()
    await page().getByText('Connected. Calls and texts come in by themselves now.').waitFor()
    await page().keyboard.press('Escape')
    await card(twilio.number).getByText('Working', { exact: true }).waitFor()
    await desk.picture('settings-connected')

    await button('Health').click()
    await page().getByText('Every channel works.').waitFor()
    await page()
      .getByRole('button', { name: /^Inbox/ })
      .click()
    await row('Priya Patel').waitFor()
    await page()
      .getByRole('option', { name: /^\(415\) 555-0142/ })
      .waitFor()
    await row('Ana Lopez').waitFor()
    for (const name of ['Priya Patel', 'Ana Lopez'])
      await expect.poll(() => row(name).getByTitle('Owner: Dana Whitfield').count()).toBe(1)
  })

  test('what was typed is what is kept, but for the secrets', async () => {
    const kept = await desk.call('channels.list', {})
    const text = JSON.stringify(kept)
    expect(text).toContain(owner)
    expect(text).not.toContain(world.twilio.authToken)
    expect(await desk.call('team.list', {})).toMatchObject({
      ok: true,
      value: { members: [{ name: 'Dana Whitfield', mobile: ownMobile }] },
    })
  })
})
