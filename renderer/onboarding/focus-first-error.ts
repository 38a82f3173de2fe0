import type { FormErrors } from '@mantine/form'

type WithInputs = { readonly getInputNode: (path: string) => HTMLElement | null }

/** Brings the first field that is wrong into view: the button may be far below it. */
export function focusFirstError(form: WithInputs) {
  return (errors: FormErrors): void => {
    const [path] = Object.keys(errors)
    if (path !== undefined) form.getInputNode(path)?.focus()
  }
}
