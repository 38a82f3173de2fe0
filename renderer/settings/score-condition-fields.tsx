import { MultiSelect, NativeSelect, NumberInput, TagsInput, TextInput } from '@mantine/core'
import { type Condition, factField, lineKind, trackingField } from '../../src/score/contract.ts'
import { intent, urgency } from '../../src/score/text/contract.ts'
import { intentNames } from '../person/intent-words.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import { fieldWords, lineWords, trackingWords, urgencyWords } from './rule-meaning.ts'

type Props = { readonly condition: Condition; readonly onChange: (condition: Condition) => void }

const channels = [
  { value: 'call', label: 'Call' },
  { value: 'sms', label: 'Text' },
  { value: 'whatsapp', label: 'WhatsApp' },
  { value: 'chat', label: 'Chat on the website' },
  { value: 'form', label: 'Form' },
  { value: 'email', label: 'Mail' },
]
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((label, index) => ({
  value: String(index + 1),
  label,
}))
const optionsOf = (words: Readonly<Record<string, string>>, values: readonly string[]) =>
  values.map((value) => ({ value, label: words[value] ?? value }))

/** What a condition compares with. Lists are never emptied: a condition without anything to compare would mean nothing. */
export function ConditionFields({ condition, onChange }: Props) {
  switch (condition.kind) {
    case 'channel':
      return (
        <Several
          label="Came by"
          data={channels}
          value={condition.channels}
          onChange={(list) => onChange({ ...condition, channels: list as typeof condition.channels })}
        />
      )
    case 'text':
      return <Words label="Words" value={condition.anyOf} onChange={(anyOf) => onChange({ ...condition, anyOf })} />
    case 'textAll':
      return <Words label="Words" value={condition.allOf} onChange={(allOf) => onChange({ ...condition, allOf })} />
    case 'field':
      return (
        <>
          <NativeSelect
            aria-label="Which"
            data={optionsOf(fieldWords, factField.options)}
            value={condition.field}
            onChange={(event) => onChange({ ...condition, field: factField.parse(event.currentTarget.value) })}
          />
          <MatchFields condition={condition} onChange={onChange} />
        </>
      )
    case 'formField':
      return (
        <>
          <TextInput
            aria-label="What the form calls it"
            placeholder="What the form calls it"
            dir="auto"
            maxLength={200}
            value={condition.label}
            error={condition.label.trim() === '' ? 'Which question?' : null}
            onChange={(event) => onChange({ ...condition, label: event.currentTarget.value })}
          />
          <MatchFields condition={condition} onChange={onChange} />
        </>
      )
    case 'source':
      return <MatchFields condition={condition} onChange={onChange} />
    case 'tracking':
      return (
        <>
          <NativeSelect
            aria-label="Which"
            data={optionsOf(trackingWords, trackingField.options)}
            value={condition.key}
            onChange={(event) => onChange({ ...condition, key: trackingField.parse(event.currentTarget.value) })}
          />
          <MatchFields condition={condition} onChange={onChange} />
        </>
      )
    case 'budget':
      return (
        <Amount
          label="At least"
          prefix="at least "
          value={condition.atLeast}
          min={0}
          onChange={(atLeast) => onChange({ ...condition, atLeast })}
        />
      )
    case 'timelineDays':
      return (
        <Amount
          label="Within how many days"
          prefix="within "
          suffix=" days"
          value={condition.atMost}
          min={0}
          onChange={(atMost) => onChange({ ...condition, atMost })}
        />
      )
    case 'postcode':
      return (
        <Words
          label="What the postcode starts with"
          value={condition.prefixes}
          onChange={(prefixes) => onChange({ ...condition, prefixes })}
        />
      )
    case 'region':
      return (
        <Words label="Regions" value={condition.regions} onChange={(regions) => onChange({ ...condition, regions })} />
      )
    case 'country':
      return (
        <Words
          label="Countries, two letters each"
          value={condition.countries}
          onChange={(list) => onChange({ ...condition, countries: list.map((it) => it.toUpperCase().slice(0, 2)) })}
        />
      )
    case 'sender':
      return (
        <NativeSelect
          aria-label="Company or private"
          data={[
            { value: 'company', label: 'we know their company' },
            { value: 'freeMail', label: 'only a free mail address' },
          ]}
          value={condition.is}
          onChange={(event) =>
            onChange({ ...condition, is: event.currentTarget.value === 'company' ? 'company' : 'freeMail' })
          }
        />
      )
    case 'employees':
      return (
        <Amount
          label="People at least"
          suffix=" people or more"
          value={condition.atLeast}
          min={1}
          onChange={(atLeast) => onChange({ ...condition, atLeast })}
        />
      )
    case 'line':
      return (
        <Several
          label="Kinds"
          data={optionsOf(lineWords, lineKind.options)}
          value={condition.types}
          onChange={(types) => onChange({ ...condition, types: types as typeof condition.types })}
        />
      )
    case 'touches':
      return (
        <>
          <Amount
            label="Times"
            suffix=" times or more"
            value={condition.atLeast}
            min={2}
            onChange={(atLeast) => onChange({ ...condition, atLeast })}
          />
          <NumberInput
            w={150}
            aria-label="Within how many days; empty for ever"
            placeholder="ever"
            prefix="in "
            suffix=" days"
            min={1}
            max={3650}
            value={condition.withinDays ?? ''}
            onChange={(it) => onChange({ ...condition, withinDays: it === '' ? null : Math.max(1, Number(it) || 1) })}
          />
        </>
      )
    case 'missedCall':
      return (
        <Amount
          label="Times"
          suffix=" or more"
          value={condition.atLeast}
          min={1}
          max={50}
          onChange={(atLeast) => onChange({ ...condition, atLeast })}
        />
      )
    case 'hours':
      return (
        <>
          <TimeField label="From" value={condition.from} onChange={(from) => onChange({ ...condition, from })} />
          <TimeField label="To" value={condition.to} onChange={(to) => onChange({ ...condition, to })} />
          <MultiSelect
            aria-label="Days; none is every day"
            placeholder={condition.weekdays.length === 0 ? 'every day' : ''}
            data={days}
            value={condition.weekdays.map(String)}
            onChange={(list) => onChange({ ...condition, weekdays: list.map(Number).sort() })}
          />
        </>
      )
    case 'intent':
      return (
        <Several
          label="What the message is"
          data={optionsOf(intentNames, intent.options)}
          value={condition.intents}
          onChange={(list) => onChange({ ...condition, intents: list as typeof condition.intents })}
        />
      )
    case 'urgency':
      return (
        <Several
          label="How urgent"
          data={optionsOf(urgencyWords, urgency.options)}
          value={condition.levels}
          onChange={(list) => onChange({ ...condition, levels: list as typeof condition.levels })}
        />
      )
    case 'localPostcode':
    case 'formComplete':
    case 'replied':
    case 'robot':
      return null
  }
}

type MatchProps<C> = { readonly condition: C; readonly onChange: (condition: C) => void }

function MatchFields<C extends Extract<Condition, { how: string }>>({ condition, onChange }: MatchProps<C>) {
  const { how, values } = condition
  return (
    <>
      <NativeSelect
        aria-label="How to compare"
        data={[
          { value: 'present', label: 'is known' },
          { value: 'missing', label: 'is not known' },
          { value: 'is', label: 'is one of' },
          { value: 'contains', label: 'contains one of' },
        ]}
        value={how}
        onChange={(event) => onChange({ ...condition, how: event.currentTarget.value as typeof how })}
      />
      {(how === 'is' || how === 'contains') && (
        <TagsInput
          aria-label="Compared with"
          placeholder="Type and press Enter"
          error={values.length === 0 ? 'With what?' : null}
          value={[...values]}
          onChange={(next) => onChange({ ...condition, values: next })}
        />
      )}
    </>
  )
}

type ListProps = {
  readonly label: string
  readonly value: readonly string[]
  readonly onChange: (value: string[]) => void
}

function Words({ label, value, onChange }: ListProps) {
  return (
    <TagsInput
      aria-label={label}
      placeholder="Type a word and press Enter"
      value={[...value]}
      onChange={(next) => next.length > 0 && onChange(next)}
    />
  )
}

type SeveralProps = ListProps & { readonly data: { readonly value: string; readonly label: string }[] }

function Several({ label, data, value, onChange }: SeveralProps) {
  return (
    <MultiSelect
      aria-label={label}
      data={data}
      value={[...value]}
      onChange={(next) => next.length > 0 && onChange(next)}
      hidePickedOptions
    />
  )
}

type AmountProps = {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max?: number
  readonly prefix?: string
  readonly suffix?: string
  readonly onChange: (value: number) => void
}

function Amount({ label, value, min, max = 1_000_000_000, prefix = '', suffix = '', onChange }: AmountProps) {
  return (
    <WholeNumber
      w={190}
      aria-label={label}
      thousandSeparator=","
      min={min}
      max={max}
      prefix={prefix}
      suffix={suffix}
      value={value}
      onChange={onChange}
    />
  )
}

type TimeProps = { readonly label: string; readonly value: number; readonly onChange: (minutes: number) => void }

function TimeField({ label, value, onChange }: TimeProps) {
  const text = `${String(Math.floor(value / 60) % 24).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`
  return (
    <TextInput
      w={120}
      type="time"
      aria-label={label}
      value={text}
      onChange={(event) => {
        const [hours, minutes] = event.currentTarget.value.split(':').map(Number)
        if (hours !== undefined && minutes !== undefined) onChange(hours * 60 + minutes)
      }}
    />
  )
}
