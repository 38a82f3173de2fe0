import { DateInput, type DateInputProps, DateTimePicker, type DateTimePickerProps } from '@mantine/dates'
import { hasDayHalves, pickerFormat } from './picker-format.ts'
import { useZone } from './place.tsx'
import { dayOf, momentOf, wallOf } from './zoned-days.ts'

type MomentProps = Omit<
  DateTimePickerProps,
  'ref' | 'value' | 'defaultValue' | 'onChange' | 'valueFormat' | 'timePickerProps' | 'minDate' | 'maxDate'
> & {
  /** ms UTC */
  readonly value: number | null
  readonly onChange: (value: number | null) => void
  /** ms UTC; the whole day of it can be picked. */
  readonly min?: number
  readonly max?: number
}

/** A date and a time on the clock of the business, written as people here write them. */
export function MomentPicker({ value, onChange, min, max, ...rest }: MomentProps) {
  const zone = useZone()
  return (
    <DateTimePicker
      {...rest}
      valueFormat={pickerFormat({ time: true })}
      timePickerProps={{ format: hasDayHalves() ? '12h' : '24h' }}
      {...(min === undefined ? {} : { minDate: dayOf(min, zone) })}
      {...(max === undefined ? {} : { maxDate: dayOf(max, zone) })}
      value={value === null ? null : wallOf(value, zone)}
      onChange={(wall) => onChange(wall === null ? null : momentOf(wall, zone))}
    />
  )
}

/** A day, written as people here write it. Its value is `2026-03-01`. */
export function DayInput(props: Omit<DateInputProps, 'valueFormat'>) {
  return <DateInput {...props} valueFormat={pickerFormat()} />
}
