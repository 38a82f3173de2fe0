import { cityOf } from '../ui/zone-names.ts'

/** Every zone this computer knows, the own one first, by the name of its city. */
export function zones(): readonly { readonly value: string; readonly label: string }[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const all = [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
  return all.map((value) => ({ value, label: zoneLabel(value) }))
}

/** "Los Angeles, America": the city is what people know. */
export function zoneLabel(zone: string): string {
  const [area = ''] = zone.split('/')
  return area === zone ? zone : `${cityOf(zone)}, ${area}`
}

const codes =
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KM KN KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PR PS PT PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TW TZ UA UG US UY UZ VC VE VN VU WS XK YE ZA ZM ZW'

/** Countries with their English names, in the order of the names. */
export function countries(): readonly { readonly value: string; readonly label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'region' })
  return codes
    .split(' ')
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, 'en'))
}
