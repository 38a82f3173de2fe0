export type Member = { readonly id: number; readonly name: string; readonly onDuty: boolean }

export type Choice = {
  readonly ownerId: number | null
  readonly name: string | null
  /** A sentence for the person card. */
  readonly reason: string
  /** Whether the rotation moves on by this. */
  readonly tookTurn: boolean
}

/**
 * Who gets the lead: the one who knows the person already, else the next in turn of those on duty.
 *
 * @param members in the order of the rotation
 * @param known `before`: who owned it, or the person's last lead; `lastTurn`: who was last given one by turn, perhaps
 *   no longer in the team
 */
export function chooseOwner(
  members: readonly Member[],
  known: { readonly before: number | null; readonly lastTurn: number | null },
): Choice {
  const before = members.find((it) => it.id === known.before)
  if (before?.onDuty) {
    return { ownerId: before.id, name: before.name, reason: `${before.name} looked after them before`, tookTurn: false }
  }
  const onDuty = members.filter((it) => it.onDuty)
  const last = known.lastTurn ?? 0
  const next = onDuty.find((it) => it.id > last) ?? onDuty[0]
  if (!next) {
    const reason = members.length === 0 ? 'There is nobody in the team yet' : 'Nobody is on duty'
    return { ownerId: null, name: null, reason, tookTurn: false }
  }
  const alone = onDuty.length === 1
  const turn =
    alone && members.length === 1 ? 'the only one in the team' : alone ? 'the only one on duty' : 'next in turn'
  return {
    ownerId: next.id,
    name: next.name,
    reason: `${next.name} is ${turn}${skipped(members, next, before, last)}`,
    tookTurn: true,
  }
}

/** Whom the turn passed over, and the former owner: those are the ones a reader would ask about. */
function skipped(members: readonly Member[], next: Member, before: Member | undefined, last: number): string {
  const order = [...members.filter((it) => it.id > last), ...members.filter((it) => it.id <= last)]
  const passed = order
    .slice(
      0,
      order.findIndex((it) => it.id === next.id),
    )
    .filter((it) => !it.onDuty)
  const off = [...new Set([...(before && !before.onDuty ? [before] : []), ...passed])]
  if (off.length === 0 || off.length > 3) return ''
  const names = off.map((it) => it.name)
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `; ${list} ${names.length === 1 ? 'is' : 'are'} off duty`
}
