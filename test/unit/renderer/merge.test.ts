import { describe, expect, it } from 'vitest'
import { consequences, firstChoices, isChoice, mergeInput, shownFields } from '../../../renderer/person/merge-values.ts'
import { touches } from '../../../renderer/rpc/touches.ts'
import type { PersonCard } from '../../../src/people/contract.ts'

type Said = {
  readonly name?: string
  readonly company?: string | null
  readonly title?: string | null
  readonly owner?: string | null
  readonly status?: 'open' | 'done'
}

/** Only what a merge looks at. */
function card(
  personId: number,
  { name = 'Ana Lopez', company = null, title = null, owner, status = 'open' }: Said = {},
) {
  const lead = owner === undefined ? null : { row: { status, owner: owner && { id: 1, name: owner } } }
  return { personId, name, company, title, lead } as PersonCard
}

describe('a merge', () => {
  it('takes what only one of them has, without asking', () => {
    const left = card(1, { company: null, title: 'Owner' })
    const right = card(2, { company: 'Lopez Home' })
    expect(shownFields(left, right)).toEqual(['name', 'company', 'title'])
    expect((['name', 'company', 'title', 'owner'] as const).filter((it) => isChoice(left, right, it))).toEqual([])
    expect(mergeInput(left, right, firstChoices(left, right))).toEqual({
      keptId: 1,
      goneId: 2,
      name: 'Ana Lopez',
      company: 'Lopez Home',
      title: 'Owner',
    })
  })

  it.each(['(415) 555-0187', '+14155550187', 'ana@lopez.example'])(
    'prefers a name to %s, which stands in for one',
    (name) => {
      const left = card(1, { name })
      const right = card(2)
      expect(firstChoices(left, right).name).toBe('right')
      expect(firstChoices(right, left).name).toBe('left')
    },
  )

  it('keeps whose owner was chosen, and asks for it only where both are open', () => {
    const left = card(1, { owner: 'Dana' })
    const right = card(2, { owner: 'Sam' })
    expect(isChoice(left, right, 'owner')).toBe(true)
    const choices = { ...firstChoices(left, right), owner: 'right' as const }
    expect(mergeInput(left, right, choices)).toMatchObject({ keptId: 2, goneId: 1, name: 'Ana Lopez' })
    const done = card(2, { owner: 'Sam', status: 'done' })
    expect(isChoice(left, done, 'owner')).toBe(false)
    expect(mergeInput(left, done, choices)).toMatchObject({ keptId: 1, goneId: 2 })
  })

  it('says that two open leads become one', () => {
    const open = card(1, { owner: null })
    expect(consequences(open, card(2, { owner: null })).join(' ')).toContain('They become one lead')
    expect(consequences(open, card(2)).join(' ')).not.toContain('They become one lead')
  })
})

describe('suggestions on the screen', () => {
  const shown = ['people.duplicates', { personId: 1 }]

  it('are asked for again when anybody comes or changes', () => {
    expect(touches({ tables: ['person'], personIds: [2] }, shown)).toBe(true)
    expect(touches({ tables: ['interaction'], personIds: [1] }, shown)).toBe(true)
  })

  it('are left alone by what others say', () => {
    expect(touches({ tables: ['interaction'], personIds: [2] }, shown)).toBe(false)
    expect(touches({ tables: ['job'], personIds: [1] }, shown)).toBe(false)
  })
})
