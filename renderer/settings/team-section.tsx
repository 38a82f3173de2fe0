import { Button, Stack, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Member, Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useNow } from '../ui/now.tsx'
import { phoneText } from '../ui/phone-text.ts'
import { useReport } from '../ui/report.tsx'
import { dutyWords } from './duty-words.ts'
import { MemberDialog } from './member-dialog.tsx'
import styles from './settings.module.css'
import { useSaveMember } from './use-save-member.ts'

/** Who answers leads here, who is on duty, and who sits in front of this window. */
export function TeamSection({ settings }: { readonly settings: Settings }) {
  const { me } = settings
  const now = useNow('minute')
  const team = useEngine('team.list', {})
  const [editing, setEditing] = useState<Member | 'new' | null>(null)
  const members = team.data?.members ?? []
  return (
    <Stack gap="md">
      <p className={styles.lead}>
        New leads go to the people who are there: on duty, in their hours, not on vacation. Routing says who gets which.
        A call from Deskbell rings your own phone first.
      </p>
      {team.data && members.length === 0 && <p className={styles.dim}>Nobody yet. Start with yourself.</p>}
      {members.length > 0 && (
        <div className={styles.box}>
          {members.map((it) => (
            <MemberRow
              key={it.id}
              member={it}
              settings={settings}
              now={now}
              isMe={it.id === me}
              onEdit={() => setEditing(it)}
            />
          ))}
        </div>
      )}
      <div>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
          Add somebody
        </Button>
      </div>
      {editing !== null && (
        <MemberDialog
          member={editing === 'new' ? null : editing}
          settings={settings}
          skills={[...new Set(members.flatMap((it) => it.skills))]}
          now={now}
          onClose={() => setEditing(null)}
        />
      )}
    </Stack>
  )
}

type RowProps = {
  readonly member: Member
  readonly settings: Settings
  readonly now: number
  readonly isMe: boolean
  readonly onEdit: () => void
}

function MemberRow({ member, settings, now, isMe, onEdit }: RowProps) {
  const report = useReport()
  const saveMember = useSaveMember()
  const { id, name, email, mobile, onDuty } = member
  return (
    <div className={styles.row}>
      <Avatar name={member.name} size={34} />
      <div className={styles.grow}>
        <div className={styles.ellipsis} dir="auto">
          <b>{member.name}</b> {isMe && <span className={styles.dim}>· you</span>}
        </div>
        <div className={`${styles.dim} ${styles.ellipsis}`}>
          {[
            member.mobile === null ? 'no phone to ring yet' : phoneText(member.mobile),
            ...dutyWords(member, settings, now),
          ].join(' · ')}
        </div>
      </div>
      {!isMe && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => void call('settings.savePreferences', { me: member.id }).catch(report)}
        >
          That’s me
        </Button>
      )}
      <Switch
        size="sm"
        label="On duty"
        aria-label={`${name} is on duty`}
        checked={onDuty}
        onChange={() => void saveMember({ id, name, email, mobile, onDuty: !onDuty }).catch(report)}
      />
      <Button size="compact-sm" variant="default" aria-label={`Edit ${member.name}`} onClick={onEdit}>
        Edit
      </Button>
    </div>
  )
}
