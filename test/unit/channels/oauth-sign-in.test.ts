import { expect, test } from 'vitest'
import { startSignIn } from '../../../src/channels/oauth/sign-in.ts'
import { systemClock } from '../../../src/lib/clock.ts'

test('pages that probe the port of a sign-in are sent away, and it goes on', async () => {
  const settings = { kind: 'oauth', provider: 'google', clientId: 'deskbell-test', baseUrl: null } as const
  const parts = { fetch, clock: systemClock, newToken: () => 'a'.repeat(32) }
  const signIn = await startSignIn(settings, { address: 'office@shop.test', clientSecret: null }, parts)
  const at = new URL(signIn.url).searchParams.get('redirect_uri') ?? ''
  for (const path of ['/favicon.ico', '//', '/?state=guessed', '/?code=guessed']) {
    expect((await fetch(`${at}${path}`)).status).toBe(404)
  }
  // The provider's answer is still taken: it says no here, and that is told.
  const answer = await fetch(`${at}/?state=${'a'.repeat(32)}&error=access_denied`)
  expect(answer.status).toBe(400)
  await expect(signIn.tokens).rejects.toMatchObject({ code: 'AUTH_FAILED' })
})
