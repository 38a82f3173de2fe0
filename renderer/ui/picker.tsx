import { type ReactNode, useEffect, useRef } from 'react'
import { KeyCap } from './key-cap.tsx'
import styles from './picker.module.css'

export type PickerItem = {
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly left?: ReactNode
}

type Props = {
  readonly items: readonly PickerItem[]
  readonly onPick: (key: string) => void
  readonly label: string
  /** The digit of the first item: 1 for lists, for outcomes each item has its own. */
  readonly digits?: readonly string[]
  /** False under a search field, which keeps the focus. */
  readonly takeFocus?: boolean
}

const defaultDigits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']

/** A short list for one hand: digits, arrows or the mouse. */
export function Picker({ items, onPick, label, digits = defaultDigits, takeFocus = true }: Props) {
  const list = useRef<HTMLFieldSetElement>(null)
  const move = (step: number) => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[(at + step + buttons.length) % buttons.length]?.focus()
  }
  useEffect(() => {
    if (takeFocus) list.current?.querySelector('button')?.focus()
  }, [takeFocus])
  return (
    <fieldset
      ref={list}
      className={styles.list}
      aria-label={label}
      onKeyDown={(event) => {
        const index = digits.indexOf(event.key)
        const item = items[index]
        if (event.key === 'ArrowDown' || event.key === 'j') move(1)
        else if (event.key === 'ArrowUp' || event.key === 'k') move(-1)
        else if (item && !event.ctrlKey && !event.metaKey) onPick(item.key)
        else return
        event.preventDefault()
      }}
    >
      {items.map((item, index) => (
        <button
          key={item.key}
          type="button"
          className={styles.item}
          data-autofocus={takeFocus && index === 0 ? true : undefined}
          onClick={() => onPick(item.key)}
        >
          {item.left}
          <span className={styles.label} dir="auto">
            {item.label}
          </span>
          {item.hint && <span className={styles.hint}>{item.hint}</span>}
          {digits[index] && <KeyCap keys={digits[index]} />}
        </button>
      ))}
    </fieldset>
  )
}
