import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, readMessage } from '../../../src/enrich/read-message.ts'
import { readBudget } from '../../../src/score/read-budget.ts'

/** One message of test/fixtures/enrich with what a careful reader takes from it. */
export type MessageFixture = {
  readonly title: string
  readonly from: string
  readonly kind: 'letter' | 'text'
  readonly country: string
  readonly text: string
  /** "field=value", times as they were written. */
  readonly wanted: readonly string[]
}

/** @param file without its ending */
export function readFixtures(file: string): MessageFixture[] {
  const all = readFileSync(join(import.meta.dirname, '../../fixtures/enrich', `${file}.txt`), 'utf8')
  return all
    .split(/^=== /mu)
    .slice(1)
    .map((piece) => {
      const at = piece.indexOf('\n---\n')
      const [title = '', ...head] = piece.slice(0, at).split('\n')
      const pairs = head.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
      const given = (key: string) => pairs.find((it) => it[0] === key)?.[1]
      return {
        title,
        from: given('from') ?? '',
        kind: given('kind') === 'text' ? 'text' : 'letter',
        country: given('country') ?? 'US',
        text: piece.slice(at + 5),
        wanted: pairs
          .filter((it) => !['from', 'kind', 'country'].includes(it[0] ?? ''))
          .map(([key, value]) => `${key}=${value}`),
      }
    })
}

const ours = new Set([
  'dana@brightwater.example',
  'brightwater.example',
  '+14155550100',
  'dana reed',
  'brightwater plumbing',
])

/** What the product takes from it, in the words of `wanted`. */
export function readFixture(fixture: MessageFixture): string[] {
  const parts = /^(?:(.*?)\s*<)?([^<>\s]+@[^<>\s]+)>?$/.exec(fixture.from)
  const found = readMessage(
    {
      kind: fixture.kind,
      text: fixture.text,
      sender: { name: parts?.[1] || null, email: parts?.[2] ?? null },
      at: Date.UTC(2026, 0, 20),
      country: fixture.country,
      isOurs: (word) => ours.has(word),
    },
    readBudget,
  )
  return found.map(asWords)
}

const asWords = ({ field, value, words }: Finding) => `${field}=${field === 'timeline' ? words : value}`

export type Score = { readonly field: string; readonly right: number; readonly wrong: number; readonly missed: number }

/** Right, wrong and missed values per field; a field with several values counts each. */
export function scoreFixtures(fixtures: readonly MessageFixture[]): {
  readonly scores: Score[]
  readonly mistakes: string[]
} {
  const scores = new Map<string, { right: number; wrong: number; missed: number }>()
  const mistakes: string[] = []
  const count = (pair: string, kind: 'right' | 'wrong' | 'missed') => {
    const field = pair.slice(0, pair.indexOf('='))
    const score = scores.get(field) ?? { right: 0, wrong: 0, missed: 0 }
    score[kind] += 1
    scores.set(field, score)
  }
  for (const fixture of fixtures) {
    const found = readFixture(fixture)
    for (const pair of found) {
      const isRight = fixture.wanted.includes(pair)
      count(pair, isRight ? 'right' : 'wrong')
      if (!isRight) mistakes.push(`${fixture.title}: wrong ${pair}`)
    }
    for (const pair of fixture.wanted) {
      if (found.includes(pair)) continue
      count(pair, 'missed')
      mistakes.push(`${fixture.title}: missed ${pair}`)
    }
  }
  return { scores: [...scores].map(([field, score]) => ({ field, ...score })), mistakes }
}
