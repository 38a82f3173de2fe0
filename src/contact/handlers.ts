import type { HandlersOf } from '../rpc/serve.ts'
import { addNote } from './add-note.ts'
import { logCall, setOutcome } from './call-outcome.ts'
import { cancelSend, retrySend } from './cancel-send.ts'
import type { contactContract } from './contract.ts'
import { dial, hangUp } from './dial.ts'
import { noteCall } from './note-call.ts'
import { openCalls } from './open-calls.ts'
import { sendChat } from './send-chat.ts'
import { sendMail } from './send-mail.ts'
import { sendText } from './send-text.ts'
import type { ContactDeps } from './surroundings.ts'

/** Answers `contact/contract.ts`. Each mutation is one transaction. */
export function makeContactHandlers(deps: ContactDeps): HandlersOf<typeof contactContract> {
  return {
    'contact.sendMail': (input) => sendMail(deps, input),
    'contact.sendText': (input) => sendText(deps, input),
    'contact.sendChat': (input) => sendChat(deps, input),
    'contact.cancelSend': ({ jobId }) => cancelSend(deps, jobId),
    'contact.retrySend': ({ jobId }) => retrySend(deps, jobId),
    'contact.dial': (input) => dial(deps, input),
    'contact.hangUp': async ({ interactionId }) => {
      await hangUp(deps, interactionId)
      return {}
    },
    'contact.logCall': (input) => logCall(deps, input),
    'contact.setOutcome': async (input) => {
      await setOutcome(deps, input)
      return {}
    },
    'contact.noteCall': async (input) => {
      await noteCall(deps, input)
      return {}
    },
    'contact.addNote': (input) => addNote(deps, input),
    'contact.openCalls': () => openCalls(deps),
  }
}
