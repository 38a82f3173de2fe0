import { Select, Stack, TextInput } from '@mantine/core'
import type { CalendarDays } from '../../src/settings/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { CalendarPreview } from './calendar-preview.tsx'
import { isFeed } from './days-problem.ts'
import { SpecialDates } from './special-dates.tsx'

type Props = {
  readonly value: CalendarDays
  readonly zone: string
  readonly onChange: (days: CalendarDays) => void
}

/** Days that differ from the week: public holidays, dates of one's own, a calendar on the web; and what that makes of a year. */
export function CalendarDaysField({ value, zone, onChange }: Props) {
  const { holidays } = value
  const places = useEngine(
    'calendar.places',
    { country: holidays?.country ?? null, state: holidays?.state ?? null },
    { keepPrevious: true },
  ).data
  const options = (list: readonly { readonly code: string; readonly name: string }[] | undefined) =>
    (list ?? []).map(({ code, name }) => ({ value: code, label: name }))
  const states = options(places?.states)
  const regions = options(places?.regions)
  return (
    <Stack gap="sm">
      <Stack gap="xs">
        <Select
          label="Closed on public holidays of"
          placeholder="No public holidays"
          searchable
          clearable
          data={options(places?.countries)}
          value={holidays?.country ?? null}
          onChange={(country) =>
            onChange({ ...value, holidays: country === null ? null : { country, state: null, region: null } })
          }
        />
        {holidays && states.length > 0 && (
          <Select
            label="State or province"
            placeholder="Only those of the whole country"
            searchable
            clearable
            data={states}
            value={holidays.state}
            onChange={(state) => onChange({ ...value, holidays: { ...holidays, state, region: null } })}
          />
        )}
        {holidays?.state && regions.length > 0 && (
          <Select
            label="Region"
            placeholder="Only those of the whole state"
            searchable
            clearable
            data={regions}
            value={holidays.region}
            onChange={(region) => onChange({ ...value, holidays: { ...holidays, region } })}
          />
        )}
      </Stack>
      <SpecialDates value={value.dates} onChange={(dates) => onChange({ ...value, dates })} />
      <TextInput
        label="A calendar on the web"
        description="Its address (iCal, .ics). What it shows as busy is closed. Read once a day."
        placeholder="https://…"
        maxLength={2000}
        value={value.feed ?? ''}
        error={value.feed !== null && !isFeed(value.feed) && 'That is not the address of a calendar.'}
        onChange={(event) => onChange({ ...value, feed: event.currentTarget.value.trim() || null })}
      />
      <CalendarPreview
        days={{ ...value, feed: value.feed !== null && isFeed(value.feed) ? value.feed : null }}
        zone={zone}
      />
    </Stack>
  )
}
