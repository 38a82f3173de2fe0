import { describe, expect, it } from 'vitest'
import { firstGuess } from '../../../renderer/onboarding/first-guess.ts'
import { formSnippet, questions } from '../../../renderer/onboarding/form-snippet.ts'
import { hoursInWords } from '../../../renderer/onboarding/hours-in-words.ts'
import {
  cleanPassword,
  portAfter,
  settingsOf,
  startValues as startMailbox,
} from '../../../renderer/onboarding/mailbox-values.ts'
import { mappingOf, rowsOf } from '../../../renderer/onboarding/mapping-fields.tsx'
import { noProgress, readProgress } from '../../../renderer/onboarding/progress.ts'
import { providerHelp } from '../../../renderer/onboarding/provider-help.ts'
import { stepAfter, stepBefore, stepIds, stepsDone } from '../../../renderer/onboarding/steps.ts'
import {
  missesSecret,
  secretsOf,
  settingsOf as settingsOfForm,
  startValues,
} from '../../../renderer/onboarding/web-form-values.ts'
import type { Account } from '../../../src/channels/contract.ts'
import { providerInfo } from '../../../src/channels/forms/providers/catalog.ts'
import { suggestEmail } from '../../../src/channels/suggest-email.ts'
import { readBudget } from '../../../src/score/read-budget.ts'
import { readTimeline } from '../../../src/score/read-timeline.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { meaningOfField } from '../../../src/vocabulary/field-names.ts'

const { business } = defaultSettings
const here = { zone: 'Europe/Vienna', languages: ['de-AT', 'en-US'] }

const accountOf = (settings: Account['settings']): Account => ({
  id: 1,
  kind: settings.kind,
  label: 'x',
  state: 'ok',
  stateMessage: '',
  stateDetail: null,
  lastEventAt: null,
  lastOkAt: null,
  lastErrorAt: null,
  lastError: null,
  nextRetryAt: null,
  seen: 0,
  taken: 0,
  skipped: 0,
  settings,
})

describe('first guess', () => {
  it('fills in zone and country of this computer while the business has no name', () => {
    expect(firstGuess(business, here)).toMatchObject({ zone: 'Europe/Vienna', country: 'AT' })
  })

  it('leaves a saved business alone', () => {
    const saved = { ...business, name: 'Brightwater', zone: 'America/New_York' }
    expect(firstGuess(saved, here)).toEqual(saved)
  })

  it('takes the first language that names a country, and survives nonsense', () => {
    expect(firstGuess(business, { ...here, languages: ['de', '!!', 'es-419', 'pt-BR'] }).country).toBe('BR')
    expect(firstGuess(business, { ...here, languages: [] }).country).toBe(business.country)
  })
})

describe('steps', () => {
  it('are done when the engine has what they ask for', () => {
    expect(stepsDone({ business, me: null }, [], false)).toEqual(new Set())
    const all = stepsDone(
      { business: { ...business, name: 'Brightwater' }, me: 1 },
      [{ kind: 'email' }, { kind: 'twilio' }, { kind: 'form' }],
      true,
    )
    expect([...all]).toEqual(stepIds.filter((it) => it !== 'done'))
  })

  it('follow each other and end', () => {
    expect(stepAfter('business')).toBe('you')
    expect(stepAfter('done')).toBe('done')
    expect(stepBefore('business')).toBeNull()
    expect(stepBefore('done')).toBe('deadlines')
  })
})

describe('kept progress', () => {
  it('is read back as it was written', () => {
    const progress = { started: true, at: 'phone', skipped: ['mailbox'], deadlinesSeen: true } as const
    expect(readProgress(JSON.stringify(progress))).toEqual(progress)
  })

  it.each([undefined, '', 'null', '[]', '{', '"phone"'])('starts over with %j', (text) => {
    expect(readProgress(text)).toEqual(noProgress)
  })

  it('keeps what it understands of another version', () => {
    expect(readProgress('{"started":true,"at":"import","skipped":["form",7,"import"]}')).toEqual({
      started: true,
      at: 'business',
      skipped: ['form'],
      deadlinesSeen: false,
    })
  })
})

describe('mailbox', () => {
  it.each([
    ['gmail.com', 'Google'],
    ['outlook.com', 'Microsoft'],
    ['hotmail.co.uk', 'Microsoft'],
    ['yahoo.de', 'Yahoo'],
    ['icloud.com', 'Apple'],
    ['gmx.de', 'Allow'],
    ['t-online.de', 'Telekom'],
  ])('knows what %s wants instead of the usual password, by the servers that the engine suggests', (domain, word) => {
    const help = providerHelp(suggestEmail(`a@${domain}`).imap.host)
    expect(help.title).toContain(word)
    expect(help.needed).toBe(true)
  })

  it('says nothing of app passwords being needed where nobody knows', () => {
    expect(providerHelp('imap.brightwater.example').needed).toBe(false)
  })

  it('takes the blanks out of an app password of Google, and of nothing else', () => {
    expect(cleanPassword(' abcd efgh ijkl mnop ')).toBe('abcdefghijklmnop')
    expect(cleanPassword('my own pass word')).toBe('my own pass word')
    expect(cleanPassword(' starts with a blank')).toBe(' starts with a blank')
    expect(cleanPassword('')).toBeNull()
  })

  it('moves a usual port with the security, and leaves an own port', () => {
    expect(portAfter('smtp', 465, 'tls', 'starttls')).toBe(587)
    expect(portAfter('imap', 993, 'tls', 'starttls')).toBe(143)
    expect(portAfter('imap', 10_143, 'tls', 'none')).toBe(10_143)
  })

  it('sends neither the password nor pasted blanks with the settings', () => {
    const settings = settingsOf(
      {
        ...startMailbox(null, ''),
        address: ' office@b.example ',
        name: ' Dana ',
        imap: { host: ' imap.b.example ', port: 993, security: 'tls', user: ' office ' },
        smtp: { host: 'smtp.b.example', port: 465, security: 'tls', user: 'office' },
        password: 'secret',
      },
      null,
    )
    expect(JSON.stringify(settings)).not.toContain('secret')
    expect(settings).toMatchObject({ address: 'office@b.example', name: 'Dana' })
    expect(settings.imap).toMatchObject({ host: 'imap.b.example', user: 'office' })
  })
})

describe('web form', () => {
  const url = 'http://127.0.0.1:4850/f/0123456789abcdef'

  it.each(questions.map((it) => it.key))(
    'asks for name, e-mail and %s in fields that the engine understands',
    (key) => {
      const html = formSnippet(url, key)
      const names = [...html.matchAll(/ name="([^"]+)"/g)].map(([, name]) => name ?? '')
      expect(names).toEqual(['name', 'email', 'phone', key, 'message', '_gotcha'])
      for (const name of names.slice(0, -1)) expect(meaningOfField([name])).toBe(name)
      expect(html).toContain(`action="${url}"`)
    },
  )

  it('cannot be broken out of by the address', () => {
    expect(formSnippet('http://x/?a=1&b="><script>', 'budget')).toContain(
      'action="http://x/?a=1&amp;b=&quot;>&lt;script>"',
    )
  })

  it('offers answers that count in the score', () => {
    const options = (key: string) => questions.find((it) => it.key === key)?.options ?? []
    expect(options('timeline').map((it) => readTimeline(it, 0))).toEqual([0, 30, 90, null])
    expect(options('budget').map(readBudget)).toEqual([999, 1000, 5000, 20_000])
  })

  it('keeps what belongs to the form but is not edited, and sends no secret with the settings', () => {
    const form = { name: 'Ads', source: 'Google Ads', mapping: {}, provider: 'google', signed: true } as const
    const account = accountOf({ kind: 'form', form: { ...form, baseUrl: 'http://127.0.0.1:9' }, url })
    const values = { ...startValues(account), name: ' Lead ads ', signing: ' shh ' }
    expect(settingsOfForm(values, account)).toEqual({ ...form, baseUrl: 'http://127.0.0.1:9', name: 'Lead ads' })
    expect(secretsOf(values)).toEqual({ signing: 'shh', accessToken: null })
  })

  it('misses a secret only where the provider needs one and none is stored', () => {
    const meta = providerInfo('meta')
    expect(missesSecret(meta, ' ', false)).toBe(true)
    expect(missesSecret(meta, ' ', true)).toBe(false)
    expect(missesSecret(meta, 'shh', false)).toBe(false)
    expect(missesSecret(providerInfo('generic'), '', false)).toBe(false)
    expect(missesSecret(undefined, '', false)).toBe(false)
  })

  it('keeps the names of odd fields, without those that were left empty', () => {
    const mapping = { field_7: 'budget', 'Ihre Nachricht': 'message' } as const
    const rows = rowsOf(mapping)
    expect(mappingOf(rows)).toEqual(mapping)
    expect(mappingOf([...rows, { key: 'new-1', theirs: '  ', ours: 'name' }])).toEqual(mapping)
  })
})

describe('opening hours in words', () => {
  const day = (weekday: number, from: number, to: number) => ({ weekday, from: from * 60, to: to * 60 })

  it('names neighbouring days together', () => {
    expect(hoursInWords(business.hours, 'en-GB')).toBe('Mon–Fri 09:00–17:00')
    expect(hoursInWords(business.hours, 'en-US')).toBe('Mon–Fri 9:00 AM–5:00 PM')
    expect(hoursInWords([day(1, 13, 17), day(1, 9, 12), day(2, 9, 12), day(2, 13, 17), day(6, 10, 14)], 'en-GB')).toBe(
      'Mon–Tue 09:00–12:00, 13:00–17:00; Sat 10:00–14:00',
    )
  })

  it('does not join days with a closed day between them', () => {
    expect(hoursInWords([day(1, 9, 17), day(3, 9, 17)], 'en-GB')).toBe('Mon 09:00–17:00; Wed 09:00–17:00')
    expect(hoursInWords([])).toBe('never')
  })
})
