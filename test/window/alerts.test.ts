import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** Deadlines that are announced while somebody works, in a real browser on the made-up engine of the preview. */
let preview: Preview
let page: Page

type Tapped = { readonly events: Set<(event: object) => void>; readonly calls: [string, unknown][] }
type Bridge = {
  readonly call: (method: string, input: unknown) => unknown
  readonly onEvent: (listener: (event: object) => void) => () => void
}

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=sample', (opened) => opened.addInitScript(listenIn))
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

/** Between the window and its engine: hears every call, and speaks for the engine. */
function listenIn(): void {
  let bridge: Bridge
  const tapped: Tapped = { events: new Set(), calls: [] }
  Object.assign(globalThis, { tapped })
  Object.defineProperty(globalThis, 'deskbell', {
    get: () => bridge,
    set: (real: Bridge) => {
      bridge = {
        ...real,
        call: (method, input) => {
          tapped.calls.push([method, input])
          return real.call(method, input)
        },
        onEvent: (listener) => {
          tapped.events.add(listener)
          return real.onEvent(listener)
        },
      }
    },
  })
}

const say = (name: string, payload: object) =>
  page.evaluate(
    ([name, payload]) => {
      for (const listener of (globalThis as unknown as { tapped: Tapped }).tapped.events)
        listener({ kind: 'event', name, payload })
    },
    [name, payload] as const,
  )
const called = (method: string) =>
  page.evaluate(
    (method) =>
      (globalThis as unknown as { tapped: Tapped }).tapped.calls.flatMap(([name, input]) =>
        name === method ? [input] : [],
      ),
    method,
  )
const alert = {
  leadId: 2,
  personId: 2,
  name: 'Ana Lopez',
  clock: 'first_contact',
  percent: 80,
  dueAt: Date.now() + 60_000,
  ownerId: 1,
  tier: 'hot',
  preview: 'Could you send me a quote?',
  again: false,
  sound: true,
  notify: true,
}

test('a deadline shows while the window has the focus; its button opens and answers, and that is seen', async () => {
  await say('lead.alert', alert)
  await page.getByText('Could you send me a quote?').waitFor()
  await page.getByRole('button', { name: 'Answer', exact: true }).click()
  await page.getByRole('heading', { name: 'Ana Lopez' }).first().waitFor()
  await page.getByText('Could you send me a quote?').waitFor({ state: 'detached' })
  await expect.poll(() => called('contact.seen')).toContainEqual({ personId: 2 })
})

test('snoozed for 15 minutes from the message', async () => {
  await say('lead.alert', alert)
  await page.getByRole('button', { name: 'Snooze 15 min' }).click()
  await expect.poll(() => called('inbox.snooze')).toMatchObject([{ leadIds: [2] }])
})

test('one that says nothing shows nothing; many show as one', async () => {
  await say('lead.alert', { ...alert, notify: false })
  const hottest = { leadId: 2, personId: 2, name: 'Ana Lopez' }
  await say('lead.digest', { count: 5, late: 3, since: 0, hottest, again: false, sound: false, notify: true })
  await page.getByText('5 leads wait').waitFor()
  expect(await page.getByText('Could you send me a quote?').count()).toBe(0)
  await page.getByRole('button', { name: 'Show them' }).click()
  await page.getByRole('heading', { name: 'Due' }).waitFor()
})

test('a note that calls shows itself, and leads to the very note', async () => {
  const made = { personId: 2, interactionId: 20_006, name: 'Ana Lopez', author: 'Sam', text: '@Dana look', count: 1 }
  await say('mention.made', made)
  await page.getByText('Sam calls you in a note about Ana Lopez').waitFor()
  await page.getByRole('button', { name: 'Open the note' }).click()
  const note = page.locator('#entry-20006')
  await note.getByText('She compares with two other firms').waitFor()
  await expect.poll(() => note.evaluate((it) => it === document.activeElement), { timeout: 10_000 }).toBe(true)
})
