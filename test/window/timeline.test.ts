import type { Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** A thread of 410 entries, in a real browser. Counts what is put into the page: on a busy machine times say nothing. */
let preview: Preview
let page: Page
let box: Locator

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=ugly')
  await page
    .getByText(/^Wolfeschlegel/)
    .first()
    .click()
  box = page.getByRole('region', { name: /^Timeline of/ })
  await entries().first().waitFor()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const entries = () => page.locator('li[id^="entry-"]')
const frames = () => page.locator('iframe')
/** Scrolls and waits until the page has drawn twice. */
const scrollTo = (top: number) =>
  box.evaluate(
    (element, top) =>
      new Promise<void>((drawn) => {
        element.scrollTop = top
        requestAnimationFrame(() => requestAnimationFrame(() => drawn()))
      }),
    top,
  )
/** Scrolls to the top again and again, as fast as the page draws, until so many of something are there. */
const pullUntil = (selector: string, count: number) =>
  box.evaluate(
    (element, [selector, count]) =>
      new Promise<void>((there) => {
        const look = () => {
          element.scrollTop = 0
          if (element.querySelectorAll(selector).length >= count) there()
          else requestAnimationFrame(look)
        }
        look()
      }),
    [selector, count] as const,
  )
/**
 * Scrolls up a little, again and again, until more is put in above.
 * @returns the place of one entry in sight right before that and after it. All of it in the page: a busy machine may put
 * it in between any two of our questions.
 */
const pullUntilMore = () =>
  box.evaluate(
    (element) =>
      new Promise<{ before: number; after: number }>((there) => {
        const all = () => [...element.querySelectorAll<HTMLElement>('li[id^="entry-"]')]
        const topOf = (it: HTMLElement) => Math.round(it.getBoundingClientRect().top)
        const pull = () => {
          element.scrollTop -= 150
          const shown = all()
          const read = shown.find((it) => topOf(it) > element.getBoundingClientRect().top + 50)
          const before = read ? topOf(read) : Number.NaN
          const look = (frames: number) =>
            requestAnimationFrame(() => {
              if (read && all().length > shown.length) there({ before, after: topOf(read) })
              else if (frames === 0) pull()
              else look(frames - 1)
            })
          look(10)
        }
        pull()
      }),
  )
/** The entry in the middle of what is seen, and where it is. */
const middle = () =>
  box.evaluate((element) => {
    const { top, height, left, width } = element.getBoundingClientRect()
    const at = [0, 20, 40].map((by) => document.elementFromPoint(left + width / 2, top + height / 2 + by))
    const entry = at.map((it) => it?.closest<HTMLElement>('li[id^="entry-"]')).find((it) => it)
    return { id: entry?.id ?? '', top: Math.round(entry?.getBoundingClientRect().top ?? 0) }
  })
const topOf = (id: string) => page.locator(`#${id}`).evaluate((it) => Math.round(it.getBoundingClientRect().top))
/** Where something is when it was there for thirty frames of the page in a row. */
const settledTop = (it: Locator) =>
  it.evaluate(
    (element) =>
      new Promise<number>((settled) => {
        let place = Number.NaN
        let frames = 0
        const look = () => {
          const { top } = element.getBoundingClientRect()
          frames = top === place ? frames + 1 : 0
          place = top
          if (frames < 30) requestAnimationFrame(look)
          else settled(place)
        }
        look()
      }),
  )

test('a long thread opens with its newest messages, without a mail frame, and makes no formatter for each', async () => {
  expect(await entries().count()).toBeLessThanOrEqual(20)
  expect(await frames().count()).toBe(0)
  await page.evaluate(() => {
    const real = Intl.DateTimeFormat
    const made = { count: 0 }
    Object.assign(globalThis, { made })
    Intl.DateTimeFormat = new Proxy(real, {
      construct: (target, parts: []) => {
        made.count += 1
        return new target(...parts)
      },
    })
  })
  await pullUntil('li[id^="entry-"]', 410)
  expect(await page.evaluate(() => (globalThis as unknown as { made: { count: number } }).made.count)).toBeLessThan(20)
  expect(await frames().count()).toBe(0)
})

test('what is read stays where it is while older messages are put in above', async () => {
  const { before, after } = await pullUntilMore()
  // Browsers scroll by whole pixels.
  expect(Math.abs(after - before)).toBeLessThanOrEqual(1)
  // Portions, not all that is there: only as much as the hand may reach soon.
  expect(await entries().count()).toBeLessThan(150)
})

test('what is read stays where it is while a mail above finds its height; one frame is there, the one asked for', async () => {
  await pullUntil('[data-unfold="original"]', 4)
  const original = page.getByRole('button', { name: 'Show original' }).nth(1)
  await original.scrollIntoViewIfNeeded()
  const down = await original.evaluate((it) => {
    const list = it.closest('section')
    return list ? list.scrollTop + it.getBoundingClientRect().top - list.getBoundingClientRect().top : 0
  })
  await scrollTo(down + 700)
  const read = await middle()
  await original.evaluate((it: HTMLElement) => it.click())
  await frames().first().waitFor({ state: 'attached' })
  const asked = frames().first()
  await expect.poll(() => asked.evaluate((it) => it.style.height)).not.toBe('120px')
  await expect.poll(async () => Math.abs((await topOf(read.id)) - read.top)).toBeLessThanOrEqual(1)
  expect(await frames().count()).toBe(1)
})

test('a search leads to the very message, far up, and stays there', async () => {
  await page.keyboard.press('/')
  await page.keyboard.type('needle in the hay')
  await page
    .getByRole('button', { name: /needle in the/ })
    .first()
    .click()
  const needle = entries().filter({ hasText: 'The needle in the haystack is here' })
  await expect.poll(() => needle.evaluate((it) => it === document.activeElement)).toBe(true)
  // What is put in around it while it is looked for moves it, and it is brought back: in the end it stands still.
  const place = await settledTop(needle)
  expect(place).toBeGreaterThan(100)
  expect(place).toBeLessThan(700)
})
