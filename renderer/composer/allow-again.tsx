import { Button } from '@mantine/core'
import { useState } from 'react'
import type { CardHandle } from '../../src/people/contract.ts'
import { AllowAgainDialog } from '../person/allow-again-dialog.tsx'

/** The way out where the composer says that they asked for no more. */
export function AllowAgain({ handle }: { readonly handle: CardHandle }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)}>
        Allow again…
      </Button>
      {open && <AllowAgainDialog handle={handle} onClose={() => setOpen(false)} />}
    </>
  )
}
