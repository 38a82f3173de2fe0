/** Silence that players accept, so that a recording of the double can really be listened to. */

/** 8 kHz, 16 bit, mono: what Twilio serves for `.wav`. */
export function silentWav(seconds: number): Uint8Array {
  const samples = Math.round(seconds * 8000)
  const bytes = new Uint8Array(44 + samples * 2)
  const view = new DataView(bytes.buffer)
  const ascii = (at: number, text: string): void => bytes.set(new TextEncoder().encode(text), at)
  ascii(0, 'RIFF')
  view.setUint32(4, 36 + samples * 2, true)
  ascii(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, 8000, true)
  view.setUint32(28, 16_000, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  ascii(36, 'data')
  view.setUint32(40, samples * 2, true)
  return bytes
}

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz, mono: frames of 417 bytes, 26.1 ms each, with empty side information. */
export function silentMp3(seconds: number): Uint8Array {
  const frames = Math.max(1, Math.round((seconds * 44_100) / 1152))
  const bytes = new Uint8Array(frames * 417)
  for (let frame = 0; frame < frames; frame += 1) bytes.set([0xff, 0xfb, 0x90, 0xc0], frame * 417)
  return bytes
}
