import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** What every area may import functions of. */
const below = new Set(['store', 'lib', 'rpc', 'vocabulary'])

/**
 * Functions of one area that another one may import, and why. The composition root (`engine.ts`, `stages.ts`) and each
 * area's contract are free. Nothing is added here that can be injected.
 */
const allowed: Readonly<Record<string, string>> = {
  'channels/relay > relay': 'the client and the relay are two ends of one protocol',
  'relay > channels/forms/read-body.ts': 'a post is read in the same way wherever it arrives',
  'sample > channels': 'it plays the channels of a business that does not exist',
  'contact/first-answer > channels/email/classify-robot.ts': 'one list of addresses that no human reads',
}

type Import = { readonly from: string; readonly to: string }

const importLine =
  /^(?:import|export)\s+(?!type\s)(\{[^}]*\}|\*[^;\n]*?|[\w$]+(?:\s*,\s*\{[^}]*\})?)\s+from\s+'(\.[^']+)'/gm

/** Imports of values: what is erased before it runs binds nothing. */
function importsOf(file: string): Import[] {
  const from = relative(src, file)
  return [...readFileSync(file, 'utf8').matchAll(importLine)].flatMap(([, names = '', path = '']) => {
    const parts = names.startsWith('{') ? names.slice(1, -1).split(',') : [names]
    if (parts.every((it) => it.trim() === '' || it.trim().startsWith('type '))) return []
    return [{ from, to: normalize(join(dirname(from), path)) }]
  })
}

const areaOf = (path: string) => path.split('/')[0] ?? ''

function isFine({ from, to }: Import): boolean {
  if (!from.includes('/') || to.startsWith('..') || areaOf(from) === areaOf(to) || below.has(areaOf(to))) return true
  if (to.endsWith('/contract.ts') || to === 'contact/outcomes.ts') return true
  return Object.keys(allowed).some((rule) => {
    const [whose = '', what = ''] = rule.split(' > ')
    return from.startsWith(`${whose}/`) && (to === what || to.startsWith(`${what}/`))
  })
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((it) => it.endsWith('.ts'))
  .map((it) => join(src, it))

test('an area imports functions of store, lib, vocabulary and itself alone', () => {
  const imports = files.flatMap(importsOf)
  expect(imports.length).toBeGreaterThan(1000)
  // The store reads settings and vectors with what their areas say of them; that is older than this rule.
  const wrong = imports.filter((it) => areaOf(it.from) !== 'store' && !isFine(it))
  expect(wrong).toEqual([])
})

test('what is below knows of nothing above it', () => {
  const isUp = ({ from, to }: Import) =>
    ['lib', 'vocabulary'].includes(areaOf(from)) && areaOf(to) !== areaOf(from) && !to.startsWith('..')
  expect(files.flatMap(importsOf).filter(isUp)).toEqual([])
})

test('the rule notices what breaks it', () => {
  expect(isFine({ from: 'capture/import/candidate.ts', to: 'channels/forms/read-submission.ts' })).toBe(false)
  expect(isFine({ from: 'contact/sender.ts', to: 'channels/contract.ts' })).toBe(true)
})
