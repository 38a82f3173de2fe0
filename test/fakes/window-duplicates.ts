import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import { notFound } from '../../src/rpc/errors.ts'
import type { World } from './window-data.ts'

type Mine = Extract<
  MethodName,
  | 'people.duplicates'
  | 'people.allDuplicates'
  | 'people.notSame'
  | 'people.maybeSame'
  | 'people.merge'
  | 'people.unmerge'
>
type Answers = { readonly [M in Mine]: (input: MethodInput<M>) => MethodOutput<M> }

const reasons = ['The same name at Lopez Builders', 'Signs with ana@lopezhome.example']

/** The second and the fourth may be one; the first and the third, too. A merge takes one of them out of the list. */
export function duplicateAnswers(world: World, newId: () => number, changed: (personIds?: number[]) => void): Answers {
  let pairs: readonly (readonly [number, number])[] = [
    [2, 4],
    [1, 3],
  ]
  const taken = new Map<number, { readonly before: World; readonly pairs: typeof pairs }>()
  const is = (pair: readonly [number, number], one: number, other: number) => pair.includes(one) && pair.includes(other)
  const lookalike = (personId: number) => {
    const card = world.cards.get(personId)
    if (!card) throw notFound('This person')
    const { name, company, title, handles } = card
    return { personId, name, company, title, handles: [...handles] }
  }
  const there = () => pairs.filter((pair) => pair.every((it) => world.cards.has(it)))
  return {
    'people.duplicates': ({ personId }) => ({
      duplicates: there()
        .filter((pair) => pair.includes(personId))
        .map(([one, other]) => ({ ...lookalike(one === personId ? other : one), reasons })),
    }),
    'people.allDuplicates': ({ limit }) => ({
      pairs: there()
        .slice(0, limit)
        .map(([one, other]) => ({ person: lookalike(one), other: lookalike(other), reasons })),
      more: false,
    }),
    'people.notSame': ({ personId, otherId }) => {
      pairs = pairs.filter((pair) => !is(pair, personId, otherId))
      changed([personId, otherId])
      return {}
    },
    'people.maybeSame': ({ personId, otherId }) => {
      pairs = [...pairs, [personId, otherId]]
      changed([personId, otherId])
      return {}
    },
    'people.merge': ({ keptId, goneId, name, company, title }) => {
      const kept = world.cards.get(keptId)
      const gone = world.cards.get(goneId)
      if (!kept || !gone) throw notFound('This person')
      const mergeId = newId()
      const before = { ...world, cards: new Map(world.cards), timelines: new Map(world.timelines) }
      taken.set(mergeId, { before, pairs })
      const said = [...(world.timelines.get(keptId) ?? []), ...(world.timelines.get(goneId) ?? [])]
      world.timelines.set(
        keptId,
        said.sort((a, b) => a.at - b.at),
      )
      world.cards.set(keptId, {
        ...kept,
        name,
        company: company ?? null,
        title: title ?? null,
        handles: [...kept.handles, ...gone.handles],
        merges: [{ mergeId, name: gone.name, at: Date.now() }, ...kept.merges],
      })
      world.cards.delete(goneId)
      world.rows = world.rows.flatMap((row) =>
        row.personId === goneId ? [] : [row.personId === keptId ? { ...row, name } : row],
      )
      changed([keptId, goneId])
      return { mergeId }
    },
    'people.unmerge': ({ mergeId }) => {
      const merge = taken.get(mergeId)
      if (!merge) throw notFound('This merge')
      Object.assign(world, merge.before)
      pairs = merge.pairs
      changed()
      return {}
    },
  }
}
