import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowUp,
  IconBan,
  IconCircleCheck,
  IconDots,
  IconMailOff,
  IconMessageOff,
  IconMessages,
  IconX,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { CardHandle } from '../../src/people/contract.ts'
import { AllowAgainDialog } from './allow-again-dialog.tsx'
import { useHandleMarks } from './use-handle-marks.ts'

type Props = {
  readonly handle: CardHandle
  /** There is another one of its kind, so that one can go first. */
  readonly hasOthers: boolean
}

/** What a member can say of an address or number. */
export function HandleMenu({ handle, hasOthers }: Props) {
  const marks = useHandleMarks()
  const [allowing, setAllowing] = useState(false)
  const { kind, display, valid, first, optedOutAt, blocked } = handle
  const isMail = kind === 'email'
  const what = isMail ? 'address' : kind === 'phone' ? 'number' : 'chat'
  const item = 15
  return (
    <>
      <Menu position="bottom-end" withinPortal returnFocus>
        <Menu.Target>
          <ActionIcon data-handle-menu size="xs" variant="subtle" color="gray" aria-label={`More for ${display}`}>
            <IconDots size={13} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {kind !== 'chat' && valid && (hasOthers || first) && (
            <Menu.Item leftSection={<IconArrowUp size={item} />} onClick={() => void marks.putFirst(handle, !first)}>
              {first ? 'Do not use this first any more' : 'Use this first'}
            </Menu.Item>
          )}
          {kind !== 'chat' &&
            (optedOutAt === null ? (
              <Menu.Item
                leftSection={isMail ? <IconMailOff size={item} /> : <IconMessageOff size={item} />}
                onClick={() => marks.optOut(handle)}
              >
                {isMail ? 'They want no more mail here' : 'They want no more texts here'}
              </Menu.Item>
            ) : (
              <Menu.Item leftSection={<IconMessages size={item} />} onClick={() => setAllowing(true)}>
                {isMail ? 'Allow mail again…' : 'Allow texts again…'}
              </Menu.Item>
            ))}
          {kind !== 'chat' && (
            <Menu.Item
              leftSection={valid ? <IconX size={item} /> : <IconCircleCheck size={item} />}
              onClick={() => marks.setWrong(handle, valid)}
            >
              {valid ? `Wrong ${what}` : `Not a wrong ${what} after all`}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconBan size={item} />}
            onClick={() => (blocked ? marks.unblock([handle], display) : void marks.block([handle], display))}
          >
            {blocked ? 'Unblock' : `Block this ${what}`}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {allowing && <AllowAgainDialog handle={handle} onClose={() => setAllowing(false)} />}
    </>
  )
}
