import { describe, expect, it } from 'vitest'
import { type Command, commands } from '../../../renderer/keys/commands.ts'
import { keyLabel } from '../../../renderer/keys/key-label.ts'
import { belongsToField, createKeyMatcher, type Press } from '../../../renderer/keys/matcher.ts'

const press = (key: string, change: Partial<Press> = {}): Press => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  timeStamp: 0,
  ...change,
})
const matcher = () => createKeyMatcher(commands)

describe('the key map', () => {
  it('has no key twice and no single key that hides a chord', () => {
    const all = commands.flatMap((it) => it.keys.map((key) => key.toLowerCase()))
    expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([])
    const prefixes = all.filter((key) => key.includes(' ')).map((key) => key.split(' ')[0])
    expect(all.filter((key) => prefixes.includes(key))).toEqual([])
  })

  it('has every key the product promises', () => {
    const promised = ['j', 'k', 'Enter', 'e', 'h', 'r', 'c', 'd', 't', 'm', 'a', 'o', 'z', 'x', '/', '?']
    for (const key of promised) expect(matcher().press(press(key)), key).toEqual(expect.any(String))
    expect(matcher().press(press('k', { ctrlKey: true }))).toBe('palette')
    expect(matcher().press(press('j', { metaKey: true }))).toBe('urgent')
  })
})

describe('createKeyMatcher', () => {
  it('runs a chord when its second key comes in time', () => {
    const keys = matcher()
    expect(keys.press(press('g'))).toBe('pending')
    expect(keys.press(press('h', { timeStamp: 900 }))).toBe('go.hot')
    expect(keys.press(press('h'))).toBe('snooze')
  })

  it('forgets half a chord after a while, and after another key', () => {
    const keys = matcher()
    keys.press(press('g'))
    expect(keys.press(press('h', { timeStamp: 5_000 }))).toBe('snooze')
    keys.press(press('g'))
    expect(keys.press(press('1'))).toBeUndefined()
    expect(keys.press(press('d'))).toBe('dial')
  })

  it('tells e from Shift+E and takes ? however the layout makes it', () => {
    expect(matcher().press(press('e'))).toBe('done')
    expect(matcher().press(press('E', { shiftKey: true }))).toBe('reopen')
    expect(matcher().press(press('?', { shiftKey: true, code: 'Slash' }))).toBe('help')
    expect(matcher().press(press('E'))).toBe('done')
  })

  it('works on keyboards without Latin letters', () => {
    expect(matcher().press(press('о', { code: 'KeyJ' }))).toBe('move.down')
    expect(matcher().press(press('ي', { code: 'KeyD' }))).toBe('dial')
  })

  it('leaves Alt and lone modifier keys alone, without breaking a chord', () => {
    const keys = matcher()
    expect(keys.press(press('e', { altKey: true }))).toBeUndefined()
    keys.press(press('g'))
    expect(keys.press(press('Shift', { shiftKey: true }))).toBeUndefined()
    expect(keys.press(press('i'))).toBe('go.inbox')
  })

  it('takes any list of commands', () => {
    const own: readonly Command[] = [{ id: 'undo', title: 'Undo', group: 'Leads', keys: ['q q'] }]
    const keys = createKeyMatcher(own)
    expect([keys.press(press('q')), keys.press(press('q'))]).toEqual(['pending', 'undo'])
  })
})

describe('belongsToField', () => {
  it('leaves letters to fields, but not Ctrl combinations and Escape', () => {
    expect(belongsToField(press('e'), true)).toBe(true)
    expect(belongsToField(press('e'), false)).toBe(false)
    expect(belongsToField(press('k', { ctrlKey: true }), true)).toBe(false)
    expect(belongsToField(press('Escape'), true)).toBe(false)
  })

  it('leaves Ctrl+Z to what is typed', () => {
    expect(belongsToField(press('z', { ctrlKey: true }), true)).toBe(true)
  })
})

it('prints keys as they are on the keyboard', () => {
  expect(keyLabel('mod+shift+Enter', false)).toEqual(['Ctrl', '⇧', '↵'])
  expect(keyLabel('mod+k', true)).toEqual(['⌘', 'k'])
  expect(keyLabel('g i', false)).toEqual(['g', 'i'])
})
