import { NumberInput, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { type MailboxValues, portAfter, type ServerKey } from './mailbox-values.ts'
import styles from './setup-form.module.css'

const securities = [
  { value: 'tls', label: 'TLS' },
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'none', label: 'None (this computer only)' },
] as const

const titles: Readonly<Record<ServerKey, string>> = { imap: 'Receiving (IMAP)', smtp: 'Sending (SMTP)' }

type Props = { readonly form: UseFormReturnType<MailboxValues>; readonly of: ServerKey }

/** One server of a mailbox, for the few whose provider we guessed wrong. */
export function ServerFields({ form, of }: Props) {
  const server = form.values[of]
  return (
    <fieldset className={styles.server}>
      <legend>{titles[of]}</legend>
      <div className={styles.serverGrid}>
        <TextInput label="Server" size="sm" spellCheck={false} {...form.getInputProps(`${of}.host`)} />
        <NumberInput label="Port" size="sm" hideControls allowDecimal={false} {...form.getInputProps(`${of}.port`)} />
        <Select
          label="Security"
          size="sm"
          data={[...securities]}
          allowDeselect={false}
          value={server.security}
          onChange={(value) => {
            const security = securities.find((it) => it.value === value)?.value
            if (!security) return
            form.setFieldValue(of, { ...server, security, port: portAfter(of, server.port, server.security, security) })
          }}
        />
        <TextInput
          className={styles.serverUser}
          label="User name"
          size="sm"
          spellCheck={false}
          {...form.getInputProps(`${of}.user`)}
        />
      </div>
    </fieldset>
  )
}
