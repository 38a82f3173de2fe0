import { NumberInput, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { EmailSettings } from '../../src/channels/contract.ts'
import styles from './settings.module.css'

type Server = EmailSettings['imap']

export const emptyServer = (port: number): Server => ({ host: '', port, security: 'tls', user: '' })

const securities = [
  { value: 'tls', label: 'TLS' },
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'none', label: 'None (this computer only)' },
]

type Props = {
  readonly title: string
  readonly path: 'imap' | 'smtp'
  readonly form: UseFormReturnType<EmailSettings>
}

/** Server, port, encryption and user of one direction. */
export function ServerFields({ title, path, form }: Props) {
  return (
    <fieldset className={styles.box} style={{ margin: 0 }}>
      <legend className={styles.dim}>{title}</legend>
      <div className={styles.grid2}>
        <TextInput label="Server" {...form.getInputProps(`${path}.host`)} />
        <NumberInput label="Port" min={1} max={65_535} hideControls {...form.getInputProps(`${path}.port`)} />
        <Select
          label="Encryption"
          allowDeselect={false}
          data={securities}
          {...form.getInputProps(`${path}.security`)}
        />
        <TextInput label="User" {...form.getInputProps(`${path}.user`)} />
      </div>
    </fieldset>
  )
}
