import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { InboxRow } from '../../src/inbox/contract.ts'
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
  page = await preview.open('scenario=sample', async (opened) => {
    await opened.addInitScript(listenIn)
  })
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
/** What the list knows of somebody: the engine announces deadlines of these. */
const rowOf = (personId: number) =>
  page.evaluate(async (personId) => {
    const bridge = (globalThis as unknown as { deskbell: Bridge }).deskbell
    return ((await bridge.call('inbox.row', { personId })) as { value: InboxRow }).value
  }, personId)
const alertOf = ({ leadId, personId, name, tier, preview, owner, clock }: InboxRow) => ({
  ...{ leadId, personId, name, tier, preview, ownerId: owner?.id ?? null },
  ...{ clock: clock?.kind, dueAt: clock?.dueAt, percent: 80, again: false, sound: true, notify: true },
})
const bar = () => page.getByRole('region', { name: 'Deadline' })
const me = 1
/** Somebody else than who is on screen, whose lead is mine or nobody's, or is not. */
async function owed(whose: 'mine' | 'others', count: number): Promise<InboxRow[]> {
  const open = await page.evaluate(() => document.querySelector('[aria-selected=true]')?.id)
  const found: InboxRow[] = []
  for (let personId = 1; personId < 30 && found.length < count; personId++) {
    const row = await rowOf(personId)
    if (!row?.clock || `lead-${personId}` === open) continue
    if ((row.owner === null || row.owner.id === me) === (whose === 'mine')) found.push(row)
  }
  expect(found).toHaveLength(count)
  return found
}

test('a deadline shows at the foot of the list with its time; its button opens and answers, and that is seen', async () => {
  const [row] = (await owed('mine', 1)) as [InboxRow]
  await say('lead.alert', alertOf(row))
  await bar().getByText(row.name).first().waitFor()
  const times = page.locator(`#lead-${row.personId} [data-state]`).or(bar().locator('[data-state]'))
  expect(new Set(await times.allInnerTexts()).size).toBe(1)
  const foot = await bar().boundingBox()
  const list = await page.getByRole('listbox', { name: 'Leads' }).boundingBox()
  expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual(foot?.y ?? 0)
  await bar().getByRole('button', { name: 'Answer' }).click()
  await page.getByRole('heading', { name: row.name }).first().waitFor()
  await bar().waitFor({ state: 'detached' })
  await expect.poll(() => called('contact.seen')).toContainEqual({ personId: row.personId })
})

test('snoozed for 15 minutes from the bar; Ctrl+J answers', async () => {
  const [first, second] = (await owed('mine', 2)) as [InboxRow, InboxRow]
  await say('lead.alert', alertOf(first))
  await bar().getByRole('button', { name: 'Snooze 15 min' }).click()
  await expect.poll(() => called('inbox.snooze')).toMatchObject([{ leadIds: [first.leadId] }])
  await bar().waitFor({ state: 'detached' })
  await say('lead.alert', alertOf(second))
  await bar().waitFor()
  await page.keyboard.press('Control+j')
  await page.getByRole('heading', { name: second.name }).first().waitFor()
})

test('one at a time, with how many more; others’ leads are none of mine', async () => {
  const mine = await owed('mine', 2)
  const [theirs] = (await owed('others', 1)) as [InboxRow]
  await say('lead.alert', { ...alertOf(theirs), tier: 'hot' })
  for (const row of mine) await say('lead.alert', alertOf(row))
  await bar().getByRole('button', { name: 'and 1 more' }).waitFor()
  await expect.poll(() => bar().count()).toBe(1)
  await expect.poll(() => bar().getByText(theirs.name).count()).toBe(0)
  await bar().getByRole('button', { name: 'and 1 more' }).click()
  await page.getByRole('heading', { name: 'Due' }).waitFor()
})

test('a note that calls shows itself, and leads to the very note', async () => {
  const made = { personId: 2, interactionId: 20_006, name: 'Ana Lopez', author: 'Sam', text: '@Dana look', count: 1 }
  await say('mention.made', made)
  await page.getByText('Sam calls you in a note about Ana Lopez').waitFor()
  await page.getByRole('button', { name: 'Open the note' }).click()
  const note = page.locator('#entry-20006')
  await note.getByText('She compares with two other firms').waitFor()
  await expect.poll(() => note.evaluate((it) => it === document.activeElement)).toBe(true)
})

test('Escape puts all of it away; the next step brings one back', async () => {
  const [first, second] = (await owed('mine', 2)) as [InboxRow, InboxRow]
  const leads = [alertOf(first), alertOf(second)]
  const hottest = { leadId: first.leadId, personId: first.personId, name: first.name }
  await say('lead.digest', { count: 5, late: 3, since: 0, hottest, leads, again: false, sound: false, notify: true })
  await bar().waitFor()
  await page.keyboard.press('Escape')
  await bar().waitFor({ state: 'detached' })
  await say('lead.alert', { ...alertOf(second), notify: false })
  await expect.poll(() => bar().count()).toBe(0)
  await say('lead.alert', { ...alertOf(second), percent: 100 })
  await bar().getByText(second.name).first().waitFor()
})
