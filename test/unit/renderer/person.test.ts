import { describe, expect, it } from 'vitest'
import { describeLink } from '../../../renderer/person/describe-link.ts'
import { frameDocument, isOwnPicture, mailPolicy, scrubCss } from '../../../renderer/person/sanitise-mail.ts'
import { textParts } from '../../../renderer/person/text-parts.ts'
import { peaks } from '../../../renderer/person/waveform.ts'
import { markedWords, splitMarks } from '../../../renderer/search/split-marks.ts'

describe('text', () => {
  it('makes web addresses clickable, without the full stop behind them', () => {
    expect(textParts('See https://example.com/a?b=1. Bye', [])).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'url', text: 'https://example.com/a?b=1' },
      { kind: 'text', text: '. Bye' },
    ])
  })

  it('never makes a script address clickable', () => {
    expect(textParts('javascript:alert(1) data:text/html,x', []).every((it) => it.kind === 'text')).toBe(true)
  })

  it('marks searched words, whatever signs they hold', () => {
    expect(textParts('Price (net)? PRICE', ['price', '(net)?']).filter((it) => it.kind === 'mark')).toHaveLength(3)
    expect(textParts('abc', [''])).toEqual([{ kind: 'text', text: 'abc' }])
  })

  it('reads the marks of a search and drops lone ones', () => {
    expect(splitMarks('a \uE000b\uE001 c')).toEqual([
      { text: 'a ', hit: false },
      { text: 'b', hit: true },
      { text: ' c', hit: false },
    ])
    expect(splitMarks('\uE001a\uE000').map((it) => it.text)).toEqual(['a'])
    expect(markedWords('\uE000Needle\uE001 and \uE000needle\uE001')).toEqual(['needle'])
  })
})

describe('describeLink', () => {
  it('shows the host a link really leads to', () => {
    expect(describeLink('https://apple.com@evil.example/')).toMatchObject({
      host: 'evil.example',
      warning: expect.stringContaining('before the @'),
    })
    expect(describeLink('https://аpple.com/')).toMatchObject({
      host: 'xn--pple-43d.com',
      warning: expect.stringContaining('another alphabet'),
    })
    expect(describeLink('https://example.com/a').warning).toBeNull()
  })

  it('opens nothing but https, mailto and tel', () => {
    const openable = (url: string) => describeLink(url).openable
    expect(['https://a.example', 'mailto:a@b.example', 'tel:+1415'].map(openable)).toEqual([true, true, true])
    expect(
      ['http://a.example', 'javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'nonsense'].map(openable),
    ).toEqual([false, false, false, false, false])
  })
})

describe('the policy for mail', () => {
  it('lets pictures in only from the mail itself', () => {
    expect(isOwnPicture('data:image/png;base64,AAAA')).toBe(true)
    for (const source of [
      'https://t.example/p.gif',
      'data:image/svg+xml,<svg/>',
      'data:text/html,x',
      '//t.example',
      '',
    ]) {
      expect(isOwnPicture(source), source).toBe(false)
    }
  })

  it.each([
    'background:url(https://t.example/a.png)',
    "background:url('https://t.example/a.png')",
    'background: URL( "//t.example" )',
    '@import "https://t.example/a.css";',
    '@import url(https://t.example/a.css);',
    'background:u\\72l(https://t.example)',
    'background:image-set("https://t.example/a.png" 1x)',
    'list-style:url(https://t.example',
    '@font-face{src:url(https://t.example/f.woff2)}',
  ])('takes what loads out of %s', (css) => {
    const clean = scrubCss(css)
    expect(clean.css).not.toContain('t.example')
    expect(clean.blocked).toBeGreaterThan(0)
  })

  it('does not let a comment make an address of two words', () => {
    expect(scrubCss('background:ur/**/l(https://t.example)').css).not.toMatch(/url\s*\(/i)
  })

  it('leaves harmless style and own pictures alone', () => {
    const css = 'color:red;background:url(data:image/png;base64,AAAA)'
    expect(scrubCss(css)).toEqual({ css, blocked: 0 })
  })

  it('forbids what can act, ask, load or reach out', () => {
    const forbidden = mailPolicy.FORBID_TAGS as readonly string[]
    for (const tag of ['form', 'input', 'iframe', 'object', 'embed', 'meta', 'base', 'link', 'video', 'audio']) {
      expect(forbidden).toContain(tag)
    }
    expect(mailPolicy.USE_PROFILES).toEqual({ html: true })
    expect(mailPolicy.ALLOWED_URI_REGEXP?.test('javascript:x')).toBe(false)
  })

  it('gives the frame a policy of its own that loads nothing', () => {
    const page = frameDocument('<p>Hi</p>', 'light')
    expect(page).toContain("default-src 'none'; img-src data:;")
    expect(page).not.toMatch(/script-src|connect-src/)
  })
})

describe('peaks', () => {
  it('outlines a recording, the loudest bar at 1', () => {
    expect(peaks(new Float32Array([0, 0.1, -0.4, 0.2, 0.05, 0]), 3)).toEqual([
      expect.closeTo(0.25),
      1,
      expect.closeTo(0.125),
    ])
  })

  it('does not break on silence, nothing, or more bars than samples', () => {
    expect(peaks(new Float32Array(8), 2)).toEqual([0, 0])
    expect(peaks(new Float32Array(0), 5)).toEqual([])
    expect(peaks(new Float32Array([0.5, 1]), 4)).toHaveLength(4)
  })
})
