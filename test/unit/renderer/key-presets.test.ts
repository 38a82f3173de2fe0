import { describe, expect, it } from 'vitest'
import { commands } from '../../../renderer/keys/commands.ts'
import { createKeyMatcher } from '../../../renderer/keys/matcher.ts'
import { commandsUnder, keyPresets, keysOf, shownKeys } from '../../../renderer/keys/presets.ts'

const press = (key: string, more: object = {}) => ({
  ...{ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...more,
})

describe.each(keyPresets.map((it) => it.value))('the keys of %s', (preset) => {
  it('each do one thing, and no key is also the first half of another', () => {
    const all = commandsUnder(preset).flatMap((it) => it.keys.map((keys) => keys.toLowerCase()))
    expect(new Set(all).size).toBe(all.length)
    const halves = new Set(all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]))
    expect(all.filter((keys) => halves.has(keys))).toEqual([])
  })

  it('always leave a way to the palette, back, and to move', () => {
    for (const id of ['palette', 'back', 'move.down', 'undo', 'search'] as const) {
      const command = commands.find((it) => it.id === id)
      expect([id, command && keysOf(command, preset).length > 0]).toEqual([id, true])
    }
  })
})

it('Gmail hands reply with a and snooze with b', () => {
  const matcher = createKeyMatcher(commandsUnder('gmail'), () => 0)
  expect(matcher.press(press('a'))).toBe('reply')
  expect(matcher.press(press('A', { shiftKey: true }))).toBe('assign')
  expect(matcher.press(press('b'))).toBe('snooze')
  expect(matcher.press(press('h'))).toBeUndefined()
})

it('without single keys no letter alone does anything', () => {
  const matcher = createKeyMatcher(commandsUnder('combinations'), () => 0)
  for (const key of 'abcdefghijklmnopqrstuvwxyz?!/*') {
    expect([key, matcher.press(press(key)), matcher.press(press(key, { shiftKey: true }))]).toEqual([
      key,
      undefined,
      undefined,
    ])
  }
  expect(matcher.press(press('f', { ctrlKey: true }))).toBe('search')
  expect(matcher.press(press('Enter'))).toBe('open')
})

it('a printed key is the one that works', () => {
  expect(shownKeys('h', 'gmail')).toBe('b')
  expect(shownKeys('e', 'gmail')).toBe('e')
  expect(shownKeys('e', 'combinations')).toBeNull()
  expect(shownKeys('/', 'combinations')).toBe('mod+f')
  // No key of an action: outcomes, templates, sending.
  expect(shownKeys('1', 'combinations')).toBe('1')
  expect(shownKeys('mod+Enter', 'gmail')).toBe('mod+Enter')
})
