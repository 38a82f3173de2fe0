const number = String.raw`(?:\d{1,3}(?:[,.]\d{3})+|\d{1,6}(?:[.,]\d{1,2})?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)`
const units = [
  // Areas first: "3 rooms, about 90 sq ft" is known best by its area.
  String.raw`(?:sq\.? ?(?:ft|feet|foot|m|meters?|metres?)|square (?:feet|foot|met(?:er|re)s?|yards?)|sqft|m²|m2|qm|ft²|acres?|hectares?)`,
  String.raw`(?:-?\s?bed(?:room)?s?|br|bd|bdrms?)`,
  '(?:bath(?:room)?s?|rooms?|zimmer|habitaciones|recámaras|pièces)',
  '(?:m³|m3|cubic (?:feet|met(?:er|re)s?|yards?))',
  '(?:people|persons?|guests?|pax|personen|personas|personnes|workstations?|desks?|employees|operatories)',
  '(?:windows?|doors?|panes|units?|vehicles?|cars?|trucks?|vans?|trees?|pages?|stor(?:e?y|ies)|floors?|fenster|ventanas|fenêtres)',
  '(?:feet|ft|linear feet|yards?|met(?:er|re)s?)(?! ?(?:high|tall|deep|away))',
]

const patterns = units.map(
  (unit) => new RegExp(String.raw`(?<![\p{L}\d$€£.,:/])(${number})[\s-]{0,2}(${unit})(?![\p{L}\d])`, 'iu'),
)

const longestText = 4000
const mostSizes = 2

/**
 * How big the job is, in their words and by patterns alone: "3 bedrooms", "1,200 sq ft", "12 people"; two of them at
 * most, areas first. Null when they name no size. Money, dates and telephone numbers are none.
 */
export function readJobSize(text: string): string | null {
  const words = text.slice(0, longestText)
  const found = patterns.flatMap((pattern) => {
    const match = pattern.exec(words)
    return match?.[1] && match[2] ? [`${match[1]} ${match[2].replace(/^[-\s]+/, '')}`.toLowerCase()] : []
  })
  return found.length === 0 ? null : found.slice(0, mostSizes).join(', ')
}
