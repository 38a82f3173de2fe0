/** Length of an embedding of all-MiniLM-L6-v2. */
export const vectorLength = 384

/** Dot product: the cosine, as all vectors here have length 1. */
export function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}

// No component of a vector of length 1 over 384 dimensions comes near this; what would is clipped.
const reach = 0.5

/** A vector as signed bytes, for the database: a quarter of its size, and cosines stay right to the third decimal. */
export function packVector(vector: Float32Array): Uint8Array {
  const bytes = new Int8Array(vector.length)
  for (let at = 0; at < vector.length; at++) {
    bytes[at] = Math.max(-127, Math.min(127, Math.round(((vector[at] ?? 0) / reach) * 127)))
  }
  return new Uint8Array(bytes.buffer)
}

/** What {@link packVector} made, brought back to length 1. */
export function unpackVector(packed: Uint8Array): Float32Array {
  const bytes = new Int8Array(packed.buffer, packed.byteOffset, packed.byteLength)
  const vector = Float32Array.from(bytes)
  const norm = Math.hypot(...vector) || 1
  return vector.map((it) => it / norm)
}
