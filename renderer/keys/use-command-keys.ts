import { useEffect, useEffectEvent, useMemo } from 'react'
import { useKeymap } from '../ui/preferences.tsx'
import type { CommandId } from './commands.ts'
import { belongsToField, createKeyMatcher } from './matcher.ts'
import { commandsUnder } from './presets.ts'

export type Handlers = Readonly<Partial<Record<CommandId, () => void>>>

/**
 * Runs an action when its key is pressed anywhere in the window. Handlers that are missing leave the key alone.
 * @param aboutToType  the composer was asked for and is not there yet: what is typed now is words, never `e` for done
 */
export function useCommandKeys(handlers: Handlers, aboutToType: boolean): void {
  const keymap = useKeymap()
  const matcher = useMemo(() => createKeyMatcher(commandsUnder(keymap)), [keymap])
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const target = targetOf(event)
    if (belongsToField(event, aboutToType || isField(target))) return
    // One Escape leaves the field, the next the page: what was typed must not be gone by one key.
    if (event.key === 'Escape' && isField(target)) {
      event.preventDefault()
      return target.blur()
    }
    const found = matcher.press(event)
    if (found === undefined || found === 'pending') return
    if (isOfControls(event) && !target.closest('[data-lead-list]') && target !== document.body) return
    const run = handlers[found]
    if (!run) return
    event.preventDefault()
    run()
  })
  useEffect(() => {
    // Escape closes a dialog before the key gets to us; asked only then, it would seem to be meant for the page behind.
    let covered = false
    const look = (event: KeyboardEvent) => {
      covered = isCovered(targetOf(event))
    }
    const listener = (event: KeyboardEvent) => {
      if (!covered) press(event)
    }
    window.addEventListener('keydown', look, { capture: true })
    window.addEventListener('keydown', listener)
    return () => {
      window.removeEventListener('keydown', look, { capture: true })
      window.removeEventListener('keydown', listener)
    }
  }, [])
}

/** Keys that buttons, tabs and lists use themselves: ours only while nothing of that kind has the focus. */
function isOfControls({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey) return key.toLowerCase() === 'a'
  return key === ' ' || (key.length > 1 && key !== 'Escape')
}

const targetOf = (event: KeyboardEvent) => (event.target instanceof HTMLElement ? event.target : document.body)

/** A dialog or a menu is open and has the keys for itself. */
export function isCovered(target: HTMLElement): boolean {
  if (target.closest('[role="menu"], [role="dialog"]')) return true
  // Mantine leaves an empty list of suggestions open and hides it.
  const list = '.mantine-Combobox-dropdown:not([hidden], [data-hidden])'
  return document.querySelector(`[aria-modal="true"], .mantine-Menu-dropdown, ${list}`) !== null
}

export function isField(target: HTMLElement): boolean {
  return (
    target.isContentEditable || target.closest('input:not([type=checkbox], [type=radio]), textarea, select') !== null
  )
}
