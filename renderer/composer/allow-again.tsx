import { Button, Popover, Text } from '@mantine/core'
import { useState } from 'react'
import type { Handle } from '../../src/people/contract.ts'
import { call } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'

/** Lifts a block that only a sentence of theirs caused, after somebody read it again. The engine refuses a real STOP. */
export function AllowAgain({ handle }: { readonly handle: Handle }) {
  const [open, setOpen] = useState(false)
  const report = useReport()
  const lift = () => {
    setOpen(false)
    call('people.liftOptOut', { handleId: handle.id }).catch(report)
  }
  return (
    <Popover opened={open} onChange={setOpen} position="top-end" width={280} withArrow trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!open)}>
          Allow again…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">
          Allow texts to {handle.display} only when you read what they wrote and it did not mean “no more texts”.
        </Text>
        <Button size="xs" mt="xs" onClick={lift}>
          They meant something else
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
