const messages = '[data-timeline] li[data-message]'

/**
 * Goes to the next message of the timeline on the screen, or the one before. Without one that has the focus it begins
 * with what is seen: the first of it, or the last.
 */
export function stepMessage(by: 1 | -1): void {
  const list = [...document.querySelectorAll<HTMLElement>(messages)]
  const at = list.findIndex((it) => it.contains(document.activeElement))
  const next = at >= 0 ? list[at + by] : by > 0 ? list.find(isSeen) : list.findLast(isSeen)
  if (!next) return
  next.focus({ preventScroll: true })
  const box = next.closest('[data-timeline]')
  // What is taller than the box is read from its beginning.
  const tall = box !== null && next.offsetHeight > box.clientHeight
  next.scrollIntoView({ block: tall ? 'start' : 'nearest' })
}

/** The message that has the focus, if any. */
export function focusedMessage(): number | null {
  const entry = document.activeElement?.closest(messages)
  return entry ? Number(entry.id.replace('entry-', '')) : null
}

/** Opens what is folded in a message: the rest of it, then what it quotes, then its original. */
export function unfold(entry: HTMLElement): void {
  const folds = ['all', 'quote', 'original'].map((fold) =>
    entry.querySelector<HTMLElement>(`[data-unfold="${fold}"]:not([aria-expanded="true"], [aria-pressed="true"])`),
  )
  folds.find((it) => it !== null)?.click()
}

function isSeen(entry: HTMLElement): boolean {
  const box = entry.closest('[data-timeline]')?.getBoundingClientRect()
  const { top, bottom } = entry.getBoundingClientRect()
  return box !== undefined && bottom > box.top && top < box.bottom
}
