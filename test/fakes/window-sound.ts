/** Four seconds of a voice-like hum, so that the outline of the player has a shape. */
export function tone(): Uint8Array<ArrayBuffer> {
  const rate = 8000
  const count = rate * 4
  const buffer = new ArrayBuffer(44 + count * 2)
  const view = new DataView(buffer)
  const word = (at: number, text: string) =>
    [...text].forEach((it, index) => {
      view.setUint8(at + index, it.charCodeAt(0))
    })
  word(0, 'RIFF')
  view.setUint32(4, 36 + count * 2, true)
  word(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  word(36, 'data')
  view.setUint32(40, count * 2, true)
  for (let at = 0; at < count; at += 1) {
    const seconds = at / rate
    const loud = Math.abs(Math.sin(seconds * 5)) * Math.abs(Math.sin(seconds * 1.3 + 0.5))
    view.setInt16(44 + at * 2, Math.sin(seconds * 2 * Math.PI * 180) * loud * 20_000, true)
  }
  return new Uint8Array(buffer)
}
