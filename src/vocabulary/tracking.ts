/** Fields that say where a visitor came from. They are kept with the source and not shown as answers. */
const trackingName = /^(utm_[a-z_]{1,40}|gclid|gbraid|wbraid|fbclid|msclkid|referrer|landing_page)$/

/** The name under which a tracking field is kept; null for ordinary fields. */
export function trackingKey(path: readonly string[]): string | null {
  const name = (path.at(-1) ?? '').trim().toLowerCase().replaceAll('-', '_')
  return trackingName.test(name) ? name : null
}

/**
 * The source in words when the tracking gives it away: a click id proves an advertisement, utm_* claims one.
 * Null when it says nothing, then the form's own source stands.
 */
export function sourceFromTracking(detail: Readonly<Record<string, string>>): string | null {
  const medium = (detail.utm_medium ?? '').toLowerCase()
  const origin = (detail.utm_source ?? '').toLowerCase()
  const paid = /^(cpc|ppc|paid.*|ads?|display)$/.test(medium)
  if (detail.gclid || detail.gbraid || detail.wbraid || (paid && origin === 'google')) return 'Google Ads'
  if (detail.msclkid || (paid && (origin === 'bing' || origin === 'microsoft'))) return 'Microsoft Ads'
  if (/^(facebook|fb|meta|instagram|ig)$/.test(origin)) {
    const network = origin.startsWith('i') ? 'Instagram' : 'Facebook'
    return paid ? `${network} Ads` : network
  }
  if (detail.fbclid) return 'Facebook'
  return null
}
