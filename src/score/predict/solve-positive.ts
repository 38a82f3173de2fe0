/**
 * Solves A x = b by Cholesky for a symmetric positive definite A. Lines on which A is not (a column that repeats
 * another) get 0.
 * @param lower A's lower triangle, row by row in a full square; overwritten
 */
export function solvePositive(lower: Float64Array, b: Float64Array): Float64Array {
  const size = b.length
  for (let line = 0; line < size; line++) {
    const base = line * size
    const before = lower[base + line] as number
    for (let column = 0; column <= line; column++) {
      const other = column * size
      let sum = lower[base + column] as number
      for (let at = 0; at < column; at++) sum -= (lower[base + at] as number) * (lower[other + at] as number)
      if (column < line) {
        const pivot = lower[other + column] as number
        lower[base + column] = pivot === 0 ? 0 : sum / pivot
      } else lower[base + line] = sum > 1e-12 * before ? Math.sqrt(sum) : 0
    }
  }
  const x = b.slice()
  for (let line = 0; line < size; line++) {
    const pivot = lower[line * size + line] as number
    let sum = x[line] as number
    for (let at = 0; at < line; at++) sum -= (lower[line * size + at] as number) * (x[at] as number)
    x[line] = pivot === 0 ? 0 : sum / pivot
  }
  for (let line = size - 1; line >= 0; line--) {
    const pivot = lower[line * size + line] as number
    let sum = x[line] as number
    for (let at = line + 1; at < size; at++) sum -= (lower[at * size + line] as number) * (x[at] as number)
    x[line] = pivot === 0 ? 0 : sum / pivot
  }
  return x
}
