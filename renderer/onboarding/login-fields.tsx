import { PasswordInput, SegmentedControl, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconInfoCircle } from '@tabler/icons-react'
import type { Ref } from 'react'
import type { MailboxValues } from './mailbox-values.ts'
import { OutsideLink } from './outside-link.tsx'
import { PasswordHelp } from './password-help.tsx'
import styles from './setup-form.module.css'
import { type SignInProvider, signInHelp } from './sign-in-values.ts'

type Props = {
  readonly form: UseFormReturnType<MailboxValues>
  readonly provider: SignInProvider | null
  /** One is stored already. */
  readonly hasPassword: boolean
  readonly hasSecret: boolean
  readonly firstField: Ref<HTMLInputElement>
}

/** The password, or the page of the provider where it offers one. */
export function LoginFields({ form, provider, hasPassword, hasSecret, firstField }: Props) {
  const { login, imap } = form.values
  const bySignIn = provider !== null && login.kind === 'oauth'
  return (
    <>
      {provider !== null && (
        <SegmentedControl
          aria-label="How to open this mailbox"
          fullWidth
          data={[
            { value: 'password', label: 'With an app password' },
            { value: 'oauth', label: `Sign in with ${signInHelp[provider].name}` },
          ]}
          value={login.kind}
          onChange={(kind) => form.setFieldValue('login', { ...login, kind: kind === 'oauth' ? 'oauth' : 'password' })}
        />
      )}
      {bySignIn ? <SignInHelpBox provider={provider} /> : <PasswordHelp imapHost={imap.host} />}
      <div className={styles.pair}>
        <TextInput
          label="Your mails come from"
          description="Name that people see beside your address."
          dir="auto"
          maxLength={200}
          {...form.getInputProps('name')}
        />
        {bySignIn ? (
          <TextInput
            ref={firstField}
            label="Client ID"
            description={`What ${signInHelp[provider].name} knows Deskbell by.`}
            autoComplete="off"
            spellCheck={false}
            maxLength={300}
            {...form.getInputProps('login.clientId')}
          />
        ) : (
          <PasswordInput
            ref={firstField}
            label="Password"
            description={hasPassword ? 'Leave empty to keep the one there is.' : 'Kept on this computer only.'}
            autoComplete="off"
            spellCheck={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
            {...form.getInputProps('password')}
          />
        )}
        {bySignIn && signInHelp[provider].hasSecret && (
          <PasswordInput
            label="Client secret"
            description={hasSecret ? 'Leave empty to keep the one there is.' : 'Kept on this computer only.'}
            autoComplete="off"
            spellCheck={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the client secret' }}
            {...form.getInputProps('login.clientSecret')}
          />
        )}
      </div>
    </>
  )
}

function SignInHelpBox({ provider }: { readonly provider: SignInProvider }) {
  const { name, steps, link } = signInHelp[provider]
  return (
    <div className={styles.help} data-tone="calm">
      <IconInfoCircle size={18} aria-hidden="true" />
      <div>
        <b>{`You sign in on ${name}’s own page`}</b>
        <p>Deskbell never sees your password. {steps}</p>
        <OutsideLink url={link.url}>{link.label}</OutsideLink>
      </div>
    </div>
  )
}
