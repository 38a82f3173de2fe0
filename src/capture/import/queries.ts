import type { ReadStore } from '../../store/store.ts'
import { type ImportRun, type ImportVerdict, importPlan } from '../contract.ts'

export const runById = (store: ReadStore, importId: number) =>
  store.db.selectFrom('import_run').selectAll().where('id', '=', importId).executeTakeFirst()

export const allRuns = (store: ReadStore) =>
  store.db.selectFrom('import_run').selectAll().orderBy('id', 'desc').execute()

/** As a window sees it. */
export async function asImportRun(
  store: ReadStore,
  run: NonNullable<Awaited<ReturnType<typeof runById>>>,
): Promise<ImportRun> {
  const verdicts = await store.db
    .selectFrom('import_row')
    .select('verdict')
    .select((it) => it.fn.countAll<number>().as('count'))
    .where('import_id', '=', run.id)
    .groupBy('verdict')
    .execute()
  const count = (verdict: ImportVerdict) => verdicts.find((it) => it.verdict === verdict)?.count ?? 0
  const left =
    run.state === 'undone'
      ? await store.db
          .selectFrom('import_row')
          .select((it) => it.fn.count<number>('person_id').distinct().as('count'))
          .where('import_id', '=', run.id)
          .where('done', 'is not', null)
          .executeTakeFirst()
      : null
  return {
    importId: run.id,
    fileName: run.file_name,
    format: run.format,
    state: run.state,
    problem: run.problem,
    plan: run.plan === '' ? null : importPlan.parse(JSON.parse(run.plan)),
    total: run.total,
    done: run.next_row,
    counts: {
      create: count('create'),
      update: count('update'),
      duplicate: count('duplicate'),
      reject: count('reject'),
    },
    kept: left?.count ?? 0,
    createdAt: run.created_at,
  }
}

export async function rowsOf(
  store: ReadStore,
  page: {
    readonly importId: number
    readonly verdict: ImportVerdict | null
    readonly after: number
    readonly limit: number
  },
) {
  const { importId, verdict, after, limit } = page
  const rows = await store.db
    .selectFrom('import_row')
    .select(['line', 'name', 'verdict', 'reason', 'person_id as personId'])
    .where('import_id', '=', importId)
    .$if(verdict !== null, (query) => query.where('verdict', '=', verdict ?? 'create'))
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit + 1)
    .execute()
  return { rows: rows.slice(0, limit), more: rows.length > limit }
}
