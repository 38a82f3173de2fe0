import { expect, it } from 'vitest'
import type { ChannelContext, StateReport } from '../../../../src/channels/channel.ts'
import { makeFormChannel } from '../../../../src/channels/forms/form-channel.ts'
import { formLimits } from '../../../../src/channels/forms/limits.ts'
import type { FormsListener } from '../../../../src/channels/forms/listener.ts'
import { silentLog } from '../../../../src/lib/log.ts'
import { conflict } from '../../../../src/rpc/errors.ts'
import { makeFakeClock } from '../../../fakes/fake-clock.ts'

it('goes on trying its port while the keychain cannot be asked', async () => {
  const clock = makeFakeClock()
  const reports: StateReport[] = []
  let locked = false
  let taken = true
  const context = {
    accountId: 1,
    clock,
    log: silentLog,
    secret: async () => {
      if (locked) throw new Error('the keychain is locked')
      return null
    },
    report: async (state: StateReport) => void reports.push(state),
    cursor: async () => null,
  } as unknown as ChannelContext
  const listener = {
    add: () => {},
    listen: async () => {
      if (taken) throw conflict('Another program has the port.')
    },
  } as unknown as FormsListener
  const channel = makeFormChannel({
    listener,
    settings: { name: 'Website', source: 'Website', mapping: {}, provider: 'generic', signed: true },
    token: 'token',
    limits: formLimits,
    context,
    fetch,
  })
  await channel.start()
  // A rejection that nobody handles would fail this test.
  locked = true
  await clock.advance(formLimits.portRetryEvery)
  locked = false
  taken = false
  const said = reports.length
  await clock.advance(formLimits.portRetryEvery)
  expect(reports.slice(said)).toEqual([
    { state: 'auth-failed', message: expect.stringContaining('secret of this form is gone') },
  ])
})
