import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { membersFor, mentionAt, withMention } from '../../../renderer/composer/mention-suggestions.ts'
import { inPortions, portion } from '../../../renderer/inbox/in-portions.ts'
import { readyViews } from '../../../renderer/inbox/ready-views.ts'
import { chipsOf, suggestionsFor, without } from '../../../renderer/search/search-parts.ts'
import { makeReadTimeSpan } from '../../../src/inbox/search-dates.ts'
import { parseSearch } from '../../../src/inbox/search-query.ts'

const names = { owner: ['Dana Lee', 'Sam'], label: ['VIP', 'Second home'] }
const labels = (text: string) => suggestionsFor(text, names).map((each) => each.label)
const texts = (text: string) => suggestionsFor(text, names).map((each) => each.text)

describe('chips of a search', () => {
  it('are its filters, and each can be taken out', () => {
    const text = 'kitchen from:"ana lopez" -tier:hot colour:red on:'
    const chips = chipsOf(text)
    expect(chips.map((each) => [each.text, each.not])).toEqual([
      ['from: ana lopez', false],
      ['tier: hot', true],
    ])
    expect(chips.map((each) => without(text, each))).toEqual([
      'kitchen -tier:hot colour:red on:',
      'kitchen from:"ana lopez" colour:red on:',
    ])
  })

  it('never break on what is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const chip of chipsOf(text)) expect(without(text, chip).length).toBeLessThan(text.length)
        for (const each of suggestionsFor(text, { owner: [], label: [] })) expect(each.text).toContain(':')
      }),
    )
  })
})

test('ready-made views say nothing that a search would not understand', () => {
  for (const { query, name } of readyViews) {
    expect(parseSearch(query, makeReadTimeSpan({ now: 1_700_000_000_000, zone: 'utc' })).problems, name).toEqual([])
  }
})

describe('suggestions of a search', () => {
  it('are operators while one is begun, then its values', () => {
    expect(labels('')).toContain('from:')
    expect(labels('kitchen ')).toEqual([])
    expect(labels('k')).toEqual([])
    expect(texts('kitchen ch')).toEqual(['kitchen channel:'])
    expect(texts('-ti')).toEqual(['-tier:'])
    expect(texts('tier:')).toEqual(['tier:hot ', 'tier:warm ', 'tier:nurture '])
    expect(texts('is:un')).toEqual(['is:unassigned '])
    expect(labels('is:unassigned')).toEqual([])
    expect(texts('owner:d')).toEqual(['owner:"Dana Lee" '])
    expect(texts('label:s')).toEqual(['label:"Second home" '])
    expect(texts('-label:v')).toEqual(['-label:VIP '])
    expect(texts('outc')).toEqual(['outcome:'])
    expect(texts('outcome:w')).toEqual(['outcome:won '])
    expect(texts('su')).toEqual(['subject:'])
    expect(texts('after:last')).toEqual(['after:"last week" ', 'after:"last month" '])
    expect(labels('colour:r')).toEqual([])
  })
})

describe('calling somebody in a note', () => {
  const spot = (text: string) => mentionAt(text, text.length)
  const team = [{ name: 'Dana Lee' }, { name: 'Sam Park' }, { name: 'Lee Wu' }]
  const found = (text: string) => {
    const at = spot(text)
    return at ? membersFor(at, team).map((each) => each.name) : null
  }

  it('is suggested behind an @ that begins a word', () => {
    expect(found('ask @')).toEqual(['Dana Lee', 'Sam Park', 'Lee Wu'])
    expect(found('@da')).toEqual(['Dana Lee'])
    expect(found('(@lee')).toEqual(['Dana Lee', 'Lee Wu'])
    expect(found('@sam park')).toEqual([])
    expect(found('office@da')).toBeNull()
    expect(found('@da, then')).toBeNull()
    expect(found('no sign')).toBeNull()
  })

  it('puts the name in where the caret is', () => {
    const text = 'ask @da about it'
    const at = mentionAt(text, 7)
    expect(at && withMention(text, at, 'Dana Lee')).toEqual({ text: 'ask @Dana Lee about it', caret: 14 })
  })
})

describe('many leads at once', () => {
  const ids = Array.from({ length: 1201 }, (_, at) => at + 1)

  it('are handed over in portions, in order', async () => {
    const sizes: number[] = []
    const { done, failure } = await inPortions(ids, async (some) => sizes.push(some.length))
    expect(sizes).toEqual([portion, portion, 201])
    expect([done.length, failure]).toEqual([3, null])
  })

  it('stop at the first portion that fails, and tell what was done', async () => {
    const { done, failure } = await inPortions(ids, async (some) => {
      if (some.includes(700)) throw new Error('no')
      return some.length
    })
    expect(done).toEqual([500])
    expect(failure).toMatchObject({ message: 'no' })
  })
})
