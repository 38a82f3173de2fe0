import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Account, FormSettings } from '../../src/channels/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { focusFirstError } from './focus-first-error.ts'
import { Fold } from './fold.tsx'
import { MappingFields, type MappingRow, mappingOf, rowsOf } from './mapping-fields.tsx'
import styles from './setup-form.module.css'
import { useGuard } from './use-guard.ts'
import { WebFormUse } from './web-form-use.tsx'

type Props = { readonly account: Account | null; readonly onSaved: (id: number) => void }

type Values = { readonly name: string; readonly source: string; readonly mapping: readonly MappingRow[] }
type Saved = { readonly id: number; readonly url: string }

/** A web form: a name first; once it is saved, its address, a piece of HTML to paste, and a test. */
export function WebFormForm({ account, onSaved }: Props) {
  const [saved, setSaved] = useState<Saved | null>(savedOf(account))
  const { busy, problem, guard } = useGuard()
  const form = useForm<Values>({
    initialValues: startValues(account),
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the form a name, for instance that of its page.' : null),
      source: (value) => (value.trim() === '' ? 'Say where these leads come from.' : null),
    },
  })
  const submit = form.onSubmit(({ name, source, mapping }) => {
    // What else belongs to the form is not edited here and stays as it was.
    const kept = account?.settings.kind === 'form' ? account.settings.form : {}
    const settings: FormSettings = { ...kept, name: name.trim(), source: source.trim(), mapping: mappingOf(mapping) }
    void guard(async () => {
      const answer = await call('channels.saveForm', { id: saved?.id ?? null, settings })
      setSaved(answer)
      form.resetDirty()
      onSaved(answer.id)
    })
  }, focusFirstError(form))
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
        <Fold label="My form has fields with odd names">
          <MappingFields
            rows={form.values.mapping}
            onChange={(mapping) => form.setFieldValue('mapping', [...mapping])}
          />
        </Fold>
        {problem !== null && <ErrorNotice error={problem} />}
        <div className={styles.buttons}>
          <Button type="submit" loading={busy} disabled={saved !== null && !form.isDirty()}>
            {saved === null ? 'Make the form' : form.isDirty() ? 'Save' : 'Saved'}
          </Button>
        </div>
      </form>
      {saved !== null && <WebFormUse id={saved.id} url={saved.url} />}
    </div>
  )
}

const savedOf = (account: Account | null): Saved | null =>
  account?.settings.kind === 'form' ? { id: account.id, url: account.settings.url } : null

function startValues(account: Account | null): Values {
  if (account?.settings.kind !== 'form') return { name: 'Contact form', source: 'Website', mapping: [] }
  const { name, source, mapping } = account.settings.form
  return { name, source, mapping: rowsOf(mapping) }
}
