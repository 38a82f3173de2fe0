import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'

/** Long enough for 6 rings at the lead's end; Twilio's own default is 30. */
const ringLeadSeconds = 30

/**
 * The document Twilio runs when the owner picks up: ring the lead, showing the business number. Twilio's SDK writes the
 * XML and escapes what is in it; a document that is not well-formed would end the call with an apology.
 *
 * @param callerId the Twilio number, E.164
 * @param lead E.164
 */
export function bridgeTwiml(callerId: string, lead: string): string {
  const response = new VoiceResponse()
  response.dial({ callerId, timeout: ringLeadSeconds }).number(lead)
  return response.toString()
}
