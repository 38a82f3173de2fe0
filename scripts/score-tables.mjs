/** Tables of many kinds, made up from a seed: what the learning core must be good at without having seen it. */
import { seededRandom } from '../src/score/predict/random.ts'

/**
 * @returns {{ name: string, table: import('../src/score/predict/table.ts').Table }[]} the outcome is the column "won"
 */
export function madeUpTables() {
  return [
    { name: 'plain signal, 300 rows', table: plain(300, 6, 1) },
    { name: 'plain signal, 2,000 rows', table: plain(2000, 12, 2) },
    { name: 'curved signal, 10,000 rows', table: curved(10_000, 3) },
    { name: 'pure noise, 2,000 rows', table: noise(2000, 10, 4) },
    { name: 'exclusive or, 3,000 rows', table: exclusiveOr(3000, 5) },
    { name: 'exclusive or, 600 rows', table: exclusiveOr(600, 15) },
    { name: 'heavily missing, 4,000 rows', table: missing(4000, 6) },
    { name: 'missing tells, 1,500 rows', table: missing(1500, 16) },
    { name: 'categories, 5,000 rows', table: categories(5000, 7) },
    { name: 'many-valued, 8,000 rows', table: manyValued(8000, 8) },
    { name: '2 % won, 6,000 rows', table: rare(6000, 9) },
    { name: 'one column, 1,000 rows', table: oneColumn(1000, 10) },
    { name: 'mixed leads, 20,000 rows', table: leads(20_000, 30, 11) },
  ]
}

/** Leads with numbers of several shapes, categories of several sizes and gaps, 30 % of the weight in interactions. */
export function leads(rows, columns, seed) {
  const { chance, gauss, random } = dice(seed)
  const kinds = Array.from({ length: columns }, (_, at) => ['number', 'number', 'tail', 'few', 'many'][at % 5])
  const weights = kinds.map(() => gauss() * 0.5)
  const levelWeights = kinds.map((kind) => Array.from({ length: kind === 'many' ? 40 : 6 }, () => gauss() * 0.6))
  return build(rows, columns, () => {
    const values = kinds.map((kind, at) => {
      if (kind === 'few' || kind === 'many') return Math.floor(random() ** 2 * levelWeights[at].length)
      return kind === 'tail' ? Math.exp(gauss()) : gauss()
    })
    let logOdds = -1.2 + 0.8 * values[0] * values[1]
    values.forEach((value, at) => {
      if (at % 3 === 2) return
      const isCategory = kinds[at] === 'few' || kinds[at] === 'many'
      logOdds += isCategory ? levelWeights[at][value] : weights[at] * (kinds[at] === 'tail' ? Math.log1p(value) : value)
    })
    const cells = values.map((value, at) => {
      if (at % 4 === 1 && random() < 0.1) return null
      return kinds[at] === 'few' || kinds[at] === 'many' ? `value ${value}` : value
    })
    return { cells, won: chance(logOdds) }
  })
}

function plain(rows, columns, seed) {
  const { chance, gauss } = dice(seed)
  return build(rows, columns, () => {
    const cells = Array.from({ length: columns }, gauss)
    return { cells, won: chance(cells[0] + 0.7 * cells[1] - 0.5 * cells[2]) }
  })
}

function curved(rows, seed) {
  const { chance, gauss } = dice(seed)
  return build(rows, 8, () => {
    const cells = Array.from({ length: 8 }, gauss)
    return {
      cells,
      won: chance(Math.sin(2 * cells[0]) * 2 + cells[1] ** 2 - 1 + (cells[2] > 0 ? cells[3] : -cells[3])),
    }
  })
}

function noise(rows, columns, seed) {
  const { gauss, random } = dice(seed)
  return build(rows, columns, () => ({ cells: Array.from({ length: columns }, gauss), won: random() < 0.4 }))
}

function exclusiveOr(rows, seed) {
  const { gauss, random } = dice(seed)
  return build(rows, 4, () => {
    const cells = Array.from({ length: 4 }, gauss)
    return { cells, won: (cells[0] > 0 !== cells[1] > 0) !== random() < 0.1 }
  })
}

/** Half of every column is not known, in the first column more often so when won. */
function missing(rows, seed) {
  const { chance, gauss, random } = dice(seed)
  return build(rows, 8, () => {
    const values = Array.from({ length: 8 }, gauss)
    const won = chance(1.2 * values[1] - values[2] + 0.8 * values[3])
    return { cells: values.map((value, at) => (random() < (at === 0 && won ? 0.75 : 0.5) ? null : value)), won }
  })
}

function categories(rows, seed) {
  const { chance, gauss, random } = dice(seed)
  const sizes = [3, 5, 8, 12, 20, 30, 50, 4, 6, 10]
  const weights = sizes.map((size, at) => Array.from({ length: size }, () => (at < 6 ? gauss() * 0.7 : 0)))
  return build(rows, sizes.length, () => {
    const codes = sizes.map((size) => Math.floor(random() ** 1.5 * size))
    const logOdds = codes.reduce((sum, code, at) => sum + weights[at][code], -0.5)
    return { cells: codes.map((code, at) => `${at}/${code}`), won: chance(logOdds) }
  })
}

function manyValued(rows, seed) {
  const { chance, gauss, random } = dice(seed)
  const towns = Array.from({ length: 900 }, () => gauss())
  const noises = 1500
  return build(rows, 4, () => {
    const town = Math.floor(random() ** 2 * towns.length)
    const value = gauss()
    const cells = [`town ${town}`, `street ${Math.floor(random() * noises)}`, value, gauss()]
    return { cells, won: chance(towns[town] + 0.6 * value) }
  })
}

function rare(rows, seed) {
  const { chance, gauss } = dice(seed)
  return build(rows, 10, () => {
    const cells = Array.from({ length: 10 }, gauss)
    return { cells, won: chance(-5.2 + 1.2 * cells[0] + cells[1] + 0.8 * Math.max(0, cells[2])) }
  })
}

function oneColumn(rows, seed) {
  const { chance, gauss } = dice(seed)
  return build(rows, 1, () => {
    const value = gauss()
    return { cells: [value], won: chance(1.5 * value) }
  })
}

function dice(seed) {
  const random = seededRandom(seed)
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return { random, gauss, chance: (logOdds) => random() < 1 / (1 + Math.exp(-logOdds)) }
}

function build(rowCount, width, makeRow) {
  const columns = Array.from({ length: width }, (_, at) => ({ name: `column ${at + 1}`, cells: [] }))
  const won = { name: 'won', cells: [] }
  for (let row = 0; row < rowCount; row++) {
    const made = makeRow()
    for (const [at, { cells }] of columns.entries()) cells.push(made.cells[at])
    won.cells.push(made.won)
  }
  return { rowCount, columns: [...columns, won] }
}
