import { expect, it } from 'vitest'
import { nodeProblem } from '../../../src/lib/node-problem.ts'

it.each([
  ['20.20.2', 'This needs Node 22 or newer, and this is 20.20.2.'],
  ['9.11.2', 'this is 9.11.2'],
])('Node %s is told to be too old', (version, words) => {
  expect(nodeProblem(version)).toContain(words)
})

it.each(['22.0.0', '24.21.0', '100.0.0'])('Node %s will do', (version) => {
  expect(nodeProblem(version)).toBeNull()
})
