import { describe, expect, it } from 'vitest'
import { formLimits } from '../../../../src/channels/forms/limits.ts'
import { readEntries } from '../../../../src/channels/forms/read-body.ts'
import { readSubmission } from '../../../../src/channels/forms/read-submission.ts'
import { makeRateLimit } from '../../../../src/lib/rate-limit.ts'
import { meaningOfField } from '../../../../src/vocabulary/field-names.ts'
import { sourceFromTracking } from '../../../../src/vocabulary/tracking.ts'

const settings = { name: 'Website', source: 'Website', mapping: {} }
const submit = (fields: Readonly<Record<string, string>>, more: Partial<typeof settings> = {}) =>
  readSubmission(
    Object.entries(fields).map(([name, value]) => ({ path: [name], value })),
    { ...settings, ...more },
    formLimits,
  )

describe('field names', () => {
  it.each([
    ['Name', 'name'],
    ['your-name', 'name'],
    ['Full Name', 'name'],
    ['E-Mail', 'email'],
    ['your_email', 'email'],
    ['Telefon', 'phone'],
    ['Mobile number', 'phone'],
    ['tel', 'phone'],
    ['Comments', 'message'],
    ['ZIP code', 'postcode'],
    ['When', 'timeline'],
    ['Budget', 'budget'],
    ['How did you hear about us?', 'source'],
    ['First name', 'firstName'],
    ['form_name', null],
    ['username', null],
    ['company_size', null],
    ['Emailing list', null],
  ])('%s is %s', (name, meaning) => {
    expect(meaningOfField([name])).toBe(meaning)
  })
})

describe('a submission', () => {
  it('joins the halves of a name, in whatever order they come', () => {
    expect(submit({ last_name: 'Lopez', first_name: 'Ana' }).content.known.name).toBe('Ana Lopez')
    expect(submit({ first_name: 'Ana' }).content.known.name).toBe('Ana')
    expect(submit({ name: 'Ana Lopez', first_name: 'Ana', last_name: 'Lopez' }).content.known.name).toBe('Ana Lopez')
  })

  it('takes the first filled field of a meaning and keeps the others as they are', () => {
    const { known, fields } = submit({ phone: '', mobile: '415 555 0187', tel: '415 555 0100' }).content
    expect(known.phone).toBe('415 555 0187')
    expect(fields).toHaveLength(3)
  })

  it('makes no party of what is no address or number', () => {
    expect(submit({ email: 'none', phone: 'please mail' }).parties).toEqual([])
  })

  it('lets the form’s own source stand when nobody says better, and keeps what they told', () => {
    const { source } = submit({ name: 'Ana', 'How did you hear about us': 'A friend' })
    expect(source).toEqual({ name: 'Website', detail: { told: 'A friend' } })
  })

  it('knows a retry by its content and nothing else', () => {
    expect(submit({ name: 'Ana' }).fingerprint).toBe(submit({ name: 'Ana' }).fingerprint)
    expect(submit({ name: 'Ana' }).fingerprint).not.toBe(submit({ name: 'Ann' }).fingerprint)
  })

  it.each([
    ['https://example.org/a', 'https://example.org/a'],
    ['javascript:alert(1)', null],
    ['//evil.example', null],
    ['data:text/html,x', null],
  ])('sends browsers on to %s as %s', (next, expected) => {
    expect(submit({ _next: next }).next).toBe(expected)
  })
})

describe('the source', () => {
  it.each([
    [{ gclid: 'x' }, 'Google Ads'],
    [{ utm_source: 'google', utm_medium: 'cpc' }, 'Google Ads'],
    [{ utm_source: 'google', utm_medium: 'organic' }, null],
    [{ utm_source: 'bing', utm_medium: 'cpc' }, 'Microsoft Ads'],
    [{ utm_source: 'instagram', utm_medium: 'paid_social' }, 'Instagram Ads'],
    [{ utm_source: 'facebook', utm_medium: 'social' }, 'Facebook'],
    [{ fbclid: 'x' }, 'Facebook'],
    [{ utm_source: 'newsletter' }, null],
  ])('of %j is %s', (detail, name) => {
    expect(sourceFromTracking(detail as Record<string, string>)).toBe(name)
  })
})

describe('JSON', () => {
  const entriesOf = (json: unknown) =>
    readEntries(Buffer.from(JSON.stringify(json)), 'application/json; charset=utf-8', formLimits.depth)

  it('is flattened with its path, lists of words joined', async () => {
    expect(await entriesOf({ data: { Name: 'Ana', rooms: ['Kitchen', 'Bath'], ok: true, n: null } })).toEqual([
      { path: ['data', 'Name'], value: 'Ana' },
      { path: ['data', 'rooms'], value: 'Kitchen, Bath' },
      { path: ['data', 'ok'], value: 'true' },
    ])
  })

  it('deeper than anybody nests is kept as text', async () => {
    let deep: unknown = 'bottom'
    for (let level = 0; level < 500; level++) deep = { a: deep }
    const [entry] = await entriesOf({ deep })
    expect(entry?.path).toHaveLength(formLimits.depth)
    expect(entry?.value).toContain('bottom')
  })

  it('of questions and answers becomes fields, as lead ads send them', async () => {
    expect(await entriesOf({ field_data: [{ name: 'email', values: ['ana@example.org'] }] })).toEqual([
      { path: ['email'], value: 'ana@example.org' },
    ])
  })
})

describe('the rate limit', () => {
  it('lets a burst through and then one a second', () => {
    const limit = makeRateLimit({ burst: 2, perSecond: 1 }, 10)
    expect([limit.take('a', 0), limit.take('a', 0), limit.take('a', 0)]).toEqual([0, 0, 1])
    expect(limit.take('b', 0)).toBe(0)
    expect([limit.take('a', 1000), limit.take('a', 1000)]).toEqual([0, 1])
  })

  it('forgets who was idle longest, and a clock that goes back harms nobody', () => {
    const limit = makeRateLimit({ burst: 1, perSecond: 1 }, 2)
    expect([limit.take('a', 0), limit.take('b', 0), limit.take('c', 0)]).toEqual([0, 0, 0])
    expect(limit.take('a', 0)).toBe(0)
    expect(limit.take('c', -50_000)).toBe(1)
  })
})
