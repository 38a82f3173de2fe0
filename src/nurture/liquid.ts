import { Context, Liquid, LiquidError, type Template } from 'liquidjs'

/** What came of filling one text. */
export type Filled = {
  readonly text: string
  /** Variables that stayed empty and have no fallback, each once, in their order. Their places still hold `{{name}}`. */
  readonly missing: readonly string[]
}

/** Why a template cannot be read. */
export type Mistake = { readonly line: number; readonly message: string }

export type TemplateLanguage = {
  /** @returns the first mistake; null when the text can be used */
  readonly check: (source: string) => Mistake | null
  readonly fill: (source: string, values: Readonly<Record<string, object | string>>) => Filled
}

// Conditions and remarks are all that a message needs. Everything that reads files, loops or makes variables is out.
const allowedTags = new Set(['if', 'unless', 'case', 'comment'])
const missingRegister = 'missing'
const filledFilter = 'deskbell_filled'
// A typed template is a page at most; these stop one that was made to keep the engine busy. The time (ms) is wide: it goes
// on while a loaded computer does something else, and nothing here loops.
const limits = { parseLimit: 100_000, renderLimit: 5000, memoryLimit: 1_000_000 }

const mostRead = 50

/**
 * Liquid for messages: plain text in, plain text out, no files, no includes, no HTML.
 * @param variables every name a template may use, such as `contact.first_name`
 */
export function makeTemplateLanguage(variables: ReadonlySet<string>): TemplateLanguage {
  const engine = new Liquid({ strictFilters: true, ownPropertyOnly: true, templates: {}, ...limits })
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.has(tag)) delete engine.tags[tag]
  engine.registerFilter(filledFilter, function (value: unknown, name: string) {
    const text = value === null || value === undefined ? '' : String(value)
    if (text.trim() !== '') return text
    this.context.getRegister<Set<string>>(missingRegister, new Set()).add(name)
    // Shown as it was written: the sender sees what is missing, and nothing with it can be sent.
    return `{{${name}}}`
  })

  // The same few wordings are filled for everybody who comes, and to read one takes longer than to fill it.
  const read = new Map<string, Template[]>()
  const parsed = (source: string): Template[] => {
    const known = read.get(source)
    if (known) return known
    const made = engine.parse(prepare(source))
    if (read.size >= mostRead) read.clear()
    read.set(source, made)
    return made
  }

  return {
    check: (source) => {
      try {
        const { variables: used } = engine.analyzeSync(engine.parse(prepare(source)), { partials: false })
        const unknown = Object.values(used)
          .flat()
          .find((it) => !variables.has(it.segments.map(String).join('.')))
        if (!unknown) return null
        const name = unknown.segments.map(String).join('.')
        return { line: unknown.location.row, message: `Deskbell does not know “${name}”${suggestion(name, variables)}` }
      } catch (error) {
        return mistakeOf(error)
      }
    },
    fill: (source, values) => {
      const context = new Context(values, engine.options, { sync: true })
      const text = String(engine.renderSync(parsed(source), context))
      return { text, missing: [...context.getRegister<Set<string>>(missingRegister, new Set())] }
    },
  }
}

const placeholder = /\{\{-?([\s\S]*?)-?\}\}/g
const quotedOrShortFallback = /("[^"]*"|'[^']*')|\|\s*(?=["'])/g

/**
 * Writes every placeholder out in full Liquid: `{{ x | "there" }}` becomes `{{ x | default: "there" }}`, curly quotes of
 * word processors become straight ones, and each reports when it stays empty. Lines stay where they are.
 */
function prepare(source: string): string {
  return source.replace(placeholder, (whole, inner: string) => {
    const straight = inner.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'")
    const full = straight.replace(quotedOrShortFallback, (_, quoted?: string) => quoted ?? '| default: ')
    const name = (full.split('|')[0] ?? '').trim()
    // Something without a plain name, such as a quoted text, cannot be asked for; Liquid judges it alone.
    if (!/^[\w.-]+$/.test(name)) return whole.replace(inner, () => full)
    return whole.replace(inner, () => `${full.trimEnd()} | ${filledFilter}: "${name}" `)
  })
}

function mistakeOf(error: unknown): Mistake {
  if (!LiquidError.is(error)) return { line: 1, message: 'It is too long or too involved. Make it shorter.' }
  const [line = 1] = error.token.getPosition()
  const said = (error.originalError?.message ?? error.message).replace(/, line:\d+, col:\d+.*$/s, '')
  return { line, message: inWords(said) }
}

/** The library's messages, in words for somebody who writes mail and not programs. */
function inWords(said: string): string {
  if (/^output .* not closed/s.test(said)) return 'A placeholder is not closed. End it with }}.'
  if (/^tag .* not closed/s.test(said)) return 'A {% … %} is not closed. Every {% if %} needs an {% endif %}.'
  const unknownTag = /tag "(.+?)" not found/.exec(said)?.[1]
  if (unknownTag) return `{% ${unknownTag} %} cannot be used here.`
  const unknownFilter = /undefined filter: (.+)/.exec(said)?.[1]
  if (unknownFilter) return `Deskbell does not know “| ${unknownFilter}”. For a fallback write | "there".`
  return 'A placeholder cannot be read. It should look like {{contact.first_name | "there"}}.'
}

function suggestion(name: string, variables: ReadonlySet<string>): string {
  const end = name.split('.').at(-1)
  const near = [...variables].find((it) => it.split('.').at(-1) === end) ?? [...variables][0]
  return near ? `. There is, for example, {{${near}}}.` : '.'
}
