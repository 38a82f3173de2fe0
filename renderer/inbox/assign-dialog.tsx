import { Modal } from '@mantine/core'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Picker } from '../ui/picker.tsx'
import styles from './dialogs.module.css'

type Owner = { readonly id: number; readonly name: string } | null
type Props = {
  readonly title: string
  /** Whose they are now; null for nobody's, undefined when they are several people's. */
  readonly owner: number | null | undefined
  readonly onPick: (owner: Owner) => void
}

/** Whose lead is it? One digit a member. */
export function AssignDialog({ title, owner, onPick }: Props) {
  const { act } = useWindow()
  const team = useEngine('team.list', {})
  const settings = useEngine('settings.get', {})
  const members = team.data?.members ?? []
  const close = () => act({ do: 'dialog', dialog: null })
  return (
    <Modal opened onClose={close} title={`Assign ${title}`} size={360}>
      {team.data && members.length === 0 && (
        <p className={styles.text}>Nobody is in the team yet. Add people under Settings, Team.</p>
      )}
      {team.data && (
        <Picker
          key={members.length}
          label="Owner"
          items={[
            ...members.map((it) => ({
              key: String(it.id),
              label: it.name,
              hint: [
                it.id === owner ? 'owner now' : '',
                it.id === settings.data?.me ? 'you' : '',
                it.onDuty ? '' : 'off duty',
              ]
                .filter((word) => word !== '')
                .join(' · '),
              left: <Avatar name={it.name} size={26} />,
            })),
            {
              key: 'nobody',
              label: 'Nobody yet',
              ...(owner === null ? { hint: 'as now' } : {}),
              left: <Avatar name="?" size={26} />,
            },
          ]}
          onPick={(key) => {
            close()
            const member = members.find((it) => String(it.id) === key)
            onPick(member ? { id: member.id, name: member.name } : null)
          }}
        />
      )}
    </Modal>
  )
}
