import { Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Business } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { BusinessFields, businessRules } from './business-fields.tsx'
import { SaveBar, useSave } from './save-bar.tsx'

export function BusinessSection({ business }: { readonly business: Business }) {
  const form = useForm<Business>({ initialValues: business, validate: businessRules })
  const { busy, problem, save } = useSave()
  const submit = form.onSubmit((values) => {
    void save(
      () => call('settings.saveBusiness', values),
      () => 'Saved',
    ).then((done) => done && form.resetDirty())
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <BusinessFields form={form} />
        <SaveBar busy={busy} problem={problem} dirty={form.isDirty()} onReset={form.reset} />
      </Stack>
    </form>
  )
}
