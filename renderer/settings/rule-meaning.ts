import type { ScoreRule } from '../../src/settings/contract.ts'

const channels = { email: 'mail', sms: 'text', whatsapp: 'WhatsApp', call: 'call', form: 'form' } as const

/** When a rule gives its points, in a sentence. */
export function ruleMeaning(when: ScoreRule['when']): string {
  switch (when.kind) {
    case 'channel':
      return `Came by ${when.channels.map((it) => channels[it]).join(' or ')}`
    case 'text':
      return 'One of these words is in what they wrote'
    case 'field':
      return `We know their ${when.field}`
    case 'budget':
      return 'Their budget is at least'
    case 'localPostcode':
      return 'Their postcode starts like one of yours (see Business)'
    case 'timelineDays':
      return 'They want to start within'
    case 'formComplete':
      return 'Every field of the form was filled in'
    case 'touches':
      return `They came back ${when.atLeast} times or more`
    case 'robot':
      return 'A machine wrote it: newsletter, automatic reply, bounce'
  }
}
