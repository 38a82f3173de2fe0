import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { createContext, type ReactNode, useContext, useMemo, useRef } from 'react'
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

/** Remembers what can be taken back, newest first, and shows a toast for the newest. */
export function UndoProvider({ children }: { readonly children: ReactNode }) {
  const stack = useRef<{ readonly id: string; readonly item: Undoable }[]>([])
  const report = useReport()
  const value = useMemo<Undo>(() => {
    const take = (id: string) => {
      const found = stack.current.find((it) => it.id === id)
      if (!found) return
      stack.current = stack.current.filter((it) => it !== found)
      notifications.hide(id)
      found.item.undo().catch(report)
    }
    return {
      offer: (item) => {
        const id = crypto.randomUUID()
        stack.current = [...stack.current.slice(1 - most), { id, item }]
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
      },
      undoLast: () => {
        const last = stack.current.at(-1)
        if (last) take(last.id)
        else notifications.show({ message: 'There is nothing to undo.', autoClose: 2500 })
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
