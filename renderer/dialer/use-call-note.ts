import { useCallback, useState } from 'react'

/**
 * The note of a call while it is typed. It is kept on this computer with every letter, so neither a crash nor a restart
 * loses it, and goes to the call together with the outcome.
 */
export function useCallNote(interactionId: number, stored: string) {
  const key = `deskbell.callNote.${interactionId}`
  const [note, setNote] = useState(() => window.localStorage.getItem(key) ?? stored)
  const change = useCallback(
    (text: string) => {
      setNote(text)
      window.localStorage.setItem(key, text)
    },
    [key],
  )
  const forget = useCallback(() => window.localStorage.removeItem(key), [key])
  return [note, change, forget] as const
}
