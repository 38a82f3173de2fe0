import { useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { RelayAddresses } from './relay-addresses.tsx'
import { RelayConnect } from './relay-connect.tsx'

type Props = { readonly account: Account | null; readonly onSaved: (id: number) => void }

/** Connects a relay; once it is there, its public addresses. */
export function RelayForm({ account, onSaved }: Props) {
  const [id, setId] = useState(account?.id ?? null)
  if (id !== null) return <RelayAddresses id={id} />
  return (
    <RelayConnect
      onConnected={(made) => {
        setId(made)
        onSaved(made)
      }}
    />
  )
}
