import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ComponentType, type ReactNode, useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { kindIcons, StateLine } from '../health/channel-card.tsx'
import styles from './steps.module.css'

type FormProps = { readonly account: Account | null; readonly onSaved: (id: number) => void }

type Props = {
  readonly accounts: readonly Account[]
  readonly form: ComponentType<FormProps>
  readonly another: string
  readonly children?: ReactNode
}

/** What is connected already, or the form to connect the first. A form that was just saved stays: it says how the test went. */
export function ChannelStep({ accounts, form: Form, another, children }: Props) {
  const [editing, setEditing] = useState<number | 'new' | null>(accounts.length === 0 ? 'new' : null)
  if (editing !== null) {
    return (
      <div className={styles.stack}>
        <div className={styles.box}>
          <Form key={editing} account={accounts.find((it) => it.id === editing) ?? null} onSaved={() => undefined} />
        </div>
        {children}
      </div>
    )
  }
  return (
    <div className={styles.stack}>
      {accounts.map((account) => {
        const IconOf = kindIcons[account.kind]
        return (
          <article key={account.id} className={styles.box} aria-label={account.label}>
            <div className={styles.boxHead}>
              <IconOf size={19} stroke={1.6} aria-hidden="true" />
              <h2 dir="auto" title={account.label}>
                {account.label}
              </h2>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Change ${account.label}`}
                onClick={() => setEditing(account.id)}
              >
                Change
              </Button>
            </div>
            <StateLine account={account} />
          </article>
        )
      })}
      {children}
      <div>
        <Button variant="subtle" leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
          {another}
        </Button>
      </div>
    </div>
  )
}
