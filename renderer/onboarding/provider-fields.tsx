import { PasswordInput, Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import styles from './setup-form.module.css'
import type { ProviderInfo, WebFormValues } from './web-form-values.ts'

type Props = {
  readonly form: UseFormReturnType<WebFormValues>
  readonly providers: readonly ProviderInfo[]
  /** A secret of this provider is stored. */
  readonly isSigned: boolean
}

/** Who sends the posts, and what proves that they are from them. */
export function ProviderFields({ form, providers, isSigned }: Props) {
  const info = providers.find((it) => it.id === form.values.provider)
  return (
    <>
      <Select
        label="Who sends them"
        description="Your own form, or the service that collects the leads."
        data={providers.map(({ id, name }) => ({ value: id, label: name }))}
        allowDeselect={false}
        searchable
        {...form.getInputProps('provider')}
      />
      {info && info.signing !== 'none' && (
        <div className={styles.pair}>
          <PasswordInput
            label={info.signing === 'required' ? 'Secret' : 'Secret, if you want one'}
            description={
              isSigned ? 'Leave empty to keep the one there is.' : `${info.signingLabel}. Posts without it are refused.`
            }
            autoComplete="off"
            spellCheck={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
            {...form.getInputProps('signing')}
          />
          {info.accessToken && (
            <PasswordInput
              label="Access token"
              description={isSigned ? 'Leave empty to keep the one there is.' : 'Fetches what they filled in.'}
              autoComplete="off"
              spellCheck={false}
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the access token' }}
              {...form.getInputProps('accessToken')}
            />
          )}
        </div>
      )}
    </>
  )
}
