import { describe, expect, it } from 'vitest'
import type { FormSettings } from '../../../../../src/channels/contract.ts'
import { formLimits } from '../../../../../src/channels/forms/limits.ts'
import { previewForm } from '../../../../../src/channels/forms/preview-form.ts'
import { fixture, multipartPost, now, settings } from './samples.ts'

const preview = (sample: string, more: Partial<FormSettings> = {}) =>
  previewForm({ ...settings, ...more }, sample, now, formLimits)

describe('a preview', () => {
  it('shows what a sample would become, without its signature', async () => {
    const { provider, leads, note } = await preview(fixture('typeform.json'), { provider: 'typeform', signed: true })
    expect({ provider, note }).toEqual({ provider: 'typeform', note: null })
    expect(leads[0]).toMatchObject({
      known: { name: 'Ana Lopez', email: 'ana@lopez-home.example' },
      source: 'Google Ads',
      detail: { gclid: 'Cj0KCQ' },
      test: false,
      spam: false,
    })
    expect(leads[0]?.fields[0]).toEqual({ label: 'First name', value: 'Ana' })
  })

  it('follows the mapping that is being made', async () => {
    const sample = JSON.stringify({ Kunde: 'Weber', _gotcha: 'x' })
    expect((await preview(sample, { mapping: { kunde: 'name' } })).leads[0]).toMatchObject({
      known: { name: 'Weber' },
      spam: true,
    })
    expect((await preview(sample)).leads[0]?.known).toEqual({})
  })

  it('knows form data by its look, also multipart', async () => {
    expect((await preview(fixture('elementor-plain.txt'))).provider).toBe('elementor')
    const { bytes } = await multipartPost(JSON.parse(fixture('jotform.json')) as Record<string, string>)
    const { provider, leads } = await preview(`\n${Buffer.from(bytes).toString()}`)
    expect([provider, leads[0]?.known.name]).toEqual(['jotform', "Mina O'Hara"])
  })

  it.each([
    ['{"name": "An', 'could not be read'],
    ['--b\r\ncut off', 'could not be read'],
    ['{}', 'no filled fields'],
    ['', 'no filled fields'],
    [fixture('meta-webhook.json'), 'one lead without details'],
    [
      fixture('calendly-created.json')
        .replace('invitee.created', 'invitee.canceled')
        .replace('ed": false', 'ed": true'),
      'moved',
    ],
  ])('of %.20s says why there is nothing to show', async (sample, words) => {
    expect(await preview(sample)).toMatchObject({ leads: [], note: expect.stringContaining(words) })
  })
})
