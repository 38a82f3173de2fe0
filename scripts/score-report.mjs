/** Prints what a training tells about itself (`npm run score`). */

const kinds = { number: 'number', date: 'date', category: 'category', flag: 'yes or no', text: 'text, by its length' }
const models = { share: 'the mean alone', linear: 'logistic regression', trees: 'boosted trees', mix: 'both, mixed' }
const calibrations = { none: 'not needed', platt: 'Platt', isotonic: 'isotonic' }

/** @param {import('../src/score/predict/train.ts').Trained} trained */
export function printReport({ report }, target) {
  const { quality, chosen } = report
  const base = report.positives / report.rows
  line(`${report.rows} rows, "${target}" came true in ${report.positives} (${percent(base)})`)
  if (report.rowsWithoutOutcome > 0) line(`${report.rowsWithoutOutcome} rows without an outcome left out`)
  line('\nColumns used')
  for (const { name, kind } of report.columns) line(`  ${name}: ${kinds[kind]}`)
  if (report.dropped.length > 0) line('\nColumns left out')
  for (const { name, detail } of report.dropped) line(`  ${name}: ${detail}`)
  if (report.warnings.length > 0)
    line('\nLook at these: they may be known only after the outcome. Leave them out with --exclude')
  for (const { column, detail } of report.warnings) line(`  ${column}: ${detail}`)
  line(
    `\nFound best: ${models[chosen.model]}${chosen.trees ? ` (${chosen.trees} trees)` : ''}, calibration ${calibrations[chosen.calibration]}`,
  )
  line(`\nOn rows it had not seen (${quality.foldAuc.length} folds)`)
  line(
    `  AUC        ${number(quality.auc)}   95 % interval ${number(quality.aucInterval.low)} to ${number(quality.aucInterval.high)}`,
  )
  line(`  by fold    ${quality.foldAuc.map(number).join('  ')}   mean ${number(mean(quality.foldAuc))}`)
  line(`  Brier      ${number(quality.brier)}   ${number(base * (1 - base))} when always foreseeing the mean`)
  line(`  log loss   ${number(quality.logLoss)}`)
  line(`  lift       top 10 %: ${quality.lift10.toFixed(2)}   top 20 %: ${quality.lift20.toFixed(2)}`)
  line('\n  tenth  leads  foreseen   came true  95 % interval')
  quality.deciles.forEach(({ count, foreseen, observed, interval }, at) => {
    const range = `${percent(interval.low)} to ${percent(interval.high)}`
    line(
      `  ${String(at + 1).padStart(5)}  ${String(count).padStart(5)}  ${percent(foreseen).padStart(8)}   ${percent(observed).padStart(9)}  ${range}`,
    )
  })
  line('\nWeightiest columns (mean effect on the log-odds)')
  for (const { column, effect } of report.topColumns.slice(0, 10)) line(`  ${effect.toFixed(3)}  ${column}`)
  line(`\nTraining ${seconds(report.trainingMs)}, cross-validation ${seconds(report.validationMs)}`)
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
export const number = (value) => value.toFixed(4)

function percent(share) {
  return `${(share * 100).toFixed(1)} %`
}

function line(text) {
  console.log(text)
}
