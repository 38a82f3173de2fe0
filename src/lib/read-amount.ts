const most = 1_000_000_000

/**
 * An amount of money as people type it: "18,500", "18.500,00", "$12,345.67", "1 200", "18k". Where a comma or a point
 * may be either, it groups thousands exactly when three digits follow it: nobody types a tenth of a cent.
 * @returns null for nothing, undefined for what is no amount
 */
export function readAmount(typed: string): number | null | undefined {
  const bare = typed.replace(/[\s\u00a0\u202f'’_]/g, '').replace(/^(\p{Sc}|[A-Z]{3})|(\p{Sc}|[A-Z]{3})$/gu, '')
  if (bare === '') return null
  const [, written, thousands] = /^(\d[\d.,]*)(k)?$/i.exec(bare) ?? []
  if (written === undefined) return undefined
  const value = Number(inPoints(written)) * (thousands ? 1000 : 1)
  return value <= most ? value : undefined
}

/** With a point before the decimals and nothing between the thousands; NaN's text for a muddle of both. */
function inPoints(written: string): string {
  const mark = Math.max(written.lastIndexOf(','), written.lastIndexOf('.'))
  if (mark === -1) return written
  const sign = written.charAt(mark)
  const other = sign === ',' ? '.' : ','
  const isRepeated = written.indexOf(sign) !== mark
  const groups = isRepeated || (!written.includes(other) && written.length - mark === 4)
  const whole = groups ? written : written.slice(0, mark)
  const wellGrouped = /^\d+$|^\d{1,3}([.,]\d{3})(\1|[.,]\d{3})*$/.test(whole)
  if (!wellGrouped || (groups && written.includes(other))) return 'muddle'
  return whole.replaceAll(/[.,]/g, '') + (groups ? '' : `.${written.slice(mark + 1)}`)
}
