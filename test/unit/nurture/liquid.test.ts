import { describe, expect, it } from 'vitest'
import { makeTemplateLanguage } from '../../../src/nurture/liquid.ts'
import { templateVariables } from '../../../src/nurture/template-values.ts'

const language = makeTemplateLanguage(templateVariables)
const values = {
  contact: { first_name: 'Ana', name: 'Ana Lopez', company: '' },
  agent: { first_name: '' },
  company: { name: 'Bright Kitchens' },
}

describe('filling a template', () => {
  it.each([
    ['Hi {{ contact.first_name }}', 'Hi Ana'],
    ['Hi {{contact.first_name|"there"}}', 'Hi Ana'],
    ['Hi {{ contact.company | default: "there" }}', 'Hi there'],
    ['Hi {{contact.company | "there"}}', 'Hi there'],
    ['Hi {{contact.company | \'you | "all"\'}}', 'Hi you | "all"'],
    ['Hi {{ contact.company | “there” }}', 'Hi there'],
    ['{{ contact.company | default: agent.first_name | "us" }}', 'us'],
    ['{{ contact.first_name | upcase }}', 'ANA'],
    ['{% if contact.company != "" %}at {{ contact.company }}{% else %}privately{% endif %}', 'privately'],
    ['Costs $5 & <b>no</b> more', 'Costs $5 & <b>no</b> more'],
  ])('%s', (source, text) => {
    expect(language.fill(source, values)).toEqual({ text, missing: [] })
  })

  it('names each variable that stays empty once, and leaves its place open', () => {
    const filled = language.fill('Hi {{ contact.company }}, {{agent.first_name}} at {{contact.company}}', values)
    expect(filled.missing).toEqual(['contact.company', 'agent.first_name'])
    expect(filled.text).toBe('Hi {{contact.company}}, {{agent.first_name}} at {{contact.company}}')
  })

  it('counts a fallback that is empty itself as missing', () => {
    expect(language.fill('{{ contact.company | default: agent.first_name }}', values).missing).toEqual([
      'contact.company',
    ])
    expect(language.fill('{{ contact.company | " " }}', values).missing).toEqual(['contact.company'])
  })

  it('asks for nothing in a branch that is not taken', () => {
    expect(language.fill('{% if contact.company != "" %}{{ agent.first_name }}{% endif %}', values).missing).toEqual([])
  })

  it('does not read what a name holds as a template or as HTML', () => {
    const tricky = { ...values, contact: { first_name: '{{ company.name }}<script>alert(1)</script>' } }
    expect(language.fill('{{ contact.first_name }}', tricky).text).toBe('{{ company.name }}<script>alert(1)</script>')
  })

  it('does not reach into what values are made of', () => {
    expect(language.fill('{{ contact.constructor }}', values).missing).toEqual(['contact.constructor'])
  })
})

describe('checking a template', () => {
  it.each([
    ['Hi {{ contact.first_name | "there" }}'],
    ['{% if business.phone != "" %}{{ business.phone }}{% endif %}'],
    ['{% comment %}for trade customers{% endcomment %}Hello'],
    ['No placeholders at all: 5 < 6 and { that } is fine'],
  ])('accepts %s', (source) => {
    expect(language.check(source)).toBeNull()
  })

  it.each([
    ['Hello\n\nHi {{ contact.first_name', 3, /not closed/],
    ['Hello\n{% if contact.name %}there', 2, /endif/],
    ['one\ntwo {{ contact.frist_name }}', 2, /does not know “contact.frist_name”/],
    ['{{ contact.name | shout }}', 1, /does not know “\| shout”/],
    ['{{ }}', 1, /cannot be read/],
    ['{{ first name }}', 1, /does not know|cannot be read/],
    ['{% include "/etc/passwd" %}', 1, /include/],
    ['{% render "/etc/passwd" %}', 1, /render/],
    ['{% layout "x" %}', 1, /layout/],
    ['{% for i in (1..1000000000) %}x{% endfor %}', 1, /for/],
    ['{% assign x = "y" %}', 1, /assign/],
    ['{% raw %}{{ contact.name }}{% endraw %}', 1, /raw/],
    ['x'.repeat(200_000), 1, /too long/],
  ])('refuses %s', (source, line, message) => {
    expect(language.check(source)).toEqual({ line, message: expect.stringMatching(message) })
  })

  it('points to the right name for a variable that is nearly right', () => {
    expect(language.check('{{ customer.first_name }}')?.message).toContain('{{contact.first_name}}')
  })
})
