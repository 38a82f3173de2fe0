import { connectBusiness, startBusinessWorld } from '../e2e/business-world.ts'
import { launchDeskbell, newHome, removeHome } from '../e2e/harness.ts'
import { ms, percentile, printFigure } from './figures.ts'

const posts = Number(process.argv[2] ?? 60)

/**
 * From the start of a form's POST to the moment its row is painted in the window: the way through listener, commit,
 * event, refetch and React. Beside it the part until the sender has its answer, which comes after the commit.
 */
const world = await startBusinessWorld()
const home = newHome()
const desk = await launchDeskbell({ home, env: world.env })
try {
  const url = await connectBusiness(desk, world)
  await desk.page.getByRole('listbox').or(desk.page.getByText(/inbox/i)).first().waitFor()
  const answered: number[] = []
  const painted: number[] = []
  for (let n = 0; n < posts; n++) {
    const name = `Bench Person ${String(n).padStart(3, '0')}`
    const row = desk.page.evaluate(untilPainted, name)
    const started = Date.now()
    const fields = { name, email: `bench${n}@form.example`, message: 'Could I have a quote today?', budget: '9000' }
    // Every post from an address of its own: the listener limits how fast one sender may write.
    const headers = { 'x-forwarded-for': `198.51.100.${n % 250}` }
    const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields) })
    if (!answer.ok) throw new Error(`the form was refused: ${answer.status}`)
    answered.push(Date.now() - started)
    painted.push((await row) - started)
    await finish()
  }
  for (const [name, took] of [
    ['form POST to its answer', answered],
    ['form POST to the row painted', painted],
  ] as const) {
    const beside = name.endsWith('painted')
      ? `, ${(percentile(painted, 0.5) / percentile(answered, 0.5)).toFixed(1)} × the answer`
      : ''
    printFigure(name, `p50 ${ms(percentile(took, 0.5))}`, `p95 ${ms(percentile(took, 0.95))}${beside}`)
  }
} finally {
  await desk.kill()
  await world.close()
  removeHome(home)
}

/** Empties the list: what does not fit into the window is not painted. */
async function finish(): Promise<void> {
  const listed = await desk.call('inbox.list', { view: 'inbox', after: null, limit: 50 })
  if (!listed.ok) throw new Error(listed.error.message)
  const leadIds = (listed.value as { rows: { leadId: number }[] }).rows.map((it) => it.leadId)
  await desk.call('inbox.done', { leadIds })
}

/** Runs in the window. Resolves with the time at which a row with this name has been painted. */
function untilPainted(name: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const found = [...document.querySelectorAll('[role=option]')].some((it) => it.ariaLabel?.startsWith(name))
      if (!found) return false
      observer.disconnect()
      // The frame that holds the change is on the screen when the one after it begins.
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())))
      return true
    }
    const observer = new MutationObserver(look)
    if (!look()) observer.observe(document.body, { subtree: true, childList: true, attributes: true })
  })
}
