import { Button, ColorInput, Group, Select, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { FormPage } from '../../src/channels/contract.ts'
import { CopyBox } from '../onboarding/copy-box.tsx'
import { focusFirstError } from '../onboarding/focus-first-error.ts'
import formStyles from '../onboarding/setup-form.module.css'
import { useGuard } from '../onboarding/use-guard.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PagePreview } from './page-preview.tsx'
import { pageUrlOf } from './relay-words.ts'

type Props = {
  readonly id: number
  readonly token: string
  /** Of the form at the relay. */
  readonly url: string
  readonly page: FormPage | null
}

const fields = [
  { value: 'message', label: 'As their message' },
  { value: 'timeline', label: 'As when they want to start' },
  { value: 'budget', label: 'As their budget' },
  { value: 'postcode', label: 'As their postcode' },
]

/** A form as a page of its own at the relay, for whoever has no website, or wants a link to send around. */
export function RelayPage(props: Props) {
  const settings = useEngine('settings.get', {})
  if (!settings.data) return null
  return <PageFields {...props} business={settings.data.business.name || 'Our office'} />
}

function PageFields({ id, token, url, page, business }: Props & { readonly business: string }) {
  const { busy, problem, guard } = useGuard()
  const form = useForm<FormPage>({
    initialValues: page ?? { ...usual, business },
    validate: {
      business: (value) => (value.trim() === '' ? 'Type the name that visitors read.' : null),
      question: (value) => (value.trim() === '' ? 'Type the one question that tells you most.' : null),
      colour: (value) => (/^#[0-9a-f]{6}$/i.test(value) ? null : 'Choose a color, like #1f2e6e.'),
    },
  })
  const save = (next: FormPage | null) =>
    guard(async () => {
      await call('channels.saveFormPage', { id, token, page: next })
      if (next) form.resetDirty(form.values)
    })
  const submit = form.onSubmit((values) => {
    void save({ ...values, colour: values.colour.toLowerCase() })
  }, focusFirstError(form))
  return (
    <form className={formStyles.form} noValidate onSubmit={submit}>
      {page !== null && <CopyBox label="Link to the page" text={pageUrlOf(url)} />}
      <div className={formStyles.pair}>
        <TextInput label="Name that visitors read" dir="auto" maxLength={200} {...form.getInputProps('business')} />
        <ColorInput label="Color of the button" {...form.getInputProps('colour')} />
      </div>
      <Textarea
        label="A sentence above the form"
        dir="auto"
        autosize
        maxLength={500}
        {...form.getInputProps('intro')}
      />
      <div className={formStyles.pair}>
        <TextInput
          label="The one question that tells you most"
          dir="auto"
          maxLength={200}
          {...form.getInputProps('question')}
        />
        <Select
          label="What the answer counts as"
          data={fields}
          allowDeselect={false}
          {...form.getInputProps('field')}
        />
      </div>
      <PagePreview page={form.values} />
      {problem !== null && <ErrorNotice error={problem} />}
      <Group gap={8}>
        <Button type="submit" loading={busy} disabled={page !== null && !form.isDirty()}>
          {page === null ? 'Make the page' : form.isDirty() ? 'Save the page' : 'Saved'}
        </Button>
        {page !== null && (
          <Button variant="subtle" color="red" loading={busy} onClick={() => void save(null)}>
            Take the page away
          </Button>
        )}
      </Group>
    </form>
  )
}

const usual: FormPage = {
  business: '',
  intro: 'Tell us what you need and we will get back to you.',
  colour: '#1f2e6e',
  question: 'How can we help?',
  field: 'message',
}
