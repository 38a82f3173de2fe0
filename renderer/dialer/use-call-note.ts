import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '../rpc/call.ts'

const restMs = 500

/**
 * The note of a call, saved while it is typed. Each letter is kept on this computer at once, so that a crash or an
 * engine that is away costs nothing; the engine gets it when the hand rests.
 */
export function useCallNote(interactionId: number, stored: string) {
  const key = `deskbell.callNote.${interactionId}`
  const [note, setNote] = useState(() => window.localStorage.getItem(key) ?? stored)
  const saved = useRef(stored)
  const forget = useCallback(() => window.localStorage.removeItem(key), [key])

  useEffect(() => {
    if (note === saved.current) return
    const timer = setTimeout(() => {
      // When it fails it is still kept here, and goes along with the next letter or the outcome.
      call('contact.noteCall', { interactionId, note }).then(
        () => {
          saved.current = note
        },
        () => undefined,
      )
    }, restMs)
    return () => clearTimeout(timer)
  }, [interactionId, note])

  const change = useCallback(
    (text: string) => {
      setNote(text)
      window.localStorage.setItem(key, text)
    },
    [key],
  )
  return [note, change, forget] as const
}
