import { Autocomplete, MultiSelect, NumberInput, SegmentedControl, Select, Stack } from '@mantine/core'
import type { Member } from '../../src/settings/contract.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import own from './routing.module.css'
import type { Give } from './routing-words.ts'
import styles from './settings.module.css'

type Props = {
  readonly give: Give
  readonly members: readonly Member[]
  readonly onChange: (give: Give) => void
}

/** To whom a rule gives its leads. */
export function RoutingGive({ give, members, onChange }: Props) {
  const people = members.map((it) => ({ value: String(it.id), label: it.name }))
  switch (give.how) {
    case 'turn':
    case 'load':
      return (
        <MultiSelect
          label="Among"
          description={give.how === 'turn' ? 'They take turns in this order.' : undefined}
          placeholder={give.to.length === 0 ? 'Everybody' : ''}
          data={people}
          value={give.to.map(String)}
          onChange={(ids) => onChange({ ...give, to: ids.map(Number) })}
        />
      )
    case 'weights':
      return <Shares give={give} members={members} onChange={onChange} />
    case 'skill':
      return (
        <Stack gap="xs">
          <Autocomplete
            label="Skill"
            description="People get their skills under Team."
            data={[...new Set(members.flatMap((it) => it.skills))]}
            value={give.skill}
            maxLength={60}
            onChange={(skill) => onChange({ ...give, skill })}
          />
          <SegmentedControl
            aria-label="Among those who have it"
            value={give.by}
            data={[
              { value: 'turn', label: 'In turn' },
              { value: 'load', label: 'Whoever has the least to do' },
            ]}
            onChange={(by) => onChange({ ...give, by: by === 'load' ? 'load' : 'turn' })}
          />
        </Stack>
      )
    case 'member':
      return (
        <Select
          label="Person"
          allowDeselect={false}
          data={people}
          value={String(give.memberId)}
          onChange={(id) => id && onChange({ ...give, memberId: Number(id) })}
        />
      )
    case 'queue':
      return (
        <p className={styles.dim}>
          They stay in “Unassigned” until somebody takes them or gives them out. When their time to be taken runs out,
          whoever is there and has the least to do gets them.
        </p>
      )
  }
}

type Weights = Extract<Give, { readonly how: 'weights' }>
type SharesProps = Omit<Props, 'give'> & { readonly give: Weights }

/** Twice the share is twice the leads. */
function Shares({ give, members, onChange }: SharesProps) {
  const total = give.shares.reduce((sum, it) => sum + it.weight, 0)
  const change = (memberId: number, patch: Partial<Weights['shares'][number]>) => {
    const old = give.shares.find((it) => it.memberId === memberId)
    const next = { memberId, weight: 0, mostPerDay: null, ...old, ...patch }
    const others = give.shares.filter((it) => it.memberId !== memberId)
    const shares = next.weight > 0 ? [...others, next] : others
    onChange({ ...give, shares: shares.toSorted((a, b) => a.memberId - b.memberId) })
  }
  return (
    <table className={own.shares}>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Share</th>
          <th scope="col" aria-label="Part of the leads" />
          <th scope="col">At most a day</th>
        </tr>
      </thead>
      <tbody>
        {members.map(({ id, name }) => {
          const share = give.shares.find((it) => it.memberId === id)
          return (
            <tr key={id}>
              <th scope="row" dir="auto">
                {name}
              </th>
              <td>
                <WholeNumber
                  size="xs"
                  w={76}
                  min={0}
                  max={100}
                  aria-label={`Share of ${name}`}
                  value={share?.weight ?? 0}
                  onChange={(weight) => change(id, { weight })}
                />
              </td>
              <td className={styles.dim}>{share ? `${Math.round((100 * share.weight) / total)}%` : 'none'}</td>
              <td>
                <NumberInput
                  size="xs"
                  w={92}
                  min={1}
                  max={1000}
                  disabled={!share}
                  placeholder="no limit"
                  aria-label={`Most leads a day for ${name}`}
                  value={share?.mostPerDay ?? ''}
                  onChange={(value) => change(id, { mostPerDay: value === '' ? null : Number(value) || null })}
                />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
