/**
 * Makes `resources/sounds/*.wav` from sines, so that nobody's licence is in them. Run again after a change:
 * `node scripts/make-sounds.mjs`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const rate = 22_050
const folder = path.join(import.meta.dirname, '../resources/sounds')

/** A struck bell: partials that die away, the higher the sooner. */
const strike = (frequency, at, strength) => (time) => {
  const since = time - at
  if (since < 0) return 0
  const attack = Math.min(1, since / 0.004)
  const partials = [
    [1, 1, 5],
    [2.76, 0.4, 9],
    [5.4, 0.15, 16],
  ]
  const sum = partials.reduce(
    (total, [factor, weight, decay]) =>
      total + weight * Math.exp(-decay * since) * Math.sin(2 * Math.PI * frequency * factor * since),
    0,
  )
  return strength * attack * sum
}

/** 16-bit mono PCM, http://soundfile.sapp.org/doc/WaveFormat/ */
function wav(seconds, strikes) {
  const count = Math.round(seconds * rate)
  const bytes = Buffer.alloc(44 + 2 * count)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(36 + 2 * count, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(2 * rate, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(2 * count, 40)
  for (let index = 0; index < count; index++) {
    const time = index / rate
    // Ends in silence, so that nothing clicks.
    const fade = Math.min(1, (seconds - time) / 0.05)
    const value = fade * strikes.reduce((sum, it) => sum + it(time), 0)
    bytes.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, value))), 44 + 2 * index)
  }
  return bytes
}

mkdirSync(folder, { recursive: true })
writeFileSync(path.join(folder, 'soon.wav'), wav(0.7, [strike(880, 0, 0.4)]))
writeFileSync(path.join(folder, 'late.wav'), wav(0.9, [strike(1175, 0, 0.4), strike(880, 0.18, 0.4)]))
