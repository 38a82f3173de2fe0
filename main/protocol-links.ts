import type { App } from 'electron'

/**
 * The number of a `tel:` link, or null when it is none. Keeps digits and a leading plus: what else a web page puts
 * into such a link (pauses, extensions, scripts) is not dialled.
 */
export function numberOf(link: string): string | null {
  if (!URL.canParse(link) || new URL(link).protocol !== 'tel:') return null
  const raw = decodeURIComponentSafely(new URL(link).pathname).split(/[;,]/)[0] ?? ''
  const digits = raw.replace(/\D/g, '')
  if (digits.length < 3 || digits.length > 15) return null
  return raw.trim().startsWith('+') ? `+${digits}` : digits
}

/** The first `tel:` link on a command line; that is how Linux and Windows hand one over. */
export function linkIn(args: readonly string[]): string | null {
  for (const argument of args) {
    const number = argument.startsWith('tel:') ? numberOf(argument) : null
    if (number) return number
  }
  return null
}

/**
 * One app at a time: a second start hands its link to the first and ends.
 * @returns false when this is the second
 */
export function claimSingleInstance(app: App, onStart: (number: string | null) => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, args) => onStart(linkIn(args)))
  // macOS does not start the app again but tells the running one.
  app.on('open-url', (event, url) => {
    event.preventDefault()
    onStart(numberOf(url))
  })
  return true
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
