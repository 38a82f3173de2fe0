import type { Meaning } from '../../vocabulary/field-names.ts'
import { Refusal } from './refusal.ts'

/** One thing that was sent, before anything is made of it: a path of names and a text. */
export type Entry = {
  readonly path: readonly string[]
  readonly value: string
  /** The question as a person reads it, where the path is only a number or a key. */
  readonly label?: string
  /** Given by providers that say what a question asks for; otherwise the name decides. */
  readonly meaning?: Meaning
}

/** What a post says: its entries flat and in their order, and for JSON the object that they were made of. */
export type Body = { readonly entries: readonly Entry[]; readonly json: JsonObject | null }

/**
 * Reads the body of a post, never more than the limit.
 * @throws Refusal 413
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = new Refusal(
    413,
    `This is larger than a form can be (${Math.floor(limit / 1024)} KB). Nothing was taken.`,
    {
      connection: 'close',
    },
  )
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** Everything a post says, flat and in its order. @throws Refusal 400, 415 */
export const readEntries = async (bytes: Uint8Array, contentType: string | null, depth: number) =>
  (await readBody(bytes, contentType, depth)).entries

/** How a content type is read; null when it is none of a form's. */
export function readerOf(contentType: string | null): 'json' | 'urlencoded' | 'multipart' | null {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type)) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'urlencoded'
  if (type === 'multipart/form-data') return 'multipart'
  return null
}

/**
 * Everything a post says.
 * @param depth how many objects in objects are looked into
 * @throws Refusal 400, 415
 */
export async function readBody(bytes: Uint8Array, contentType: string | null, depth: number): Promise<Body> {
  switch (readerOf(contentType)) {
    case 'json': {
      const json = parseJson(bytes)
      return { entries: flatten(json, depth), json }
    }
    case 'urlencoded': {
      const pairs = [...new URLSearchParams(new TextDecoder().decode(bytes))]
      return { entries: pairs.map(([name, value]) => ({ path: pathOf(name), value })), json: null }
    }
    case 'multipart':
      return { entries: await readMultipart(bytes, contentType ?? ''), json: null }
    case null:
      throw new Refusal(
        415,
        'This address takes JSON, application/x-www-form-urlencoded and multipart/form-data. Nothing was taken.',
      )
  }
}

async function readMultipart(bytes: Uint8Array, contentType: string): Promise<Entry[]> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
    return [...form].map(([name, value]) => ({
      path: pathOf(name),
      // The name tells whoever reads the lead that there is something to ask for.
      value: typeof value === 'string' ? value : value.name ? `${value.name} (a file; files are not kept)` : '',
    }))
  } catch {
    throw new Refusal(400, 'The form data could not be read: it is broken or cut off. Nothing was taken.')
  }
}

// PHP and the form builders write `fields[contact][email]` and `services[]`.
const pathOf = (name: string): string[] => {
  const parts = name.split(/[[\]]+/).filter((part) => part !== '')
  return parts.length > 0 ? parts : [name]
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/**
 * One JSON object, also when it comes alone in a list. Whole numbers too long for a double come as text.
 * @throws Refusal 400
 */
export function parseJson(bytes: Uint8Array): JsonObject {
  let parsed: Json
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes), keepLongNumbers) as Json
  } catch {
    throw new Refusal(400, 'This is not valid JSON. Nothing was taken.')
  }
  const only = Array.isArray(parsed) && parsed.length === 1 ? (parsed[0] as Json) : parsed
  if (!isObject(only)) throw new Refusal(400, 'Send one JSON object with the fields of the form. Nothing was taken.')
  return only
}

/** Ids of ad networks are 64-bit numbers; as doubles their last digits would change. */
function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)
    ? (context?.source ?? value)
    : value
}

/** JSON as entries; what is nested deeper than `depth` becomes one text. */
export function flatten(json: Json, depth: number, path: readonly string[] = []): Entry[] {
  if (json === null) return []
  if (typeof json !== 'object') return [{ path, value: String(json) }]
  if (depth <= 0) return [{ path, value: textOf(json) }]
  if (isObject(json)) return Object.entries(json).flatMap(([key, value]) => flatten(value, depth - 1, [...path, key]))
  const list = json as readonly Json[]
  if (list.every((it) => it === null || typeof it !== 'object')) {
    return [
      {
        path,
        value: list
          .filter((it) => it !== null)
          .map(String)
          .join(', '),
      },
    ]
  }
  return list.flatMap((item, index) => {
    const pair = isObject(item) ? pairOf(item) : null
    return pair ? [pair] : flatten(item, depth - 1, [...path, String(index + 1)])
  })
}

/** What is nested deeper than the stack is a toy, not a form; it stays in the payload. */
function textOf(json: Json): string {
  try {
    return JSON.stringify(json)
  } catch {
    return '(nested too deeply to show)'
  }
}

// Lead ads of Google and Meta and several form services send a list of questions with answers.
const questionKeys = ['column_name', 'column_id', 'label', 'name', 'question', 'title', 'key']
const answerKeys = ['string_value', 'value', 'values', 'answer']

function pairOf(item: JsonObject): Entry | null {
  const question = questionKeys.map((key) => item[key]).find((it) => typeof it === 'string' && it !== '')
  const answer = answerKeys.map((key) => item[key]).find((it) => it !== undefined)
  if (typeof question !== 'string' || answer === undefined) return null
  const value = flatten(answer, 2)
    .map((entry) => entry.value)
    .join(', ')
  return { path: [question], value }
}

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
