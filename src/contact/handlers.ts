import type { HandlersOf } from '../rpc/serve.ts'
import { addNote } from './add-note.ts'
import { logCall, setOutcome } from './call-outcome.ts'
import { cancelSend, retrySend } from './cancel-send.ts'
import { editNote, showNote } from './change-note.ts'
import type { contactContract } from './contract.ts'
import { dial, hangUp } from './dial.ts'
import { forwardMail } from './forward-mail.ts'
import { markSeen, unmute } from './ladder.ts'
import { readLadder, saveLadder } from './ladder-settings.ts'
import { noteCall } from './note-call.ts'
import { openCalls } from './open-calls.ts'
import { sendChat } from './send-chat.ts'
import { sendMail } from './send-mail.ts'
import { preparedMessages, sendPrepared, whatsAppIsSetUp } from './send-prepared.ts'
import { sendText } from './send-text.ts'
import type { ContactDeps } from './surroundings.ts'
import { takeBackCall } from './take-back-call.ts'

/** Answers `contact/contract.ts`. Each mutation is one transaction. */
export function makeContactHandlers(deps: ContactDeps): HandlersOf<typeof contactContract> {
  return {
    'contact.sendMail': (input) => sendMail(deps, input),
    'contact.forwardMail': (input) => forwardMail(deps, input),
    'contact.sendText': (input) => sendText(deps, input),
    'contact.whatsApp': async () => ({ isSetUp: await whatsAppIsSetUp(deps) }),
    'contact.preparedMessages': async ({ personId }) => {
      const messages = await preparedMessages(deps, personId)
      return { messages: messages.map((it) => ({ ...it, variables: [...it.variables] })) }
    },
    'contact.sendPrepared': (input) => sendPrepared(deps, input),
    'contact.sendChat': (input) => sendChat(deps, input),
    'contact.cancelSend': ({ jobId }) => cancelSend(deps, jobId),
    'contact.retrySend': ({ jobId }) => retrySend(deps, jobId),
    'contact.dial': (input) => dial(deps, input),
    'contact.hangUp': async ({ interactionId }) => {
      await hangUp(deps, interactionId)
      return {}
    },
    'contact.logCall': (input) => logCall(deps, input),
    'contact.takeBackCall': async ({ interactionId }) => {
      await takeBackCall(deps, interactionId)
      return {}
    },
    'contact.setOutcome': async (input) => {
      await setOutcome(deps, input)
      return {}
    },
    'contact.noteCall': async (input) => {
      await noteCall(deps, input)
      return {}
    },
    'contact.addNote': (input) => addNote(deps, input),
    'contact.editNote': (input) => editNote(deps, input),
    'contact.showNote': async (input) => {
      await showNote(deps, input)
      return {}
    },
    'contact.openCalls': () => openCalls(deps),
    'contact.seen': async ({ personId }) => {
      await markSeen(deps.store, personId, deps.clock.now())
      return {}
    },
    'contact.ladder': () => readLadder(deps.store.read),
    'contact.saveLadder': async ({ ladder }) => {
      await deps.store.write((tx) => saveLadder(tx, 'ladder', ladder))
      return {}
    },
    'contact.saveAlerts': async (change) => {
      await deps.store.write(async (tx) => {
        const { alerts } = await readLadder(tx)
        const { volume = alerts.volume, mutedUntil = alerts.mutedUntil } = change
        await saveLadder(tx, 'alerts', { volume, mutedUntil })
        if (mutedUntil === null || mutedUntil <= deps.clock.now()) await unmute(tx, alerts.mutedUntil, deps.clock.now())
      })
      return {}
    },
  }
}
