import { describe, expect, it } from 'vitest'
import { checkedForm } from '../../../../../src/channels/check-settings.ts'
import { formSettings } from '../../../../../src/channels/contract.ts'
import { providerList } from '../../../../../src/channels/forms/providers/catalog.ts'
import { noSecrets, parseSecrets } from '../../../../../src/channels/forms/secrets.ts'
import { settings } from './samples.ts'

const google = { ...settings, provider: 'google' } as const
const signing = (secret: string) => ({ signing: secret, accessToken: null })

describe('form settings', () => {
  it('stored before providers were known are those of any form', () => {
    const old = formSettings.parse({ name: 'Website', source: 'Website', mapping: {} })
    expect(checkedForm(old, null, noSecrets, noSecrets)).toEqual({
      settings: { ...settings, provider: 'generic', baseUrl: null, signed: false },
      secrets: null,
    })
  })

  it('hold whether there is a secret, never the secret', () => {
    const { settings: kept, secrets } = checkedForm(google, null, noSecrets, signing('  key-7 '))
    expect(kept).toMatchObject({ provider: 'google', signed: true })
    expect(JSON.stringify(kept)).not.toContain('key-7')
    expect(secrets).toEqual(signing('key-7'))
  })

  it('keep provider and secret when a save leaves them out', () => {
    const before = { ...google, signed: true }
    expect(checkedForm(settings, before, signing('key-7'), noSecrets)).toMatchObject({
      settings: { provider: 'google', signed: true },
      secrets: null,
    })
  })

  it('do not carry a secret over to another provider', () => {
    const typeform = { ...settings, provider: 'typeform' } as const
    expect(checkedForm(typeform, { ...google, signed: true }, signing('key-7'), noSecrets)).toMatchObject({
      settings: { signed: false },
      secrets: noSecrets,
    })
  })

  it('let a secret be removed only where it is not needed', () => {
    const before = { ...settings, provider: 'typeform', signed: true } as const
    expect(checkedForm(before, before, signing('s'), signing(''))).toMatchObject({
      settings: { signed: false },
      secrets: noSecrets,
    })
    const keyed = { ...google, signed: true }
    expect(() => checkedForm(keyed, keyed, signing('s'), signing(''))).toThrow(/needs its secret/)
  })

  it('stay closed when the keychain lost the secret', () => {
    const before = { ...settings, provider: 'typeform', signed: true } as const
    expect(checkedForm(before, before, noSecrets, noSecrets)).toMatchObject({
      settings: { signed: true },
      secrets: null,
    })
  })

  it('of Meta need the access token, too, and no open address', () => {
    const meta = { ...settings, provider: 'meta' } as const
    expect(() => checkedForm(meta, null, noSecrets, signing('app'))).toThrow(/access token/)
    const both = { signing: 'app', accessToken: 'token' }
    expect(checkedForm(meta, null, noSecrets, both).secrets).toEqual(both)
    const open = { ...meta, baseUrl: 'http://graph.example/v26.0' }
    expect(() => checkedForm(open, null, noSecrets, both)).toThrow(/https/)
  })

  it('of a provider that signs nothing keep no secret', () => {
    const jotform = { ...settings, provider: 'jotform' } as const
    expect(checkedForm(jotform, null, noSecrets, signing('x'))).toMatchObject({
      settings: { signed: false },
      secrets: null,
    })
  })
})

describe('secrets', () => {
  it.each([null, '', 'not json', '{}', '{"signing":1,"accessToken":null}'])('%j is none', (stored) => {
    expect(parseSecrets(stored)).toEqual(noSecrets)
  })
})

describe('the list of providers', () => {
  it('says of each what to do, and what its secret is where there is one', () => {
    expect(providerList.map(({ id }) => id)).toEqual(formSettings.shape.provider.unwrap().options)
    for (const { signing: kind, signingLabel, steps, name } of providerList) {
      expect([name.length > 0, steps.endsWith('.'), signingLabel !== '']).toEqual([true, true, kind !== 'none'])
    }
  })
})
