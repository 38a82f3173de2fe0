import type { Account, FormProvider, FormSettings } from '../../src/channels/contract.ts'
import type { MethodInput, MethodOutput } from '../../src/rpc/contract.ts'
import { type MappingRow, mappingOf, rowsOf } from './mapping-fields.tsx'

export type WebFormValues = {
  readonly name: string
  readonly source: string
  readonly provider: FormProvider
  readonly mapping: readonly MappingRow[]
  /** Empty keeps what is stored. */
  readonly signing: string
  readonly accessToken: string
}

export type ProviderInfo = MethodOutput<'channels.formProviders'>[number]

const noSecrets = { signing: '', accessToken: '' } as const

export function startValues(account: Account | null): WebFormValues {
  if (account?.settings.kind !== 'form') {
    return { name: 'Contact form', source: 'Website', provider: 'generic', mapping: [], ...noSecrets }
  }
  const { name, source, provider, mapping } = account.settings.form
  return { name, source, provider: provider ?? 'generic', mapping: rowsOf(mapping), ...noSecrets }
}

/** What is not edited here belongs to the form and stays as it was. */
export function settingsOf(values: WebFormValues, account: Account | null): FormSettings {
  const kept = account?.settings.kind === 'form' ? account.settings.form : {}
  const { name, source, provider, mapping } = values
  return { ...kept, name: name.trim(), source: source.trim(), provider, mapping: mappingOf(mapping) }
}

export function secretsOf(values: WebFormValues): NonNullable<MethodInput<'channels.saveForm'>['secrets']> {
  return { signing: values.signing.trim() || null, accessToken: values.accessToken.trim() || null }
}

/** Whether a provider needs a secret that is neither stored nor typed in. */
export function missesSecret(info: ProviderInfo | undefined, typed: string, isStored: boolean): boolean {
  return info?.signing === 'required' && typed.trim() === '' && !isStored
}
