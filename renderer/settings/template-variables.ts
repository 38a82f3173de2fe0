export type TemplateVariable = { readonly name: string; readonly label: string; readonly example: string }

/** What a template may use, with what it may look like for somebody. The engine refuses every other name. */
export const templateVariables: readonly TemplateVariable[] = [
  { name: 'contact.first_name', label: 'First name', example: 'Ana' },
  { name: 'contact.name', label: 'Full name', example: 'Ana Lopez' },
  { name: 'contact.company', label: 'Their company', example: 'Lopez Home' },
  { name: 'lead.request', label: 'What they asked for', example: 'kitchen remodel' },
  { name: 'agent.first_name', label: 'Your first name', example: 'Dana' },
  { name: 'agent.phone', label: 'Your phone', example: '(415) 555-0142' },
  { name: 'business.name', label: 'Your business', example: 'Brightwater Kitchens' },
  { name: 'business.phone', label: 'Business phone', example: '(415) 555-0100' },
  { name: 'business.opens', label: 'When you open next', example: 'tomorrow at 9:00 AM' },
  { name: 'unsubscribe', label: '“No more mail” link', example: 'https://relay.example/u/4f1c' },
]

/** A rough look at a template while it is written. The engine fills the real one. */
export function previewOf(text: string): string {
  return text.replace(/\{\{\s*([\w.]+)\s*(?:\|[^}]*)?\}\}/g, (whole, name: string) => {
    return templateVariables.find((it) => it.name === name)?.example ?? whole
  })
}

const fallbacks: Readonly<Record<string, string>> = {
  // Not everybody gives one.
  'contact.first_name': 'there',
  // Empty while the business is open.
  'business.opens': 'as soon as we can',
}

/** Puts a variable where the cursor is. */
export function insertion(name: string): string {
  const fallback = fallbacks[name]
  return fallback === undefined ? `{{${name}}}` : `{{${name} | "${fallback}"}}`
}
