import { describe, expect, it } from 'vitest'
import { commands } from '../../../renderer/keys/commands.ts'
import { createKeyMatcher } from '../../../renderer/keys/matcher.ts'
import { type OwnKeys, parseOwnKeys, withKeys, withoutOwn } from '../../../renderer/keys/own-keys.ts'
import {
  commandsUnder,
  holdersOf,
  type Keymap,
  type KeyPreset,
  keyOf,
  keyPresets,
  keysOf,
  shownKeys,
} from '../../../renderer/keys/presets.ts'
import { refusalOf } from '../../../renderer/keys/refused-keys.ts'

const press = (key: string, more: object = {}) => ({
  ...{ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, timeStamp: 0 },
  ...more,
})

const plain = (preset: KeyPreset): Keymap => ({ preset, own: {} })

describe.each(keyPresets.map((it) => it.value))('the keys of %s', (preset) => {
  it('each do one thing, and no key is also the first half of another', () => {
    const all = commandsUnder(plain(preset)).flatMap((it) => it.keys.map((keys) => keys.toLowerCase()))
    expect(new Set(all).size).toBe(all.length)
    const halves = new Set(all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]))
    expect(all.filter((keys) => halves.has(keys))).toEqual([])
  })

  it('always leave a way to the palette, back, and to move', () => {
    for (const id of ['palette', 'back', 'move.down', 'undo', 'search'] as const) {
      const command = commands.find((it) => it.id === id)
      expect([id, command && keysOf(command, plain(preset)).length > 0]).toEqual([id, true])
    }
  })
})

it('Gmail hands reply with a and snooze with b', () => {
  const matcher = createKeyMatcher(commandsUnder(plain('gmail')))
  expect(matcher.press(press('a'))).toBe('reply')
  expect(matcher.press(press('A', { shiftKey: true }))).toBe('assign')
  expect(matcher.press(press('b'))).toBe('snooze')
  expect(matcher.press(press('h'))).toBeUndefined()
})

it('without single keys no letter alone does anything', () => {
  const matcher = createKeyMatcher(commandsUnder(plain('combinations')))
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
  expect(shownKeys('h', plain('gmail'))).toBe('b')
  expect(shownKeys('e', plain('gmail'))).toBe('e')
  expect(shownKeys('e', plain('combinations'))).toBeNull()
  expect(shownKeys('/', plain('combinations'))).toBe('mod+f')
  // No key of an action: outcomes, templates, sending.
  expect(shownKeys('1', plain('combinations'))).toBe('1')
  expect(shownKeys('mod+Enter', plain('gmail'))).toBe('mod+Enter')
})

describe('keys of their own', () => {
  const under = (own: OwnKeys): Keymap => ({ preset: 'deskbell', own })
  const run = (own: OwnKeys, ...keys: string[]) => {
    const matcher = createKeyMatcher(commandsUnder(under(own)))
    return keys.map((key) => matcher.press(press(key))).at(-1)
  }

  it('win over the set; whoever had them has them no more, and gets them back', () => {
    const own = withKeys({}, 'reply', ['h'])
    expect(run(own, 'h')).toBe('reply')
    expect(run(own, 'r')).toBeUndefined()
    expect(run(own, 'b')).toBe('snooze')
    expect(keyOf('snooze', under(own))).toBe('b')
    expect(shownKeys('r', under(own))).toBe('h')
    expect(run(withoutOwn(own, 'reply'), 'h')).toBe('snooze')
  })

  it('are taken from the other when both were chosen by hand', () => {
    const own = withKeys(withKeys({}, 'reply', ['y']), 'dial', ['y', 'd'])
    expect(own).toEqual({ reply: [], dial: ['y', 'd'] })
    expect(run(own, 'y')).toBe('dial')
  })

  it('may be two, one after the other; a single key that begins others takes them all away', () => {
    expect(run(withKeys({}, 'dial', ['y d']), 'y', 'd')).toBe('dial')
    expect(holdersOf('g', 'dial', under({})).map((it) => it.id)).toContain('go.inbox')
    expect(holdersOf('g y', 'dial', under({}))).toEqual([])
    expect(holdersOf('j y', 'dial', under({})).map((it) => it.id)).toEqual(['move.down'])
    const all = commandsUnder(under(withKeys({}, 'dial', ['g']))).flatMap((it) => it.keys)
    expect(all.filter((it) => it.startsWith('g '))).toEqual([])
  })

  it('are read back from what this computer kept, whatever is in there', () => {
    expect(parseOwnKeys('{"dial":["y"],"reply":"x","note":[1],"text":[]}')).toEqual({ dial: ['y'], text: [] })
    expect([parseOwnKeys(undefined), parseOwnKeys('no'), parseOwnKeys('null')]).toEqual([{}, {}, {}])
  })

  it('are none that fields, buttons and the computer need', () => {
    for (const keys of [
      'mod+c',
      'mod+v',
      'Enter',
      'mod+Enter',
      'Tab',
      ' ',
      'Escape',
      'mod+ArrowLeft',
      '3',
      'mod+q',
      'f5',
    ])
      expect([keys, refusalOf(keys)]).toEqual([keys, expect.any(String)])
    for (const keys of ['f', 'g i', 'mod+k', 'shift+w', '!', 'Backspace', 'ArrowRight', 'mod+shift+f'])
      expect([keys, refusalOf(keys)]).toEqual([keys, null])
    expect(refusalOf('y 3')).toEqual(expect.any(String))
  })
})
