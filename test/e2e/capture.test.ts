import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailPassword } from '../fakes/dovecot.ts'
import { eventually } from '../fakes/eventually.ts'
import { inviteOf, type RelayProcess, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { type BusinessWorld, owner, startBusinessWorld } from './business-world.ts'
import { type Deskbell, launchDeskbell, newHome, removeHome } from './harness.ts'

const leadsFolder = 'Leads'

/** Enough that its progress is seen. */
const guests = 2000
const list = [
  'Name;E-mail;Phone;Company',
  ...Array.from({ length: guests }, (_, n) => `Guest ${n};guest${n}@fair.example;;Fair & Co`),
  'Guest 3 again;guest3@fair.example;;',
  'Nobody;;;',
  'Typo;ana at fair;;',
].join('\r\n')
const cards = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Karl Card\r\nEMAIL:karl@cards.example\r\nEND:VCARD\r\n'

/** How far the import is said to be, from now on: it passes by, and may have passed before we look. */
function watchProgress(): string[] {
  const seen: string[] = []
  new MutationObserver(() => {
    const said = /[\d,]+ of 2,003 rows/.exec(document.body.textContent)?.[0]
    if (said) seen.push(said)
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
  return seen
}

/** Every way in which people come to a business, done by hand in the window: a list, the counter, mail, a website. */
describe('people come in', () => {
  let world: BusinessWorld
  let relay: RelayProcess
  let desk: Deskbell
  const home = newHome()
  const relayFolder = newHome()
  const page = (): Page => desk.page
  const button = (name: string | RegExp) => page().getByRole('button', { name, exact: true })
  const field = (name: string) => page().getByRole('textbox', { name, exact: true })
  const row = (name: string): Locator => page().getByRole('option', { name: new RegExp(`^${name}`) })
  const dialog = (name: string) => page().getByRole('dialog', { name })
  const conversation = (name: string) => page().getByRole('region', { name: `Conversation with ${name}` })
  const choose = (name: string, text: string | Buffer, mimeType: string) =>
    page()
      .locator('input[type=file]')
      .last()
      .setInputFiles({ name, mimeType, buffer: Buffer.from(text) })
  /** As a person finds an action: by its name. */
  const palette = async (words: string, action: string) => {
    await page().keyboard.press('Control+k')
    await page().getByRole('textbox', { name: 'Command palette' }).fill(words)
    await page().getByRole('option', { name: action }).first().waitFor()
    await page().keyboard.press('Enter')
  }
  const toInbox = () =>
    page()
      .getByRole('button', { name: /^Inbox/ })
      .click()

  async function ask<T>(method: string, input: unknown): Promise<T> {
    const result = await desk.call(method, input)
    if (!result.ok) throw new Error(`${method}: ${result.error.message}`)
    return result.value as T
  }
  const found = async (text: string) =>
    (await ask<{ people: { name: string }[] }>('people.find', { text, limit: 50 })).people.map((it) => it.name)

  beforeAll(async () => {
    world = await startBusinessWorld()
    relay = await startRelayProcess({ RELAY_DATA: relayFolder })
    desk = await launchDeskbell({ home, env: world.env })
    const hours = [{ weekday: 1, from: 540, to: 1020 }]
    const place = { zone: 'America/Los_Angeles', country: 'US', hours, alwaysOpen: true, localPostcodes: [] }
    await ask('settings.saveBusiness', { name: 'Brightwater Kitchens', ...place })
    const { id: me } = await ask<{ id: number }>('team.save', {
      id: null,
      name: 'Dana Whitfield',
      email: null,
      mobile: null,
      onDuty: true,
    })
    await ask('settings.savePreferences', { me, undoSeconds: 5, setUp: true })
    await page().getByRole('heading', { name: 'Inbox' }).waitFor()
  })
  afterAll(async () => {
    await desk?.kill()
    await relay?.kill()
    await world?.close()
    removeHome(home)
    removeHome(relayFolder)
  })

  test('a list: looked at first, read in, and taken back; what was left unread waits or goes', async () => {
    await palette('import contacts', 'Import contacts')
    // Opened and left: it is there to go on with, and shows its cards again.
    await choose('cards.vcf', cards, 'text/vcard')
    await page().getByRole('cell', { name: 'karl@cards.example' }).waitFor()
    await button('Other file').click()
    await button('Continue cards.vcf').click()
    await page().getByRole('cell', { name: 'karl@cards.example' }).waitFor()
    await button('Other file').click()
    await button('Remove cards.vcf').click()
    await button('Continue cards.vcf').waitFor({ state: 'detached' })

    await choose('fair.csv', list, 'text/csv')
    await page().getByRole('cell', { name: 'guest0@fair.example' }).waitFor()
    await button('Check the list').click()
    await page().getByText('Where do they come from? Every lead says so').waitFor()
    await page().keyboard.type('Kitchen fair 2026')
    await page().keyboard.press('Enter')
    await page().getByText('This is what would happen. Nothing is imported yet.').waitFor()
    expect(await found('guest')).toEqual([])
    await page().getByRole('button', { name: '2,000 New' }).waitFor()
    await page().getByRole('button', { name: '2 Left out' }).click()
    await page().getByText('“ana at fair” is no e-mail address.').waitFor()
    await page().getByText('No e-mail address and no phone number').waitFor()
    await expect.poll(() => page().getByRole('row').count()).toBe(3)
    await desk.picture('capture-checked')
    const progress = await page().evaluateHandle(watchProgress)
    await button('Import 2,000 rows').click()
    await page()
      .getByRole('status')
      .getByText(/^2,000 new/)
      .waitFor()
    expect(await progress.jsonValue()).toContainEqual(expect.stringMatching(/^[\d,]+ of 2,003 rows$/))
    expect(await found('guest')).toHaveLength(50)

    await button('Undo import of fair.csv').click()
    await dialog('Undo this import?').getByRole('button', { name: 'Undo import' }).click()
    await page().getByText('Everything is as it was before.').first().waitFor()
    expect(await found('guest')).toEqual([])
  })

  test('a touch: not without a source, with a screenshot', async () => {
    await toInbox()
    await page().keyboard.press('Control+l')
    const touch = dialog('Add a lead by hand')
    await touch.getByRole('textbox', { name: 'Who was it?' }).fill('Ana Lopez')
    await touch.getByRole('button', { name: 'Somebody new: Ana Lopez' }).click()
    await touch.getByRole('textbox', { name: 'Phone' }).fill('(415) 555-0187')
    await touch.getByRole('combobox', { name: 'How did they come?' }).selectOption('other')
    await touch.getByRole('textbox', { name: 'What do they want?' }).fill('Saw our oak kitchen, wants a quote')
    await choose('screen.png', Buffer.from('89504e470d0a1a0a', 'hex'), 'image/png')
    await touch.getByRole('list', { name: 'Files of this touch' }).getByText('screen.png').waitFor()
    await touch.getByRole('button', { name: 'Add it' }).click()
    await touch.getByText('Where did they come from?').waitFor()
    expect(await found('Ana')).toEqual([])
    await page().keyboard.type('Neighbourhood app')
    await desk.picture('capture-touch')
    await page().keyboard.press('Enter')
    const entry = conversation('Ana Lopez').getByRole('article', { name: 'Other: Ana Lopez' })
    await entry.getByText('Neighbourhood app').waitFor()
    await entry.getByText('Saw our oak kitchen, wants a quote', { exact: true }).waitFor()
    await entry.getByRole('list', { name: 'Attachments' }).getByText('screen.png').waitFor()
    await row('Ana Lopez').waitFor()
  })

  test('a mailbox of which only one folder is for leads', async () => {
    const { dovecot, smtp } = world
    const mail = (from: string, subject: string, id: string) =>
      [`From: ${from}`, `To: ${owner}`, `Subject: ${subject}`, `Message-ID: <${id}>`]
        .concat([`Date: ${new Date().toUTCString()}`, '', 'Could you come and measure?'])
        .join('\r\n')
    await dovecot.append(owner, mail('Aunt Mary <mary@family.example>', 'Sunday', 'mary-1@family.example'))
    dovecot.deliverMany(owner, [mail('Kim Ito <kim@ito.example>', 'Worktop', 'kim-1@ito.example')], leadsFolder)

    await page().keyboard.press('Control+,')
    await page().getByRole('tab', { name: 'Channels' }).or(button('Channels')).first().click()
    await button('Connect a channel').click()
    await page().getByRole('menuitem', { name: 'Mailbox' }).click()
    await field('E-mail address').fill(owner)
    await page().keyboard.press('Enter')
    await field('Password').fill(mailPassword)
    await page()
      .getByRole('button', { name: /^Servers: / })
      .click()
    const receiving = page().getByRole('group', { name: 'Receiving (IMAP)' })
    const sending = page().getByRole('group', { name: 'Sending (SMTP)' })
    await receiving.getByLabel('Server').fill(dovecot.host)
    await receiving.getByLabel('Port').fill(String(dovecot.tlsPort))
    await sending.getByLabel('Server').fill(smtp.host)
    await sending.getByLabel('Security').first().click()
    await page().getByRole('option', { name: 'STARTTLS', exact: true }).click()
    await sending.getByLabel('Port').fill(String(smtp.port))
    await page().getByRole('radio', { name: 'Only some folders' }).check()
    await button('Test and connect').click()
    await page().getByText('Choose a folder, or take in everything.').waitFor()
    await button('Show my folders').click()
    await page()
      .getByRole('checkbox', { name: new RegExp(`^${leadsFolder}`) })
      .check()
    await button('Test and connect').click()
    await page().getByText('Connected. New mail comes in by itself now.').waitFor()
    await page().keyboard.press('Escape')

    await toInbox()
    // What was in the folder before makes nobody a lead, but they are known.
    await eventually('old mail of the folder', async () => (await found('kim@ito.example')).length === 1)
    await dovecot.append(owner, mail('Uncle Bob <bob@family.example>', 'Fishing', 'bob-1@family.example'))
    await dovecot.append(owner, mail('Ana Lopez <ana@lopezhome.example>', 'Kitchen', 'ana-1@lopezhome.example'), {
      folder: leadsFolder,
    })
    await dovecot.append(owner, mail('Gus Chen <gus@chen.example>', 'Worktop', 'gus-1@chen.example'), {
      folder: leadsFolder,
    })
    await row('Gus Chen').waitFor()
    await eventually('both entries of Ana', async () => (await row('Ana Lopez').count()) === 2)
    // Mail of the folder that is not chosen came before hers, and is nowhere.
    expect(await found('family.example')).toEqual([])
    await expect.poll(() => page().getByRole('option').count()).toBe(3)
  })

  test('two entries of one person become one, at once two again, and one from the list of all', async () => {
    await row('Ana Lopez').first().click()
    const banner = page().getByRole('status', { name: 'Maybe the same person' })
    await banner.getByText('one has only an address, the other only a number').waitFor()
    await desk.picture('capture-banner')
    await banner.getByRole('button', { name: 'Merge with Ana Lopez…' }).click()
    const merge = dialog('Merge two people')
    await merge.getByText('ana@lopezhome.example').waitFor()
    await merge.getByText('(415) 555-0187').waitFor()
    await merge.getByText('They become one lead').waitFor()
    await desk.picture('capture-merge')
    await merge.getByRole('button', { name: 'Merge', exact: true }).click()
    await merge.waitFor({ state: 'detached' })
    await eventually('one entry of Ana', async () => (await row('Ana Lopez').count()) === 1)
    await conversation('Ana Lopez').getByText('Saw our oak kitchen, wants a quote', { exact: true }).waitFor()
    await conversation('Ana Lopez').getByText('Could you come and measure?').waitFor()
    await page().keyboard.press('z')
    await eventually('two entries of Ana', async () => (await row('Ana Lopez').count()) === 2)
    await banner.waitFor()

    await palette('find duplicates', 'Find duplicates')
    const pair = page().getByRole('listitem', { name: 'Ana Lopez and Ana Lopez' })
    await pair.waitFor()
    await desk.picture('capture-duplicates')
    await page().keyboard.press('j')
    await page().keyboard.press('Enter')
    await merge.getByText('They become one lead').waitFor()
    await page().keyboard.press('Enter')
    await page().getByText('Nobody is there twice').waitFor()
    await page().keyboard.press('Escape')
    await eventually('one entry of Ana', async () => (await row('Ana Lopez').count()) === 1)
    await row('Ana Lopez').click()
    await button('Take apart: Ana Lopez').click()
    await dialog('Take these two apart?').getByRole('button', { name: 'Take apart' }).click()
    await eventually('two entries of Ana', async () => (await row('Ana Lopez').count()) === 2)
    await button('Take apart: Ana Lopez').waitFor({ state: 'detached' })
    await expect.poll(() => banner.count()).toBe(0)
    expect(await ask('people.allDuplicates', { limit: 10 })).toEqual({ pairs: [], more: false })
  })

  test('a form of the website, by a relay that answers while this computer sleeps', async () => {
    await page().keyboard.press('Control+,')
    await page().getByRole('tab', { name: 'Channels' }).or(button('Channels')).first().click()
    await button('Connect a channel').click()
    await page().getByRole('menuitem', { name: 'Web form' }).click()
    await field('Name of the form').fill('Kitchen quotes')
    await field('Where these leads come from').fill('Website')
    await button('Make the form').click()
    await page().getByText('This address works on this computer').waitFor()
    await page().keyboard.press('Escape')

    await button('Connect a channel').click()
    await page()
      .getByRole('menuitem', { name: /^Relay/ })
      .click()
    await field('Address of the relay').fill(relay.url)
    await field('Invite code').fill('not-an-invite')
    await button('Connect').click()
    await page().getByText('The relay does not know this invite code.').waitFor()
    await field('Invite code').fill(inviteOf({ RELAY_DATA: relayFolder }))
    await button('Connect').click()
    await button('Make a public address').click()
    await page().getByRole('menuitem', { name: 'Form: Kitchen quotes' }).click()
    const url = await field('Form: Kitchen quotes').inputValue()
    expect(url.startsWith(relay.url)).toBe(true)
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ name: 'Priya Patel', email: 'priya@patel.example', message: 'A quote, please' }),
    })
    expect(answer.status).toBe(200)
    // The first Escape may still be for the menu that just closed.
    await eventually('the dialog is closed', async () => {
      if ((await dialog('Relay').count()) === 0) return true
      await page().keyboard.press('Escape')
      return false
    })
    await toInbox()
    await row('Priya Patel').click()
    await conversation('Priya Patel').getByText('A quote, please', { exact: true }).waitFor()
  })

  test('the form tests itself, through the relay and all, and leaves nobody behind', async () => {
    const before = await page().getByRole('option').count()
    await button('Health').click()
    const card = page().getByRole('article', { name: 'Web form Kitchen quotes' })
    await card.getByRole('button', { name: /^Test it/ }).click()
    await card.getByText(/^tested /).waitFor()
    await expect.poll(() => card.getByRole('img', { name: 'Failed' }).count()).toBe(0)
    await expect.poll(() => card.getByRole('img', { name: 'Good' }).count()).toBeGreaterThanOrEqual(2)
    await desk.picture('capture-self-test')
    await toInbox()
    await row('Priya Patel').waitFor()
    await expect.poll(() => page().getByRole('option').count()).toBe(before)
  })
})
