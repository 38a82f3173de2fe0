import { isObject, type Json, type JsonObject } from '../read-body.ts'

/** What is at the end of a path of names, if the path leads anywhere. */
export function at(json: Json | null | undefined, ...path: readonly string[]): Json | undefined {
  let here: Json | undefined = json ?? undefined
  for (const name of path) here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined
  return here
}

export const objectAt = (json: Json | null | undefined, ...path: readonly string[]): JsonObject | null => {
  const found = at(json, ...path)
  return isObject(found) ? found : null
}

/** The objects of a list; anything else in it is passed over. */
export const objectsAt = (json: Json | null | undefined, ...path: readonly string[]): readonly JsonObject[] => {
  const found = at(json, ...path)
  return Array.isArray(found) ? (found as readonly Json[]).filter((it) => isObject(it)) : []
}

/** Text, number or yes/no as text, trimmed; empty when there is none. */
export const textAt = (json: Json | null | undefined, ...path: readonly string[]): string => textOf(at(json, ...path))

/** A value as a person would write it down: lists with commas, the parts of an object in their order. */
export function textOf(json: Json | undefined): string {
  if (json === null || json === undefined) return ''
  if (typeof json === 'boolean') return json ? 'Yes' : 'No'
  if (typeof json !== 'object') return String(json).trim()
  const parts: readonly Json[] = isObject(json) ? Object.values(json) : (json as readonly Json[])
  return parts
    .map(textOf)
    .filter(Boolean)
    .join(isObject(json) ? ' ' : ', ')
}

/** Only the named texts that are there. */
export function present(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, value.slice(0, 1000)]),
  )
}

/** A time with its zone (ISO 8601, also Meta's `+0000`) in ms; null for anything that could mean two moments. */
export function timeOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return null
  const time = Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(time) ? null : time
}
