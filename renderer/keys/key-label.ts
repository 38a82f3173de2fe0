const names: Readonly<Record<string, string>> = {
  enter: '↵',
  escape: 'Esc',
  arrowdown: '↓',
  arrowup: '↑',
  shift: '⇧',
  arrowleft: '←',
  arrowright: '→',
  backspace: '⌫',
  delete: 'Del',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  ' ': 'Space',
}

/**
 * What to print on the caps of a key combination: "mod+k" → Ctrl K, on a Mac ⌘ K; "g i" → g i.
 * @param mac  whether this is a Mac; asked of the browser when left out
 */
export function keyLabel(keys: string, mac = isMac()): readonly string[] {
  return keys.split(' ').flatMap((step) =>
    step.split('+').map((part) => {
      const key = part.toLowerCase()
      if (key === 'mod') return mac ? '⌘' : 'Ctrl'
      return names[key] ?? part
    }),
  )
}

function isMac(): boolean {
  return typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)
}
