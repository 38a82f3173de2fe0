import type { MethodOutput } from '../../src/rpc/contract.ts'

export type ListedNumber = MethodOutput<'channels.listTwilioNumbers'>['numbers'][number]

type Chosen = { readonly number: string; readonly others: readonly string[] }
type Choice = { readonly number: string; readonly label: string; readonly listed: ListedNumber | null }

/** Every number of the account, and those that are watched although Twilio does not list them (any more). */
export function numberChoices(found: readonly ListedNumber[] | null, { number, others }: Chosen): readonly Choice[] {
  const listed = (found ?? []).map((it) => ({
    number: it.number,
    label:
      it.name === '' || it.name === it.number || it.name === it.display ? it.display : `${it.display} · ${it.name}`,
    listed: it,
  }))
  const unlisted = [number, ...others].filter((it) => it !== '' && !listed.some((one) => one.number === it))
  return [...listed, ...unlisted.map((it) => ({ number: it, label: it, listed: null }))]
}

/** What a number can, in words. @param asked whether Twilio was asked for its numbers */
export function abilities({ listed }: Choice, asked: boolean): string {
  if (listed === null) return asked ? 'not listed at Twilio' : ''
  const can = [...(listed.voice ? ['calls'] : []), ...(listed.sms ? ['texts'] : [])]
  return can.length === 0 ? 'neither calls nor texts' : can.join(' and ')
}

/** Other numbers were ticked. The one that messages leave from stays, or the first ticked one takes its place. */
export function watch({ number }: Chosen, ticked: readonly string[]): Chosen {
  const first = ticked.includes(number) ? number : (ticked[0] ?? number)
  return { number: first, others: ticked.filter((it) => it !== first) }
}

/** The number that was typed, as Twilio writes it; nothing typed takes the first that can get texts. */
export function typedNumber(typed: string, found: readonly ListedNumber[]): string {
  const digits = typed.replace(/\D/g, '')
  const match = digits === '' ? undefined : found.find((it) => it.number.endsWith(digits))
  if (match) return match.number
  return digits === '' ? ((found.find((it) => it.sms) ?? found[0])?.number ?? '') : typed
}
