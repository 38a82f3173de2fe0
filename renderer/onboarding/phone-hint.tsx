import { Button } from '@mantine/core'
import { IconPhoneCall } from '@tabler/icons-react'
import { useEngine } from '../rpc/queries.ts'
import styles from './setup-form.module.css'

type Props = { readonly me: number | null; readonly onAddMobile: () => void }

/** Dialling rings the own phone first, so it needs one. */
export function PhoneHint({ me, onAddMobile }: Props) {
  const team = useEngine('team.list', {}).data
  if (!team) return null
  const mobile = team.members.find((it) => it.id === me)?.mobile ?? null
  return (
    <div className={styles.help} data-tone={mobile === null ? 'needed' : 'calm'}>
      <IconPhoneCall size={18} aria-hidden="true" />
      <div>
        <b>{mobile === null ? 'To call from Deskbell, add your mobile' : `Calls ring your mobile first: ${mobile}`}</b>
        <p>You pick up your own phone, then the lead is rung. They see your business number.</p>
        {mobile === null && (
          <Button mt={8} size="compact-sm" variant="default" onClick={onAddMobile}>
            Add my mobile
          </Button>
        )}
      </div>
    </div>
  )
}
