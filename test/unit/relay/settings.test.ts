import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { day } from '../../../src/lib/durations.ts'
import { relayLimits } from '../../../src/relay/limits.ts'
import { readRelaySettings } from '../../../src/relay/settings.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

const tokenFile = (text: string) => {
  const file = join(temporaryFolder(), 'token')
  writeFileSync(file, text)
  return { RELAY_ADMIN_TOKEN_FILE: file }
}

describe('settings of the relay', () => {
  it('are the usual ones for what was not set, or set to nothing', () => {
    expect(readRelaySettings({ RELAY_PUBLIC_URL: '', DATABASE_URL: '' })).toMatchObject({
      port: 8787,
      publicUrl: null,
      adminToken: null,
      databaseUrl: null,
      limits: relayLimits,
    })
    expect(readRelaySettings({ RELAY_KEEP_DAYS: '2' }).limits.keepFor).toBe(2 * day)
  })

  it('take the token of the operator from a file, without the end of its line', () => {
    expect(readRelaySettings(tokenFile('a-token-of-sixteen\n')).adminToken).toBe('a-token-of-sixteen')
  })

  it.each(['', '\n', 'short'])('refuse the token %j, wherever it stands', (token) => {
    expect(() => readRelaySettings(tokenFile(token))).toThrow('RELAY_ADMIN_TOKEN_FILE')
    if (token.trim() !== '') expect(() => readRelaySettings({ RELAY_ADMIN_TOKEN: token })).toThrow('RELAY_ADMIN_TOKEN')
  })
})
