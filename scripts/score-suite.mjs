/** `npm run score -- --suite` and `-- --bench`: the learning core on tables of many kinds, and its time on a large one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { predict } from '../src/score/predict/model.ts'
import { readCsv } from '../src/score/predict/read-csv.ts'
import { reasonsFor } from '../src/score/predict/reasons.ts'
import { train } from '../src/score/predict/train.ts'
import { aheadOfBoosting, compareWithSklearn, findPython, signed } from './score-compare.mjs'
import { mean, number, seconds } from './score-report.mjs'
import { leads, madeUpTables } from './score-tables.mjs'
import { mustRun, root } from './shell.mjs'

/** No table may fall behind by more than this, or by more than its own noise when that is larger. */
const allowed = 0.005

/** @param {string[]} asked  parts of the tables' names; none means all */
export async function runSuite(asked) {
  const all = [...madeUpTables(), ...(await sklearnTables())]
  const tables = all.filter(({ name }) => asked.length === 0 || asked.some((part) => name.includes(part)))
  console.log('Mean AUC of 5 folds                 Deskbell  boosting  as codes  logistic  ahead    +- noise  chosen')
  let behind = 0
  for (const { name, table } of tables) {
    const trained = train(table, { target: 'won' }, { now: () => performance.now() })
    const others = await compareWithSklearn(table, 'won', trained)
    const auc = (prefix) => {
      const found = others.find((it) => it.name === prefix)
      return found ? number(mean(found.quality.foldAuc)) : '     -'
    }
    const ahead = aheadOfBoosting(trained.report, others)
    const { auc: area, aucInterval } = trained.report.quality
    const noise = (aucInterval.high - aucInterval.low) / 4
    const isBehind = ahead < -Math.max(allowed, noise)
    if (isBehind) behind++
    const figures = [
      number(mean(trained.report.quality.foldAuc)),
      ...['HistGradientBoosting', 'HistGradientBoosting, codes', 'LogisticRegression'].map(auc),
    ]
    const { model, trees, calibration } = trained.report.chosen
    console.log(
      `${name.padEnd(34)}  ${figures.join('    ')}    ${signed(ahead)}  ${number(noise)}    ${model} ${trees} ${calibration}${isBehind ? '  BEHIND' : ''}${Number.isNaN(area) ? ' ?' : ''}`,
    )
  }
  console.log(behind === 0 ? 'Behind on no table.' : `Behind on ${behind} tables.`)
  if (behind > 0) process.exitCode = 1
}

/** The tables that come with scikit-learn, and some of its generators'. */
async function sklearnTables() {
  const folder = mkdtempSync(path.join(tmpdir(), 'deskbell-tables-'))
  try {
    await mustRun(await findPython(), [path.join(root, 'scripts/sklearn-tables.py'), folder], { quiet: true })
    const files = readdirSync(folder).sort()
    return files.map((file) => ({
      name: `sklearn ${file.replace('.csv', '')}`,
      table: readCsv(readFileSync(path.join(folder, file), 'utf8')).table,
    }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export async function runBench() {
  const rows = 50_000
  const table = leads(rows, 30, 1)
  const cpu = process.cpuUsage()
  const { report, model } = train(table, { target: 'won', folds: 2 }, { now: () => performance.now() })
  const used = process.cpuUsage(cpu)
  const work = report.trainingMs / (report.trainingMs + report.validationMs)
  console.log(
    `training on ${rows} rows x 30 columns: ${seconds(report.trainingMs)} (processor about ${seconds(((used.user + used.system) / 1000) * work)}), AUC ${number(report.quality.auc)}, ${report.chosen.model} with ${report.chosen.trees} trees`,
  )
  const predicting = performance.now()
  predict(model, table)
  console.log(`foreseeing ${rows} rows: ${seconds(performance.now() - predicting)}`)
  const explaining = performance.now()
  for (let row = 0; row < 100; row++) reasonsFor(model, table, row)
  console.log(`reasons of a lead: ${((performance.now() - explaining) / 100).toFixed(1)} ms`)
}
