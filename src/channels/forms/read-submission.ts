import { createHash } from 'node:crypto'
import { type Meaning, meaningOfField } from '../../vocabulary/field-names.ts'
import { sourceFromTracking, trackingKey } from '../../vocabulary/tracking.ts'
import type { FormContent, FormField, Party } from '../channel.ts'
import type { FormSettings } from '../contract.ts'
import type { FormLimits } from './limits.ts'
import type { Entry } from './read-body.ts'

/** A post as the form channel understands it. */
export type Submission = {
  readonly content: FormContent
  readonly parties: readonly Party[]
  readonly source: { readonly name: string; readonly detail: Readonly<Record<string, string>> }
  /** The hidden field that only machines fill in was filled in. */
  readonly spam: boolean
  /** Where the sender's browser is to go afterwards; http(s) only. */
  readonly next: string | null
  /** Given by the sender, to tell a retry from a second request. */
  readonly id: string | null
  /** SHA-256 of everything that was said, for senders that give no id. */
  readonly fingerprint: string
  /** Nothing in it but blanks. */
  readonly empty: boolean
}

type Labelled = {
  readonly label: string
  readonly path: readonly string[]
  readonly value: string
  readonly meaning?: Meaning
}

/** Makes a submission of what was posted. Never throws: whatever came is kept under its own label. */
export function readSubmission(entries: readonly Entry[], settings: FormSettings, limits: FormLimits): Submission {
  const control = new Map<string, string>()
  const detail: Record<string, string> = {}
  const answers: Labelled[] = []
  for (const { path, value, label: told, meaning } of entries) {
    const named = path.length > 1 && /^\d+$/.test(path.at(-1) ?? '') ? path.slice(0, -1).join(' ') : path.join(' ')
    const label = told ?? named
    const key = trackingKey(path)
    if (controlNames.has(label)) control.set(label, value.trim())
    else if (key && value.trim()) detail[key] = clip(value.trim(), 1000)
    else if (!key) {
      answers.push({
        label: clip(label.trim() || 'Field', limits.labelLength),
        path,
        value,
        ...(meaning && { meaning }),
      })
    }
  }
  const { fields, cut } = keepFields(joinRepeated(answers), limits)
  const known = recognise(fields, settings.mapping)
  const shown = fields.map(({ label, value }) => ({ label, value }))
  if (cut) shown.push({ label: 'Left out', value: cut })
  if (known.source) detail.told = known.source

  return {
    content: { kind: 'form', formName: settings.name, fields: shown, known },
    parties: partiesOf(known),
    source: { name: sourceFromTracking(detail) ?? settings.source, detail },
    spam: Boolean(control.get('_gotcha')),
    next: httpUrl(control.get('_next')),
    id: control.get('_id') || null,
    fingerprint: createHash('sha256').update(JSON.stringify(entries)).digest('hex'),
    empty: fields.every(({ value }) => value === ''),
  }
}

// Instructions to us, in the words that form services use; anything else with an underscore is a field like others.
const controlNames: ReadonlySet<string> = new Set(['_gotcha', '_next', '_id'])

/** Ticked boxes arrive as several fields of one name. */
function joinRepeated(answers: readonly Labelled[]): Labelled[] {
  const byLabel = new Map<string, Labelled>()
  for (const it of answers) {
    const before = byLabel.get(it.label)
    if (!before) byLabel.set(it.label, it)
    else if (it.value.trim())
      byLabel.set(it.label, { ...before, value: before.value ? `${before.value}, ${it.value}` : it.value })
  }
  return [...byLabel.values()]
}

function keepFields(answers: readonly Labelled[], limits: FormLimits) {
  let shortened = 0
  const fields = answers.slice(0, limits.fields).map((it) => {
    const value = it.value.trim()
    if (value.length > limits.valueLength) shortened += 1
    return { ...it, value: clip(value, limits.valueLength) }
  })
  const dropped = answers.length - fields.length
  const parts = [
    ...(dropped > 0 ? [`${dropped} more field${dropped === 1 ? '' : 's'}`] : []),
    ...(shortened > 0 ? [`the end of ${shortened} long text${shortened === 1 ? '' : 's'}`] : []),
  ]
  return {
    fields,
    cut: parts.length > 0 ? `${parts.join(' and ')}. The whole submission is kept with your data.` : null,
  }
}

function recognise(fields: readonly Labelled[], mapping: FormSettings['mapping']): FormContent['known'] {
  const wanted = new Map(Object.entries(mapping).map(([name, field]) => [name.trim().toLowerCase(), field]))
  const known: Partial<Record<FormField, string>> = {}
  let first = ''
  let last = ''
  // What the user mapped decides; a synonym elsewhere in the form must not get there first.
  for (const mapped of [true, false]) {
    for (const { label, path, value, meaning: told } of fields) {
      if (!value) continue
      const own = wanted.get(label.toLowerCase()) ?? wanted.get((path.at(-1) ?? '').toLowerCase())
      if (mapped !== (own !== undefined)) continue
      const meaning = own ?? told ?? meaningOfField(path)
      if (meaning === 'firstName') first ||= value
      else if (meaning === 'lastName') last ||= value
      else if (meaning) known[meaning] ??= value
    }
  }
  const both = [first, last].filter(Boolean).join(' ')
  if (both && (!known.name || !last || !known.name.includes(last))) known.name ??= both
  return known
}

function partiesOf(known: FormContent['known']): Party[] {
  const name = known.name ? clip(known.name, 200) : null
  const parties: Party[] = []
  if (known.email?.includes('@')) parties.push({ kind: 'email', value: known.email, name })
  if (known.phone && /\d{3}/.test(known.phone.replace(/[\s().-]/g, '')))
    parties.push({ kind: 'phone', value: known.phone, name })
  return parties
}

function httpUrl(value: string | undefined): string | null {
  if (!value) return null
  const url = URL.parse(value)
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null
}

const clip = (value: string, max: number): string => (value.length > max ? `${value.slice(0, max - 1)}…` : value)
