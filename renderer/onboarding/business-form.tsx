import { useForm } from '@mantine/form'
import type { Business } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { BusinessFields, businessRules } from '../settings/business-fields.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { firstGuess, thisComputer } from './first-guess.ts'
import { focusFirstError } from './focus-first-error.ts'
import styles from './setup-form.module.css'
import { useGuard } from './use-guard.ts'

type Props = {
  readonly business: Business
  /** The button that saves stands outside, with this as its `form`. */
  readonly formId: string
  readonly onSaved: () => void
}

/** The business on the first run: zone and country are filled in from this computer, to be looked over. */
export function BusinessForm({ business, formId, onSaved }: Props) {
  const { problem, guard } = useGuard()
  const form = useForm<Business>({
    initialValues: firstGuess(business, thisComputer()),
    validate: businessRules,
  })
  const submit = form.onSubmit((values) => {
    void guard(async () => {
      await call('settings.saveBusiness', { ...values, name: values.name.trim() })
      onSaved()
    })
  }, focusFirstError(form))
  return (
    <form id={formId} className={styles.form} noValidate onSubmit={submit}>
      <BusinessFields form={form} />
      {problem !== null && <ErrorNotice error={problem} />}
    </form>
  )
}
