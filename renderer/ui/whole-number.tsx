import { NumberInput, type NumberInputProps } from '@mantine/core'
import { useState } from 'react'

type Props = Omit<NumberInputProps, 'min' | 'max' | 'value' | 'onChange' | 'allowDecimal' | 'onValueChange'> & {
  readonly min: number
  readonly max: number
  readonly value: number
  /** Only whole numbers from `min` to `max`. */
  readonly onChange: (value: number) => void
}

/** A number that has to be there: while the field is emptied the last one holds, and comes back when it is left. */
export function WholeNumber({ min, max, value, onChange, onBlur, ...rest }: Props) {
  const within = (number: number) => Math.min(max, Math.max(min, number))
  const [typed, setTyped] = useState<number | string>(value)
  return (
    <NumberInput
      {...rest}
      allowDecimal={false}
      min={min}
      max={max}
      value={typeof typed === 'number' && within(typed) !== value ? value : typed}
      onChange={(next) => {
        setTyped(next)
        if (typeof next === 'number') onChange(within(next))
      }}
      onBlur={(event) => {
        setTyped(value)
        onBlur?.(event)
      }}
    />
  )
}
