import { Button, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import formStyles from '../onboarding/setup-form.module.css'
import { useGuard } from '../onboarding/use-guard.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'

type Props = {
  readonly id: number
  /** What is wrong, in the words of the relay's channel. */
  readonly message: string
  /** `moved`: all addresses are new. */
  readonly onDone: (moved: boolean) => void
}

/** After the relay refused the key of this workspace: a new invite gives it a new one. */
export function RelayRekey({ id, message, onDone }: Props) {
  const [invite, setInvite] = useState('')
  const { busy, problem, guard } = useGuard()
  return (
    <form
      className={formStyles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void guard(async () => {
          const answer = await call('channels.reconnectRelay', { id, invite: invite.trim() })
          onDone(answer.moved)
        })
      }}
    >
      <div className={formStyles.help} data-tone="needed" role="alert">
        <IconKey size={18} aria-hidden="true" />
        <div>
          <b>This relay must be connected again</b>
          <p>{message}</p>
        </div>
      </div>
      <TextInput
        label="New invite code"
        description="From whoever runs the relay."
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={invite}
        onChange={(event) => setInvite(event.currentTarget.value)}
      />
      {problem !== null && <ErrorNotice error={problem} />}
      <div className={formStyles.buttons}>
        <Button type="submit" loading={busy} disabled={invite.trim() === ''}>
          Connect again
        </Button>
      </div>
    </form>
  )
}
