import { type Deskbell, launchDeskbell, newHome, removeHome } from '../e2e/harness.ts'
import { mailPassword, startDovecot } from '../fakes/dovecot.ts'
import { eventually } from '../fakes/eventually.ts'
import { ms, percentile, printFigure } from './figures.ts'
import { manyMails } from './many-mails.ts'

const owner = 'office@brightwater.example'
const goal = 100

/** What somebody who types and looks around feels, ms. */
type Felt = {
  /** From the key or the button to the first line of ours that hears of it. */
  readonly input: number[]
  /** From there to the frame that shows what it did. */
  readonly painted: number[]
  /** From asking the engine for the list to having it. */
  readonly answers: number[]
}

/**
 * The real window while a first sync runs: somebody types into the search, walks the list with the arrow keys and
 * changes pages, and every key and click is timed in the window itself. Before the sync the same is done for comparison.
 * @param count mails in the mailbox
 */
export async function measureInput(count: number): Promise<void> {
  const dovecot = await startDovecot()
  const home = newHome()
  // As it ships: answers are checked in tests only.
  const desk = await launchDeskbell({ home, args: ['--demo'], env: { DESKBELL_CHECK_OUTPUT: undefined } })
  try {
    await desk.page.getByRole('option').first().waitFor()
    await desk.page.evaluate(listen)
    dovecot.deliverMany(owner, manyMails(count, owner))
    let rounds = 0
    const quiet = await use(desk, async () => ++rounds > 6)
    await call(desk, 'channels.saveEmail', {
      id: null,
      settings: {
        address: owner,
        name: 'Brightwater Kitchens',
        imap: { host: dovecot.host, port: dovecot.directPort(), security: 'none', user: owner },
        smtp: { host: dovecot.host, port: 1, security: 'none', user: owner },
      },
      password: mailPassword,
    })
    await eventually('the first mails', async () => (await done(desk)) > 0)
    const started = performance.now()
    const felt = await use(desk, async () => (await done(desk)) >= count)
    const took = ((performance.now() - started) / 1000).toFixed(1)
    print(`without a sync`, quiet)
    print(`while ${count} mails came in (${took} s)`, felt)
    printFigure(
      'longest input delay during the sync',
      ms(Math.max(...felt.input)),
      `of ${felt.input.length} keys and clicks; goal under ${goal} ms; without a sync ${ms(Math.max(...quiet.input))}`,
    )
  } finally {
    await desk.kill()
    await dovecot.close()
    removeHome(home)
  }
}

function print(when: string, { input, painted, answers }: Felt): void {
  for (const [what, values] of [
    ['input delay', input],
    ['input to paint', painted],
    ['engine answers the list', answers],
  ] as const) {
    const beside = `p95 ${ms(percentile(values, 0.95))}, at most ${ms(Math.max(...values))}; ${when}`
    printFigure(what, `p50 ${ms(percentile(values, 0.5))}`, beside)
  }
}

/** Works with the window until told to stop. */
async function use(desk: Deskbell, over: () => Promise<boolean>): Promise<Felt> {
  const { page } = desk
  await page.evaluate(() => window.felt?.splice(0))
  const answers: number[] = []
  do {
    await page.keyboard.press('/')
    await page.keyboard.type('kitchen', { delay: 30 })
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown')
    await page.mouse.click(400, 300)
    answers.push(await page.evaluate(askForList))
  } while (!(await over()))
  const felt = await page.evaluate(() => window.felt ?? [])
  return { input: felt.map((it) => it.input), painted: felt.map((it) => it.painted), answers }
}

/** Runs in the window. Times every key and click before any page of ours hears of it. */
function listen(): void {
  const felt: { input: number; painted: number }[] = []
  window.felt = felt
  for (const kind of ['keydown', 'pointerdown'] as const) {
    const heard = (event: Event) => {
      const at = performance.now()
      // Timed by the browser's process when it came; the frame after the next begins when the next is on the screen.
      const shown = () => felt.push({ input: at - event.timeStamp, painted: performance.now() - event.timeStamp })
      requestAnimationFrame(() => requestAnimationFrame(shown))
    }
    window.addEventListener(kind, heard, { capture: true })
  }
}

async function askForList(): Promise<number> {
  const asked = performance.now()
  await window.deskbell.call('inbox.list', { view: 'inbox', after: null, limit: 50 })
  return performance.now() - asked
}

async function done(desk: Deskbell): Promise<number> {
  const { accounts } = await call<{ accounts: { mailbox: { done: number } | null }[] }>(desk, 'channels.list', {})
  return accounts.reduce((sum, it) => sum + (it.mailbox?.done ?? 0), 0)
}

async function call<T>(desk: Deskbell, method: string, input: unknown): Promise<T> {
  const result = await desk.call(method, input)
  if (!result.ok) throw new Error(`${method}: ${result.error.message}`)
  return result.value as T
}

declare global {
  interface Window {
    felt?: { input: number; painted: number }[]
  }
}
