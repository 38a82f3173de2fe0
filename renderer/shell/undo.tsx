import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { createContext, type ReactNode, useContext, useMemo, useRef } from 'react'
import { minute } from '../../src/lib/durations.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import { useNow } from '../ui/now.tsx'
import { useReport } from '../ui/report.tsx'
import { countdown } from '../ui/time-format.ts'
import styles from './undo.module.css'

export type Undoable = {
  /** What happened, in the past: "Done: Ana Lopez". */
  readonly label: string
  readonly undo: () => Promise<void>
  /** Until when it can be taken back; 8 s when left out. */
  readonly until?: number
}

/** Something that can still be taken back. */
export type UndoItem = { readonly id: string; readonly label: string; readonly take: () => void }

type Undo = {
  readonly offer: (item: Undoable) => void
  readonly undoLast: () => void
  /** What can be taken back right now, newest first; for the palette. */
  readonly recent: () => readonly UndoItem[]
}

const UndoContext = createContext<Undo | null>(null)
const toastMs = 8_000
const most = 20
// Whoever presses `z` means what they just did. What is older is named first, and `z` once more takes it back.
const freshMs = minute

/** Remembers what can be taken back, newest first, and shows a toast for the newest. */
export function UndoProvider({ children }: { readonly children: ReactNode }) {
  const stack = useRef<{ readonly id: string; readonly item: Undoable; readonly shownAt: number }[]>([])
  const report = useReport()
  const value = useMemo<Undo>(() => {
    const take = (id: string) => {
      const found = stack.current.find((it) => it.id === id)
      if (!found) return
      stack.current = stack.current.filter((it) => it !== found)
      notifications.hide(id)
      found.item
        .undo()
        .then(
          () => notifications.show({ message: `Taken back: ${found.item.label}`, autoClose: 4000, withBorder: true }),
          report,
        )
    }
    const show = (id: string, item: Undoable) => {
      const wait = item.until === undefined ? toastMs : Math.max(1000, item.until - Date.now())
      notifications.show({
        id,
        message: <UndoToast item={item} onUndo={() => take(id)} />,
        autoClose: wait,
        withBorder: true,
        className: styles.toast ?? '',
        onClose: () => {
          // What has left the outbox cannot come back, so `z` must not promise it.
          if (item.until !== undefined) stack.current = stack.current.filter((it) => it.id !== id)
        },
      })
    }
    return {
      offer: (item) => {
        const id = crypto.randomUUID()
        stack.current = [...stack.current.slice(1 - most), { id, item, shownAt: Date.now() }]
        show(id, item)
      },
      undoLast: () => {
        const last = stack.current.at(-1)
        if (!last) {
          notifications.show({ message: 'There is nothing to undo.', autoClose: 2500 })
          return
        }
        if (Date.now() - last.shownAt < freshMs) {
          take(last.id)
          return
        }
        stack.current = [...stack.current.slice(0, -1), { ...last, shownAt: Date.now() }]
        show(last.id, last.item)
      },
      recent: () => stack.current.toReversed().map(({ id, item }) => ({ id, label: item.label, take: () => take(id) })),
    }
  }, [report])
  return <UndoContext value={value}>{children}</UndoContext>
}

export function useUndo(): Undo {
  const value = useContext(UndoContext)
  if (!value) throw new Error('useUndo needs an UndoProvider above')
  return value
}

function UndoToast({ item, onUndo }: { readonly item: Undoable; readonly onUndo: () => void }) {
  return (
    <div className={styles.line}>
      <span className={styles.label}>
        {item.label}
        {item.until !== undefined && <SecondsLeft until={item.until} />}
      </span>
      <Button size="compact-sm" variant="light" onClick={onUndo} rightSection={<KeyCap keys="z" />}>
        Undo
      </Button>
    </div>
  )
}

function SecondsLeft({ until }: { readonly until: number }) {
  const left = until - useNow()
  return left > 0 ? <span className={styles.left}> · {countdown(left)}</span> : null
}
