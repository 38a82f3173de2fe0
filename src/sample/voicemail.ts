import type { InboundFile } from '../channels/channel.ts'

// What a telephone carries: 8,000 samples a second. One byte each keeps a minute below half a megabyte.
const rate = 8000
const headerBytes = 44

/**
 * A recording to press play on: a hum in the rhythm of speech, so that the waveform looks like one. Nobody's voice.
 * @param seconds its length
 */
export function makeVoicemail(name: string, seconds: number): InboundFile {
  const samples = Math.round(seconds * rate)
  const bytes = Buffer.alloc(headerBytes + samples)
  writeHeader(bytes, samples)
  for (let index = 0; index < samples; index++) {
    const at = index / rate
    // Syllables about four times a second, a breath every three seconds, a pitch that falls within each phrase.
    const phrase = at % 3.1
    const breath = phrase < 2.5 ? 1 : 0
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.1 * at + Math.sin(at * 1.7))) ** 0.6
    const pitch = 150 - 14 * phrase + 10 * Math.sin(at * 2.3)
    const tone = Math.sin(2 * Math.PI * pitch * at) + 0.5 * Math.sin(4 * Math.PI * pitch * at)
    bytes[headerBytes + index] = 128 + Math.round(40 * breath * syllable * tone)
  }
  return { name, contentType: 'audio/wav', size: bytes.length, contentId: null, bytes }
}

/** RIFF/WAVE, PCM, mono, 8 bits unsigned. */
function writeHeader(bytes: Buffer, samples: number): void {
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(headerBytes - 8 + samples, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate, 28)
  bytes.writeUInt16LE(1, 32)
  bytes.writeUInt16LE(8, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(samples, 40)
}
