import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { OutcomeVerdict } from '../../src/convert/contract.ts'
import { readAmount } from '../../src/lib/read-amount.ts'
import { DayInput } from '../ui/date-pickers.tsx'
import { useZone } from '../ui/place.tsx'
import { dayOf, momentOf } from '../ui/zoned-days.ts'
import { fractionDigits, money } from './money.ts'

type Props = {
  readonly currency: string
  readonly onSave: (verdict: OutcomeVerdict) => void
  readonly onCancel: () => void
}

/** What it was worth, and when: both may stay open. Enter saves. */
export function OutcomeWon({ currency: usual, onSave, onCancel }: Props) {
  const zone = useZone()
  const [typed, setTyped] = useState('')
  const [currency, setCurrency] = useState(usual)
  const [date, setDate] = useState(dayOf(Date.now(), zone))
  const [note, setNote] = useState('')
  const value = useRef<HTMLInputElement>(null)
  useEffect(() => value.current?.focus(), [])
  const digits = fractionDigits(currency)
  const isCurrency = digits !== null
  const amount = readAmount(typed)
  const isAmount = amount !== undefined
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (digits === null || amount === undefined) return
    const isToday = date === dayOf(Date.now(), zone)
    onSave({
      outcome: 'won',
      value: amount === null ? null : { minor: Math.round(amount * 10 ** digits), currency },
      // At noon; today means now.
      at: isToday ? null : momentOf(`${date} 12:00:00`, zone),
      note,
    })
  }
  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            label="Value"
            flex={1}
            placeholder="Not known yet"
            ref={value}
            inputMode="decimal"
            maxLength={40}
            value={typed}
            error={isAmount ? null : 'An amount, like 18,500'}
            // What was understood, before it is kept: nobody should find out from a report.
            description={isAmount && amount !== null && isCurrency ? money(amount, currency) : null}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <TextInput
            label="Currency"
            w={84}
            maxLength={3}
            value={currency}
            error={isCurrency ? null : 'Three letters, like USD'}
            onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
          />
          <DayInput
            label="Date"
            w={126}
            maxDate={dayOf(Date.now(), zone)}
            value={date}
            onChange={(value) => value && setDate(value)}
          />
        </Group>
        <NoteField value={note} onChange={setNote} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" disabled={!isCurrency || !isAmount}>
            Mark as won
          </Button>
        </Group>
      </Stack>
    </form>
  )
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
