import { Button } from '@mantine/core'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { PlainKeyCap } from '../ui/key-cap.tsx'
import styles from './keys-dialog.module.css'
import { chordMs, stepOf } from './matcher.ts'

type Props = {
  readonly title: string
  readonly onKeys: (keys: string) => void
  readonly onCancel: () => void
}

/** Listens for the keys of an action: one press, or two one after the other. Esc leaves everything as it was. */
export function KeyRecorder({ title, onKeys, onCancel }: Props) {
  const [first, setFirst] = useState<string | null>(null)
  const box = useRef<HTMLButtonElement>(null)
  useEffect(() => box.current?.focus(), [])

  const enough = useEffectEvent(() => first !== null && onKeys(first))
  useEffect(() => {
    if (first === null) return
    const timer = setTimeout(() => enough(), chordMs)
    return () => clearTimeout(timer)
  }, [first])

  return (
    <Button
      ref={box}
      size="compact-sm"
      variant="light"
      className={styles.recorder ?? ''}
      aria-label={`Press the new keys of ${title}. Escape leaves them as they are`}
      // Or Mantine would close the dialog with it.
      data-mantine-stop-propagation="true"
      onBlur={onCancel}
      onKeyDown={(event) => {
        // Tab goes on, for those who see no screen and came here by it.
        if (event.key === 'Tab') return
        event.preventDefault()
        event.stopPropagation()
        if (event.key === 'Escape') return onCancel()
        const step = stepOf(event)
        if (step === undefined || event.repeat) return
        if (first !== null) onKeys(`${first} ${step}`)
        else if (step.startsWith('mod+') || step.length > 1) onKeys(step)
        else setFirst(step)
      }}
    >
      {first === null ? (
        'Press the keys…'
      ) : (
        <>
          <PlainKeyCap keys={first} /> … then another, or wait
        </>
      )}
    </Button>
  )
}
