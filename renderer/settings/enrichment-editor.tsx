import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import { type Provider, type ProviderSettings, providerField } from '../../src/enrich/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { EnrichmentPairs } from './enrichment-pairs.tsx'
import { EnrichmentTrial } from './enrichment-trial.tsx'
import { fieldWords, type ProviderValues, toSettings, toValues } from './enrichment-values.ts'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'

type Props = {
  /** Null for one that was never saved. */
  readonly provider: Provider | null
  readonly start: { readonly name: string; readonly settings: ProviderSettings }
  readonly onClose: () => void
}

/** How a service is asked, what of its answer we take, and what it may cost. */
export function EnrichmentEditor({ provider, start, onClose }: Props) {
  const { busy, problem, save } = useSave()
  const [savedId, setSavedId] = useState(provider?.id ?? null)
  const form = useForm<ProviderValues>({
    initialValues: toValues(start.name, start.settings),
    validate: {
      name: (it) => (it.trim() === '' ? 'What is it called?' : null),
      url: (it) => (it.trim() === '' ? 'Which address is asked?' : null),
      currency: (it) => (/^[a-z]{3}$/i.test(it.trim()) ? null : 'Three letters, like USD.'),
      cost: (it) => (it === '' || Number(it) < 0 ? 'What does one record cost you?' : null),
      costPerDay: (it) => (it === '' || Number(it) < 0 ? 'How much may a day cost?' : null),
      perDay: (it) => (Number(it) >= 1 ? null : 'At least 1.'),
      answer: (it) =>
        it.some((row) => row.path.trim() !== '') ? null : 'Say at least once where something is in the answer.',
    },
  })
  const store = async (): Promise<number> => {
    const { name, key } = form.values
    const { id } = await call('enrich.saveProvider', {
      id: savedId,
      name: name.trim(),
      settings: toSettings(form.values),
      key: key.trim() === '' ? null : key.trim(),
    })
    setSavedId(id)
    form.setFieldValue('key', '')
    return id
  }
  const submit = form.onSubmit(() => void save(store, () => 'Saved').then((id) => id !== undefined && onClose()))
  const remove = () =>
    void save(
      () => call('enrich.removeProvider', { id: savedId ?? 0 }),
      () => 'Removed. What it found stays until you take it out.',
    ).then((done) => done !== undefined && onClose())
  const forget = () =>
    void save(
      () => call('enrich.revertProvider', { providerId: savedId ?? 0, personId: null }),
      ({ reverted }) => `${reverted} values were taken out.`,
    )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <div>
          <Button variant="subtle" size="compact-sm" px={4} leftSection={<IconArrowLeft size={15} />} onClick={onClose}>
            All services
          </Button>
        </div>
        <TextInput label="Name" maxLength={100} dir="auto" {...form.getInputProps('name')} />
        <Group align="flex-end" wrap="nowrap">
          <NativeSelect label="How" data={['GET', 'POST']} {...form.getInputProps('method')} />
          <TextInput
            style={{ flex: 1 }}
            label="Address"
            description="Use {email}, {domain}, {phone} or {name} where they belong."
            maxLength={1000}
            {...form.getInputProps('url')}
          />
        </Group>
        <EnrichmentPairs
          label="Headers"
          names={['Header', 'Value, with {key} for the key']}
          rows={form.values.headers.map((it) => [it.name, it.value])}
          onChange={(rows) =>
            form.setFieldValue(
              'headers',
              rows.map(([name, value]) => ({ name, value })),
            )
          }
        />
        {form.values.method === 'POST' && (
          <Textarea
            label="Body (JSON, if it wants one)"
            autosize
            minRows={1}
            maxRows={8}
            {...form.getInputProps('body')}
          />
        )}
        <PasswordInput
          label="Your key"
          description={
            provider?.hasKey
              ? 'Stored. Type a new one to replace it.'
              : 'Kept in this computer’s key store, sent to this service alone.'
          }
          autoComplete="off"
          {...form.getInputProps('key')}
        />
        <EnrichmentPairs
          label="What we take from the answer"
          names={['Where it is, like person.title', 'Our field']}
          rows={form.values.answer.map((it) => [it.path, it.field])}
          choices={providerField.options.map((value) => ({ value, label: fieldWords[value] }))}
          error={typeof form.errors.answer === 'string' ? form.errors.answer : null}
          onChange={(rows) =>
            form.setFieldValue(
              'answer',
              rows.map(([path, field]) => ({ path, field: providerField.catch('name').parse(field) })),
            )
          }
        />
        <Group grow align="flex-start">
          <NumberInput label="One record costs" decimalScale={3} min={0} {...form.getInputProps('cost')} />
          <TextInput label="Currency" maxLength={3} {...form.getInputProps('currency')} />
          <NumberInput
            label="Records a day"
            min={1}
            max={100_000}
            allowDecimal={false}
            {...form.getInputProps('perDay')}
          />
          <NumberInput label="Money a day" decimalScale={2} min={0} {...form.getInputProps('costPerDay')} />
        </Group>
        <Checkbox
          label="Finding nothing costs, too"
          {...form.getInputProps('chargesForNothing', { type: 'checkbox' })}
        />
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="space-between">
          <Group gap="xs">
            {savedId !== null && (
              <>
                <Button variant="subtle" color="red" onClick={remove}>
                  Remove
                </Button>
                <Button variant="subtle" color="red" onClick={forget}>
                  Take out all it found
                </Button>
              </>
            )}
          </Group>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Group>
        <div className={styles.box}>
          <EnrichmentTrial
            currency={form.values.currency}
            onTry={async (personId) => {
              if (form.validate().hasErrors) return null
              const id = await store()
              return call('enrich.tryProvider', { id, personId })
            }}
          />
        </div>
      </Stack>
    </form>
  )
}
