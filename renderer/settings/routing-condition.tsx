import { MultiSelect, TagsInput } from '@mantine/core'
import { channelNames } from '../ui/channel-glyph.tsx'
import { tierChoices } from '../ui/score-words.ts'
import { countries } from './places.ts'
import { type Condition, conditionNames, type When } from './routing-words.ts'

type Props = { readonly condition: Condition; readonly when: When; readonly onChange: (when: When) => void }

const places: Readonly<Partial<Record<Condition, string>>> = {
  sources: 'Website, Google Ads, Referral …',
  postcodes: '941, SW1 …',
  areaCodes: '415, +49 30 …',
  regions: 'California, Germany …',
  words: 'A word or a phrase',
}

/** One condition of a rule: any one of its values is enough. */
export function RoutingCondition({ condition, when, onChange }: Props) {
  const label = conditionNames[condition]
  const choices = choicesOf(condition)
  const values: string[] = [...when[condition]]
  const set = (next: string[]) => onChange({ ...when, [condition]: next })
  if (choices) {
    return (
      <MultiSelect
        label={label}
        data={choices}
        value={values}
        searchable={condition === 'countries'}
        placeholder={values.length === 0 ? 'Choose one or more' : ''}
        onChange={set}
      />
    )
  }
  return (
    <TagsInput
      label={label}
      placeholder={values.length === 0 ? (places[condition] ?? '') : ''}
      splitChars={condition === 'words' ? ['\n'] : [',', ';', '\n']}
      acceptValueOnBlur
      maxTags={200}
      value={values}
      onChange={set}
    />
  )
}

function choicesOf(condition: Condition) {
  const listed = (names: Readonly<Record<string, string>>) =>
    Object.entries(names).map(([value, label]) => ({ value, label }))
  if (condition === 'tiers') return tierChoices
  // Nobody comes by a note.
  if (condition === 'channels') return listed(channelNames).filter((it) => it.value !== 'note')
  return condition === 'countries' ? [...countries()] : null
}
