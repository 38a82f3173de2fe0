#!/usr/bin/env node
/**
 * `npm run score -- leads.csv --target Converted [--positive VALUE] [--exclude a,b] [--folds 5] [--seed 1] [--compare]`
 * trains on any table of leads, cross-validates and prints how well the outcome was foreseen. `--compare` has
 * scikit-learn do the same folds beside it, where a Python with it is at hand.
 * `npm run score -- --suite [name ...]` does so on tables of many kinds, `-- --bench` times the training of a large one.
 */
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ranOnNode24, SetupError, script, typedFile } from './shell.mjs'

const usage = 'npm run score -- leads.csv --target Converted [--exclude a,b] [--positive VALUE] [--folds 5] [--compare]'

await script(async () => {
  if (await ranOnNode24()) return
  const { values, positionals } = options()
  if (values.suite) return (await import('./score-suite.mjs')).runSuite(positionals)
  if (values.bench) return (await import('./score-suite.mjs')).runBench()
  const [file] = positionals
  if (!file || !values.target) throw new SetupError(usage)
  const found = [typedFile(file), file].find((it) => existsSync(it))
  if (!found) throw new SetupError(`There is no file ${file}.`)
  await scoreFile(found, values)
})

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        target: { type: 'string' },
        positive: { type: 'string' },
        exclude: { type: 'string' },
        folds: { type: 'string' },
        seed: { type: 'string' },
        compare: { type: 'boolean' },
        suite: { type: 'boolean' },
        bench: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new SetupError(`${error.message}\n${usage}`)
  }
}

async function scoreFile(file, { target, positive, exclude, folds, seed, compare }) {
  const { readCsv } = await import('../src/score/predict/read-csv.ts')
  const { TableProblem } = await import('../src/score/predict/table.ts')
  const { train } = await import('../src/score/predict/train.ts')
  const { printReport } = await import('./score-report.mjs')
  try {
    const { table, raggedRows } = readCsv(readFileSync(file, 'utf8'))
    if (raggedRows > 0) console.log(`${raggedRows} rows have more or fewer cells than the header.`)
    const options = {
      target,
      ...(positive && { positive }),
      exclude: exclude ? namesIn(exclude, table) : [],
      folds: wholeNumber(folds, 5, 2),
      seed: wholeNumber(seed, 1, 0),
    }
    const trained = train(table, options, { now: () => performance.now() })
    printReport(trained, target)
    if (!compare) return
    const { compareWithSklearn, printComparison } = await import('./score-compare.mjs')
    printComparison(trained, await compareWithSklearn(table, target, trained))
  } catch (error) {
    throw error instanceof TableProblem ? new SetupError(error.message) : error
  }
}

/** Names may hold commas themselves: the longest run of pieces that is a column counts as one name. */
function namesIn(text, table) {
  const pieces = text.split(',')
  const names = []
  for (let from = 0; from < pieces.length; ) {
    let to = pieces.length
    while (to > from + 1 && !isColumn(pieces.slice(from, to).join(','))) to--
    names.push(pieces.slice(from, to).join(',').trim())
    from = to
  }
  return names
  function isColumn(name) {
    return table.columns.some((column) => column.name === name.trim())
  }
}

function wholeNumber(text, otherwise, least) {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < least) throw new SetupError(`${text} is not a whole number from ${least} up.`)
  return value
}
