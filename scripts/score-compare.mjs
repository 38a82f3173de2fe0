/** Has scikit-learn foresee the same folds of the same columns, for comparison only (`npm run score -- ... --compare`). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Papa from 'papaparse'
import { readFeatures } from '../src/score/predict/features.ts'
import { qualityOf } from '../src/score/predict/report.ts'
import { mean, number, seconds } from './score-report.mjs'
import { root, run, SetupError } from './shell.mjs'

const pythons = ['python3', '/usr/bin/python3']

/**
 * The columns as the product reads them (numbers, codes of categories), so that both learn from the same.
 * @returns {Promise<{ name: string, quality: object, ms: number }[]>} one a model
 */
export async function compareWithSklearn(table, _target, { model, heldOut }) {
  const python = await findPython()
  const folder = mkdtempSync(path.join(tmpdir(), 'deskbell-score-'))
  try {
    const features = readFeatures(model.plans, table)
    const fields = [...features.map((_, at) => `f${at}`), 'outcome', 'fold']
    const data = heldOut.rows.map((row, place) => [
      ...features.map(({ values }) => (Number.isNaN(values[row]) ? '' : values[row])),
      heldOut.outcomes[place],
      heldOut.folds[place],
    ])
    writeFileSync(path.join(folder, 'rows.csv'), Papa.unparse({ fields, data }))
    const categories = features.flatMap(({ levelCount }, at) => (levelCount === null ? [] : [at]))
    writeFileSync(path.join(folder, 'task.json'), JSON.stringify({ categories }))
    const { code, output } = await run(python, [path.join(root, 'scripts/sklearn-folds.py'), folder], {
      quiet: true,
      // On a busy machine its threads wait for each other ten times longer than one alone takes.
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    })
    if (code !== 0) throw new SetupError(`scikit-learn failed:\n${output.slice(-2000)}`)
    const { outcomes, folds } = heldOut
    return JSON.parse(readFileSync(path.join(folder, 'answers.json'), 'utf8')).map(({ name, probabilities, ms }) => ({
      name,
      quality: qualityOf({ outcomes, probabilities, folds }),
      ms,
    }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @returns the first Python that has scikit-learn */
export async function findPython() {
  for (const python of pythons) {
    const { code } = await run(python, ['-c', 'import sklearn, pandas'], { quiet: true })
    if (code === 0) return python
  }
  throw new SetupError(
    'For the comparison a Python with scikit-learn is needed: apt-get install python3-sklearn python3-pandas',
  )
}

export function printComparison({ report }, others) {
  console.log(
    '\nSide by side, same folds      AUC      mean of folds  Brier   log loss  lift 10 %  20 %   a fold takes',
  )
  const ours = { name: 'Deskbell', quality: report.quality, ms: report.validationMs / report.foldChoices.length }
  for (const { name, quality, ms } of [ours, ...others]) {
    const figures = [
      number(quality.auc),
      `${number(mean(quality.foldAuc))}       `,
      number(quality.brier),
      number(quality.logLoss),
    ]
    console.log(
      `${name.padEnd(28)}  ${figures.join('   ')}    ${quality.lift10.toFixed(2)}       ${quality.lift20.toFixed(2)}   ${seconds(ms)}`,
    )
  }
  console.log(`Difference of AUC to the better boosting: ${signed(aheadOfBoosting(report, others))}`)
}

/** Mean of the folds' AUC less that of scikit-learn's boosting, in the way of reading categories that suits it better. */
export function aheadOfBoosting(report, others) {
  const boosting = others.filter(({ name }) => name.startsWith('Hist')).map(({ quality }) => mean(quality.foldAuc))
  return mean(report.quality.foldAuc) - Math.max(...boosting)
}

export function signed(value) {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}
