import { useForm } from '@mantine/form'
import type { Business } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { BusinessFields, businessRules } from '../settings/business-fields.tsx'
import { SaveBar, useSave } from '../settings/save-bar.tsx'
import { firstGuess } from './first-guess.ts'
import styles from './setup-form.module.css'

type Props = { readonly business: Business; readonly onSaved: () => void; readonly submitLabel?: string }

/** The business on the first run: zone and country are filled in from this computer, to be looked over. */
export function BusinessForm({ business, onSaved, submitLabel = 'Save' }: Props) {
  const { busy, problem, save } = useSave()
  const form = useForm<Business>({
    initialValues: firstGuess(business, {
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      languages: navigator.languages,
    }),
    validate: businessRules,
  })
  const submit = form.onSubmit((values) => {
    const saving = save(
      () => call('settings.saveBusiness', { ...values, name: values.name.trim() }),
      () => null,
    )
    void saving.then((done) => {
      if (!done) return
      form.resetDirty()
      onSaved()
    })
  })
  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      <BusinessFields form={form} />
      <SaveBar busy={busy} problem={problem} label={submitLabel} />
    </form>
  )
}
