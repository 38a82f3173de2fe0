import type { Json } from './shapes.ts'

/** One resource list: what it holds, under which key it answers and which query parameters it honours. */
export type ListOf<T> = {
  readonly key: string
  readonly items: readonly T[]
  readonly sid: (item: T) => string
  readonly createdAt: (item: T) => number
  readonly render: (item: T) => Json
  /** Equality filters by parameter name. */
  readonly equals: readonly (readonly [name: string, value: (item: T) => string | null])[]
  /**
   * Date filters by parameter name. Twilio documents them as UTC *days*: a time of day in the query is not honoured.
   * `before` says whether `Name<` includes its day (Messages, Recordings) or not (Calls).
   */
  readonly dates: Readonly<Record<string, { readonly at: (item: T) => number | null; readonly before: 'on' | 'under' }>>
}

const DAY = /^(\d{4}-\d{2}-\d{2})/

/**
 * Answers a list request: filtered, newest first, one page. The page token names the last item of the page before,
 * so what arrives between two pages shifts nothing.
 *
 * @returns the page, or a sentence saying which parameter Twilio would not accept
 */
export function page<T>(list: ListOf<T>, url: URL): Json | string {
  const query = url.searchParams
  const size = Number(query.get('PageSize') ?? '50')
  if (!Number.isInteger(size) || size < 1) return 'PageSize must be a whole number from 1 to 1000'
  const pageSize = Math.min(size, 1000)
  for (const name of query.keys()) {
    const known = ['PageSize', 'Page', 'PageToken'].includes(name) || list.equals.some(([filter]) => filter === name)
    if (!known && !(name.replace(/[<>]$/, '') in list.dates)) return `Unknown parameter ${name}`
  }
  const rows = list.items
    .map((item, index) => ({ item, index }))
    .filter(({ item }) => passes(list, item, query))
    .sort((a, b) => list.createdAt(b.item) - list.createdAt(a.item) || b.index - a.index)
    .map(({ item }) => item)
  const token = query.get('PageToken')
  const number = token === null ? 0 : Number(query.get('Page') ?? '0')
  const last = token === null ? -1 : rows.findIndex((item) => `PA${list.sid(item)}` === token)
  if (token !== null && last === -1) return 'PageToken is not valid'
  const from = last + 1
  const items = rows.slice(from, from + pageSize)
  const end = items.at(-1)
  const link = (index: number, pageToken?: string): string => pageUri(url, pageSize, index, pageToken)
  return {
    end: Math.max(0, from + items.length - 1),
    first_page_uri: link(0),
    next_page_uri:
      end !== undefined && from + items.length < rows.length ? link(number + 1, `PA${list.sid(end)}`) : null,
    page: number,
    page_size: pageSize,
    previous_page_uri: number > 0 ? link(number - 1) : null,
    start: from,
    uri: link(number, token ?? undefined),
    [list.key]: items.map(list.render),
  }
}

function passes<T>(list: ListOf<T>, item: T, query: URLSearchParams): boolean {
  for (const [name, value] of query) {
    const equals = list.equals.find(([filter]) => filter === name)
    if (equals !== undefined && equals[1](item) !== value) return false
    const date = list.dates[name.replace(/[<>]$/, '')]
    if (date === undefined) continue
    const wanted = DAY.exec(value)?.[1]
    if (wanted === undefined) continue
    const at = date.at(item)
    if (at === null) return false
    const day = new Date(at).toISOString().slice(0, 10)
    if (name.endsWith('>') && day < wanted) return false
    if (name.endsWith('<') && (date.before === 'on' ? day > wanted : day >= wanted)) return false
    if (!/[<>]$/.test(name) && day !== wanted) return false
  }
  return true
}

function pageUri(url: URL, pageSize: number, index: number, token: string | undefined): string {
  const query = new URLSearchParams(url.searchParams)
  for (const name of ['PageSize', 'Page', 'PageToken']) query.delete(name)
  query.set('PageSize', String(pageSize))
  query.set('Page', String(index))
  if (token !== undefined) query.set('PageToken', token)
  return `${url.pathname}?${query.toString()}`
}
