import type { CardHandle, PersonCard } from '../../src/people/contract.ts'
import { conflict } from '../../src/rpc/errors.ts'

type Cards = {
  readonly cards: ReadonlyMap<number, PersonCard>
  readonly save: (card: PersonCard) => void
  /** Closes leads; answers how to take it back. */
  readonly close: (leadIds: readonly number[]) => { undoId: number }
}

const me = 'Dana Whitfield'

/** What the window says of addresses and numbers, and who is blocked. */
export const handleAnswers = ({ cards, save, close }: Cards) => {
  const change = (ids: readonly number[], patch: (handle: CardHandle, card: PersonCard) => Partial<CardHandle>) => {
    for (const card of cards.values()) {
      if (!card.handles.some((it) => ids.includes(it.id))) continue
      const handles = card.handles.map((it) => (ids.includes(it.id) ? { ...it, ...patch(it, card) } : it))
      save({ ...card, handles })
    }
  }
  const found = (id: number) => [...cards.values()].flatMap((it) => it.handles).find((it) => it.id === id)
  const blockedNow = () => ({ blocked: { at: Date.now(), by: me, came: 0 } })
  const block = (handleIds: readonly number[]) => {
    change(handleIds, blockedNow)
    const gone = [...cards.values()].filter((it) => it.handles.every((handle) => handle.blocked !== null))
    const leadIds = gone.flatMap((it) => (it.lead?.row.status === 'open' ? [it.lead.row.leadId] : []))
    return { handleIds: [...handleIds], undoId: leadIds.length === 0 ? null : close(leadIds).undoId }
  }
  return {
    'people.optOut': ({ handleId }: { handleId: number }) => {
      change([handleId], () => ({ optedOutAt: Date.now(), optOut: { how: 'hand', by: me } }))
      return {}
    },
    'people.liftOptOut': ({ handleId, reason }: { handleId: number; reason?: string | undefined }) => {
      const how = found(handleId)?.optOut?.how
      if (!reason && how !== 'hand' && how !== 'phrase') throw conflict('They asked for no more texts themselves.')
      change([handleId], () => ({ optedOutAt: null, optOut: null }))
      return {}
    },
    'people.setWrong': ({ handleId, wrong }: { handleId: number; wrong: boolean }) => {
      change([handleId], () => ({ valid: !wrong, wrong: wrong ? { at: Date.now(), by: me } : null, first: false }))
      return {}
    },
    'people.useFirst': ({ handleId, first }: { handleId: number; first: boolean }) => {
      const kind = found(handleId)?.kind
      const others = [...cards.values()].find((it) => it.handles.some((one) => one.id === handleId))?.handles ?? []
      const before = others.find((it) => it.kind === kind && it.first)?.id ?? null
      change(
        others.filter((it) => it.kind === kind).map((it) => it.id),
        (it) => ({ first: first && it.id === handleId }),
      )
      return { before }
    },
    'people.block': ({ handleIds }: { handleIds: number[] }) => block(handleIds),
    'people.blockLeads': ({ leadIds }: { leadIds: number[] }) =>
      block(
        [...cards.values()]
          .filter((it) => it.lead && leadIds.includes(it.lead.row.leadId))
          .flatMap((it) => it.handles.map(({ id }) => id)),
      ),
    'people.unblock': ({ handleIds }: { handleIds: number[] }) => {
      change(handleIds, () => ({ blocked: null }))
      return {}
    },
    'people.blocks': () => ({
      blocks: [...cards.values()].flatMap(({ personId, name, handles }) =>
        handles.flatMap(({ id: handleId, kind, display, blocked }) =>
          blocked ? [{ ...{ handleId, personId, name, kind, display }, ...blocked }] : [],
        ),
      ),
      more: false,
    }),
  }
}
