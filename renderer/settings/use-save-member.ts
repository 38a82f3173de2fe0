import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import type { MemberToSave } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { plural } from '../ui/time-format.ts'

/** Saves a member. Leads that went to others because this one goes are named, and can be taken back. */
export function useSaveMember(): (member: MemberToSave) => Promise<number> {
  const client = useQueryClient()
  const undo = useUndo()
  return async (member) => {
    const { id, left } = await call('team.save', member)
    if (left === null) return id
    const { moved, stayed, undoId } = left
    const stay =
      stayed === 0 ? '' : `${plural(stayed, 'unanswered lead')} still with ${member.name}: nobody else is there.`
    if (undoId === null) {
      notifications.show({ message: stay, autoClose: 8000 })
      return id
    }
    undo.offer({
      label: [`${plural(moved, 'unanswered lead')} of ${member.name} went to others.`, stay].join(' ').trim(),
      undo: async () => {
        await call('inbox.undo', { undoId })
        await client.invalidateQueries()
      },
    })
    return id
  }
}
