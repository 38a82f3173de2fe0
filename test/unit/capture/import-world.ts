import { onTestFinished } from 'vitest'
import type { ImportPlan } from '../../../src/capture/contract.ts'
import { makeCaptureHandlers } from '../../../src/capture/handlers.ts'
import { makeImports } from '../../../src/capture/import/imports.ts'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { companyFromEmail } from '../../../src/enrich/company.ts'
import { makeLearnFromLead } from '../../../src/enrich/learn-from-lead.ts'
import { phoneRegion } from '../../../src/enrich/phone-region.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { findOrMakePerson } from '../../../src/people/add-person.ts'
import { readBudget } from '../../../src/score/read-budget.ts'
import { readTimeline } from '../../../src/score/read-timeline.ts'
import { makeScoreLead } from '../../../src/score/score-lead.ts'
import type { Store } from '../../../src/store/store.ts'
import { eventually } from '../../fakes/eventually.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { type CaptureWorld, openCaptureWorld } from './capture-world.ts'

export type Lists = {
  readonly capture: ReturnType<typeof makeCaptureHandlers>
  readonly imports: ReturnType<typeof makeImports>
}

/** The lists over a store; a second one over the same store is the next life of the engine. */
export function listsOver(store: Store, clock: CaptureWorld['clock']): Lists {
  const clocks = makeClocks({ clock })
  const learnFromLead = makeLearnFromLead({ readBudget, readTimeline })
  const stages = {
    learnFromLead,
    scoreLead: makeScoreLead(),
    routeLead: makeTestRoute(clocks).routeLead,
    clocks,
    greet: async () => {},
  }
  const imports = makeImports({ ...stages, store, clock, log: silentLog, enrich: { phoneRegion, companyFromEmail } })
  const enrich = { phoneRegion, companyFromEmail }
  const touches = { ...stages, store, clock, enrich, findOrMakePerson }
  return { imports, capture: makeCaptureHandlers({ store, imports, touches }) }
}

export async function openImportWorld() {
  const world = await openCaptureWorld()
  onTestFinished(() => world.store.close())
  const lists = listsOver(world.store, world.clock)
  const { capture } = lists

  const reached = (importId: number, state: string) =>
    eventually(`the list being ${state}`, async () => {
      const run = await capture['capture.import']({ importId })
      if (run.state !== state) throw new Error(`${run.state} ${run.problem}`)
      return run
    })
  const check = async (
    text: string | Uint8Array<ArrayBuffer>,
    more: Partial<ImportPlan> = {},
    fileName = 'list.csv',
  ) => {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
    const { importId, shape } = await capture['capture.openImport']({ fileName, bytes })
    const plan: ImportPlan = { as: 'people', source: 'Old address book', mayText: false, shape, ...more }
    await capture['capture.checkImport']({ importId, plan })
    await reached(importId, 'checked')
    return importId
  }
  const rows = async (importId: number) =>
    (await capture['capture.importRows']({ importId, verdict: null, after: 0, limit: 500 })).rows

  return {
    ...world,
    ...lists,
    reached,
    check,
    rows,
    verdicts: async (importId: number) => (await rows(importId)).map((it) => [it.line, it.verdict, it.reason] as const),
    /** Checks and runs a list to its end. */
    take: async (text: string | Uint8Array<ArrayBuffer>, more: Partial<ImportPlan> = {}, fileName = 'list.csv') => {
      const importId = await check(text, more, fileName)
      await capture['capture.runImport']({ importId })
      await reached(importId, 'done')
      return importId
    },
    undo: async (importId: number) => {
      await capture['capture.undoImport']({ importId })
      return reached(importId, 'undone')
    },
    arrive: world.take,
  }
}

/** Everything but what an import leaves about itself. */
export async function everything({ db }: Pick<CaptureWorld, 'db'>) {
  const tables = ['person', 'handle', 'lead', 'interaction', 'clock', 'score_ledger', 'source_touch'] as const
  const content: Record<string, unknown> = {}
  for (const table of tables) content[table] = await db.selectFrom(table).selectAll().execute()
  const events = await db.selectFrom('event').selectAll().where('type', 'not like', 'import.%').execute()
  return { ...content, event: events }
}
