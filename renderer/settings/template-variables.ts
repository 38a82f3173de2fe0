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
  { name: 'unsubscribe', label: '“No more mail” link', example: 'https://relay.example/u/4f1c' },
]

/** A rough look at a template while it is written. The engine fills the real one. */
export function previewOf(text: string): string {
  return text.replace(/\{\{\s*([\w.]+)\s*(?:\|[^}]*)?\}\}/g, (whole, name: string) => {
    return templateVariables.find((it) => it.name === name)?.example ?? whole
  })
}

/** Puts a variable where the cursor is; a first name gets a fallback, since not everybody gives one. */
export function insertion(name: string): string {
  return name === 'contact.first_name' ? '{{contact.first_name | "there"}}' : `{{${name}}}`
}
