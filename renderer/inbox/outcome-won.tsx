import { Button, Group, NumberInput, Stack, Textarea, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import dayjs from 'dayjs'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Verdict } from './outcome-dialog.tsx'

type Props = { readonly currency: string; readonly onSave: (verdict: Verdict) => void }

/** What it was worth, and when: both may stay open. Enter saves. */
export function OutcomeWon({ currency: usual, onSave }: Props) {
  const [amount, setAmount] = useState<number | string>('')
  const [currency, setCurrency] = useState(usual)
  const [date, setDate] = useState(dayjs().format('YYYY-MM-DD'))
  const [note, setNote] = useState('')
  const value = useRef<HTMLInputElement>(null)
  useEffect(() => value.current?.focus(), [])
  const digits = fractionDigits(currency)
  const isCurrency = digits !== null
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (digits === null) return
    const isToday = date === dayjs().format('YYYY-MM-DD')
    onSave({
      outcome: 'won',
      value: typeof amount === 'number' ? { minor: Math.round(amount * 10 ** digits), currency } : null,
      // At noon, whatever the zone; today means now.
      at: isToday ? null : dayjs(date).hour(12).valueOf(),
      note,
    })
  }
  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <NumberInput
            label="Value"
            placeholder="Not known yet"
            ref={value}
            min={0}
            max={1_000_000_000}
            decimalScale={digits ?? 2}
            thousandSeparator=","
            hideControls
            value={amount}
            onChange={setAmount}
          />
          <TextInput
            label="Currency"
            maw={110}
            maxLength={3}
            value={currency}
            error={isCurrency ? null : 'Three letters, like USD'}
            onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
          />
          <DateInput
            label="On"
            valueFormat="D MMM YYYY"
            maxDate={dayjs().format('YYYY-MM-DD')}
            value={date}
            onChange={(value) => value && setDate(value)}
          />
        </Group>
        <NoteField value={note} onChange={setNote} />
        <Group justify="flex-end">
          <Button type="submit" disabled={!isCurrency}>
            Mark as won
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Digits after the point of a currency; null for what is none. */
export function fractionDigits(currency: string): number | null {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return null
  }
}

export function NoteField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <Textarea
      label="Note"
      placeholder="In your own words, if you like"
      dir="auto"
      autosize
      minRows={2}
      maxRows={5}
      maxLength={2000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
