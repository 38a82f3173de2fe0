import { Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Business } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { BusinessFields, businessRules } from '../settings/business-fields.tsx'
import { SaveBar, useSave } from '../settings/save-bar.tsx'

type Props = { readonly business: Business; readonly onDone: () => void }

/** The computer's own zone and country are the best first guess. */
export function BusinessStep({ business, onDone }: Props) {
  const guess = business.name === '' ? { ...business, ...guessPlace(business) } : business
  const form = useForm<Business>({ initialValues: guess, validate: businessRules })
  const { busy, problem, save } = useSave()
  const submit = form.onSubmit((values) => {
    void save(
      () => call('settings.saveBusiness', values),
      () => null,
    ).then((done) => done && onDone())
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <BusinessFields form={form} />
        <SaveBar busy={busy} problem={problem} label="Save and go on" />
      </Stack>
    </form>
  )
}

function guessPlace(business: Business): Pick<Business, 'zone' | 'country'> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const region = new Intl.Locale(navigator.language).region
  return { zone: timeZone || business.zone, country: region ?? business.country }
}
