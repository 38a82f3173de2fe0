/** Addresses and postcodes, as the countries of most of our users write them. */

const states =
  'AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR'
const stateNames =
  'Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming'

const us = new RegExp(`(?<![\\p{L}\\d])(?:${states}|${stateNames})\\.?,?\\s+(\\d{5})(?:-\\d{4})?(?!\\d)`, 'u')
const gb =
  /(?<![\p{L}\d])((?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRV-Y])) ?\d[ABD-HJLNP-UW-Z]{2})(?![\p{L}\d])/u
const ca = /(?<![\p{L}\d])([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d)(?![\p{L}\d])/u
const au = /(?<![\p{L}\d])(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT),?\s+(\d{4})(?!\d)/u
const fiveBeforeCity = /(?:^|,\s*|\s[-–|·]\s*|\s)(?:[DFEI]-\s?)?(\d{5})\s+(?=\p{Lu}[\p{L}'’.-]{2,})/u
const fourBeforeCity = /(?:^|,\s*)(?:(?:CH|A|B|DK|NO?)-\s?)?(\d{4})\s+(?=\p{Lu}[\p{L}'’.-]{2,})/u
const nl = /(?<![\p{L}\d])([1-9]\d{3} ?[A-Z]{2})(?=\s+\p{Lu}|\s*$)/u

/** The postcode in a line of an address. @param country ISO 3166, to tell five digits from five digits */
export function postcodeIn(line: string, country: string): string | null {
  const plain = us.exec(line) ?? ca.exec(line) ?? au.exec(line)
  if (plain?.[1]) return plain[1]
  const british = gb.exec(line)
  if (british?.[1]) return spaced(british[1])
  if (country === 'NL') return nl.exec(line)?.[1] ?? null
  if (['CH', 'AT', 'BE', 'DK', 'NO', 'LU'].includes(country)) return fourBeforeCity.exec(line)?.[1] ?? null
  return country === 'US' || country === 'GB' ? null : (fiveBeforeCity.exec(line)?.[1] ?? null)
}

const spaced = (code: string) => (code.includes(' ') ? code : `${code.slice(0, -3)} ${code.slice(-3)}`)

const streetTypes =
  'street|st|avenue|ave|av|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|square|sq|terrace|ter|circle|cir|highway|hwy|parkway|pkwy|trail|trl|loop|row|close|crescent|gardens|grove|mews|hill|park|quay|wharf|broadway|plaza|pike|turnpike|alley|walk|green|yard|route|rte'
const english = new RegExp(
  `^(?:(?:suite|unit|flat|apt|office|floor|level)\\s?[\\w-]+,?\\s+)?\\d{1,6}[A-Za-z]?(?:[-–/]\\d{1,5}[A-Za-z]?)?,?\\s+(?:[NSEW]{1,2}\\.?\\s+)?(?:\\p{Lu}|\\d{1,3}(?:st|nd|rd|th)\\b)[\\p{L}\\d.'’ -]{0,40}?(?:\\b(?:${streetTypes})\\b\\.?)`,
  'iu',
)
const poBox = /^p\.?\s?o\.?\s?box\s+\d+/iu
const german =
  /^(?:\p{Lu}[\p{L}.'’]{0,30}[\s-]){0,4}[\p{L}.]{0,30}(?:str(?:aße|asse|\.)|weg|platz|allee|gasse|ring|damm|ufer|markt|hof|chaussee|steig)\s+\d{1,4}\s?[a-z]?(?:\s?[-–/]\s?\d{1,4}[a-z]?)?/iu
const french =
  /^\d{1,4}\s?(?:bis|ter|quater)?,?\s+(?:rue|avenue|av\.?|boulevard|bd\.?|place|pl\.|chemin|impasse|allée|allee|quai|route|cours|passage|square|faubourg)\s+\p{L}/iu
const spanish =
  /^(?:c\/|calle|avda\.?|avenida|av\.|plaza|pza\.?|paseo|pº|ronda|camino|carretera|ctra\.?|travesía)\s*\p{L}[\p{L}\s.'’-]*,?\s*(?:n[ºo°]\.?\s*)?\d{1,4}/iu

export const isStreet = (line: string): boolean =>
  line.length <= 110 &&
  (english.test(line) || poBox.test(line) || german.test(line) || french.test(line) || spanish.test(line))

const asked =
  /(?<![\p{L}])(?:zip(?:[ -]?code)?|post(?:al)?[ -]?code|plz|postleitzahl|código postal|codigo postal|cp|c\.p\.|code postal)(?:\s+(?:is|ist|es|est))?\s*[:=-]?\s*(?:D-)?((?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})|(?:[A-Z]\d[A-Z] ?\d[A-Z]\d)|\d{5}(?:-\d{4})?|\d{4}(?: ?[A-Z]{2})?)(?![\p{L}\d])/iu

/**
 * The postcode somebody gives in running text: named as one, or part of an address in it. A bare number is none.
 */
export function postcodeInText(text: string, country: string): string | null {
  const named = asked.exec(text)?.[1]
  if (named) {
    const code = named.toUpperCase().replace(/^(\d{5})-\d{4}$/, '$1')
    return /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/.test(code) ? spaced(code) : code
  }
  const written = us.exec(text) ?? (country === 'CA' ? ca.exec(text) : country === 'AU' ? au.exec(text) : null)
  if (written?.[1]) return written[1]
  if (country === 'GB') {
    const british = gb.exec(text)
    return british?.[1] ? spaced(british[1]) : null
  }
  if (country === 'US') {
    // "in 94110", "94110 area": five digits where a place is expected.
    const local =
      /\b(?:in|near|around|at)\s+(\d{5})(?!\d|[.,]\d|\s*(?:sq|square|dollars|usd|people|units|miles|feet|ft))/iu.exec(
        text,
      )
    return local?.[1] ?? null
  }
  if (['DE', 'ES', 'FR', 'IT'].includes(country)) {
    return /(?<![\p{L}])(?:in|en|à|bei|aus|dans le)\s+(\d{5})\s+\p{Lu}\p{L}{2,}/u.exec(text)?.[1] ?? null
  }
  return null
}
