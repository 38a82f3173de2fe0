import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Account } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { focusFirstError } from './focus-first-error.ts'
import { Fold } from './fold.tsx'
import { MappingFields } from './mapping-fields.tsx'
import { ProviderFields } from './provider-fields.tsx'
import { SamplePreview } from './sample-preview.tsx'
import styles from './setup-form.module.css'
import { useGuard } from './use-guard.ts'
import { WebFormUse } from './web-form-use.tsx'
import { missesSecret, secretsOf, settingsOf, startValues, type WebFormValues } from './web-form-values.ts'

type Props = { readonly account: Account | null; readonly onSaved: (id: number) => void }

type Saved = Pick<WebFormValues, 'provider'> & { readonly id: number; readonly url: string; readonly isSigned: boolean }

/** A web form: a name first; once it is saved, its address, a piece of HTML to paste, and a test. */
export function WebFormForm({ account, onSaved }: Props) {
  const [saved, setSaved] = useState<Saved | null>(savedOf(account))
  const providers = useEngine('channels.formProviders', {})
  const { busy, problem, guard } = useGuard()
  const infoOf = (id: WebFormValues['provider']) => providers.data?.find((it) => it.id === id)
  const isSigned = (provider: WebFormValues['provider']) => saved?.provider === provider && saved.isSigned
  const form = useForm<WebFormValues>({
    initialValues: startValues(account),
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the form a name, for instance that of its page.' : null),
      source: (value) => (value.trim() === '' ? 'Say where these leads come from.' : null),
      signing: (value, { provider }) =>
        missesSecret(infoOf(provider), value, isSigned(provider))
          ? 'Without it anybody could send leads in their name.'
          : null,
    },
  })
  const submit = form.onSubmit((values) => {
    void guard(async () => {
      const settings = settingsOf(values, account)
      const secrets = secretsOf(values)
      const answer = await call('channels.saveForm', { id: saved?.id ?? null, settings, secrets })
      const { provider } = values
      setSaved({ ...answer, provider, isSigned: secrets.signing !== null || isSigned(provider) })
      form.setValues({ signing: '', accessToken: '' })
      form.resetDirty({ ...values, signing: '', accessToken: '' })
      onSaved(answer.id)
    })
  }, focusFirstError(form))
  const info = saved ? infoOf(saved.provider) : undefined
  return (
    <div className={styles.form}>
      <form className={styles.form} noValidate onSubmit={submit}>
        <div className={styles.pair}>
          <TextInput
            label="Name of the form"
            description="Shown on each lead."
            dir="auto"
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <TextInput
            label="Where these leads come from"
            description="Ads are told apart by themselves."
            dir="auto"
            maxLength={100}
            {...form.getInputProps('source')}
          />
        </div>
        {providers.isError && !providers.data && (
          <ErrorNotice error={providers.error} onRetry={() => void providers.refetch()} />
        )}
        <ProviderFields form={form} providers={providers.data ?? []} isSigned={isSigned(form.values.provider)} />
        <Fold label="Odd field names, or a post to try">
          <MappingFields
            rows={form.values.mapping}
            onChange={(mapping) => form.setFieldValue('mapping', [...mapping])}
          />
          <SamplePreview settings={settingsOf(form.values, account)} />
        </Fold>
        {problem !== null && <ErrorNotice error={problem} />}
        <div className={styles.buttons}>
          <Button type="submit" loading={busy} disabled={saved !== null && !form.isDirty()}>
            {saved === null ? 'Make the form' : form.isDirty() ? 'Save' : 'Saved'}
          </Button>
        </div>
      </form>
      {saved !== null && <WebFormUse id={saved.id} url={saved.url} info={info} isSigned={saved.isSigned} />}
    </div>
  )
}

function savedOf(account: Account | null): Saved | null {
  if (account?.settings.kind !== 'form') return null
  const { form, url } = account.settings
  return { id: account.id, url, provider: form.provider ?? 'generic', isSigned: form.signed ?? false }
}
