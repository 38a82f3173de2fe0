import { refreshLeadRow } from '../store/queries/lead-row.ts'
import type { WriteStore } from '../store/store.ts'
import { currentMember, leadOf } from './surroundings.ts'

type Member = { readonly id: number; readonly name: string }

/**
 * Who is called in a note: `@` and a name, or a first name that only one of the team has. "@Ana-Maria," and "@ana" work;
 * an address such as `office@dana.example` calls nobody.
 */
export function mentionedIn(text: string, members: readonly Member[]): readonly Member[] {
  const words = text.toLocaleLowerCase().normalize('NFC')
  const firstNames = members.map((it) => firstName(it.name))
  return members.filter((member) => {
    const name = fullName(member.name)
    const first = firstName(member.name)
    const calls = (called: string) => called !== '' && isCalled(words, called)
    if (calls(name)) return true
    if (firstNames.filter((it) => it === first).length !== 1) return false
    // "@Dana Lee" calls Dana Lee and not Dana Fox, whose first name is the same.
    return calls(first)
  })
}

const fullName = (name: string) => name.trim().toLocaleLowerCase().normalize('NFC')
const firstName = (name: string) => fullName(name).split(/\s+/)[0] ?? ''

function isCalled(text: string, name: string): boolean {
  for (let at = text.indexOf(`@${name}`); at >= 0; at = text.indexOf(`@${name}`, at + 1)) {
    const before = text.charAt(at - 1)
    const after = text.charAt(at + 1 + name.length)
    if (!/[\p{L}\p{N}._%+-]/u.test(before) && !/[\p{L}\p{N}\p{M}]/u.test(after)) return true
  }
  return false
}

type Note = { readonly interactionId: number; readonly personId: number; readonly text: string }

/** Brings the calls of a note in line with its text. */
export async function noteMentions(
  tx: WriteStore,
  { interactionId, personId, text }: Note,
  now: number,
): Promise<void> {
  const members = await tx.db.selectFrom('member').select(['id', 'name']).where('removed_at', 'is', null).execute()
  const author = await currentMember(tx)
  // Who writes their own name knows what it says.
  const called = mentionedIn(text, members).filter((it) => it.id !== author?.id)
  const known = await tx.db
    .selectFrom('mention')
    .select('member_id')
    .where('interaction_id', '=', interactionId)
    .execute()
  const gone = known.map((it) => it.member_id).filter((id) => !called.some((it) => it.id === id))
  if (gone.length > 0) {
    await tx.db
      .deleteFrom('mention')
      .where('interaction_id', '=', interactionId)
      .where('member_id', 'in', gone)
      .execute()
  }
  for (const member of called.filter((it) => !known.some((each) => each.member_id === it.id))) {
    await tx.db
      .insertInto('mention')
      .values({ interaction_id: interactionId, member_id: member.id, at: now, seen_at: null })
      .execute()
  }
  const lead = await leadOf(tx, personId)
  if (lead) await refreshLeadRow(tx, lead.id)
}
