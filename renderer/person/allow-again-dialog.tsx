import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { CardHandle } from '../../src/people/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { liftsEasily } from './use-handle-marks.ts'

type Props = { readonly handle: CardHandle; readonly onClose: () => void }

/** Allows messages again. What they asked for themselves takes a reason, which stays in the timeline. */
export function AllowAgainDialog({ handle, onClose }: Props) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const { id: handleId, kind, display, optOut } = handle
  const needsReason = !liftsEasily(handle)
  const what = kind === 'email' ? 'mail' : 'texts'
  const isReady = !busy && (!needsReason || reason.trim() !== '')
  const lift = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    setBusy(true)
    setProblem(null)
    call('people.liftOptOut', { handleId, ...(needsReason ? { reason } : {}) }).then(onClose, (error: unknown) => {
      setProblem(error)
      setBusy(false)
    })
  }
  return (
    <Modal opened onClose={onClose} title={`Allow ${what} to ${display} again?`} size={440}>
      <form onSubmit={lift}>
        <Stack gap="sm">
          <p style={{ margin: 0 }}>
            {needsReason
              ? asked[kind === 'email' ? 'email' : 'phone']
              : optOut?.how === 'phrase'
                ? `Only when you read what they wrote and it did not mean “no more ${what}”.`
                : 'It was written down by hand. Allow it when that was a mistake, or when they changed their mind.'}
          </p>
          {needsReason && (
            <Textarea
              label="How did they agree to it again?"
              placeholder="Said so on the phone on 3 May"
              description="It stays in the timeline, in case anybody asks."
              data-autofocus
              autosize
              minRows={2}
              maxLength={300}
              dir="auto"
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {problem !== null && <ErrorNotice error={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} {...(needsReason ? {} : { 'data-autofocus': true })}>
              Leave it
            </Button>
            <Button type="submit" loading={busy} disabled={!isReady}>
              Allow again
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

const asked = {
  phone:
    'They asked for no more texts themselves, and the law leaves it to them to take that back: a text with START does. Until they send one the phone network may go on refusing yours, whatever you write here.',
  email:
    'They asked for no more mail themselves. Write to them again only when they agreed to it in a way that you could show.',
} as const
