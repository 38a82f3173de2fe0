/**
 * The outline of a recording: for each bar the loudest sample in its stretch, scaled so that the loudest bar is 1.
 * Silence is all zeros.
 */
export function peaks(samples: Float32Array, bars: number): readonly number[] {
  if (samples.length === 0 || bars <= 0) return []
  const stretch = samples.length / bars
  const loudest = Array.from({ length: bars }, (_, bar) => {
    let peak = 0
    const end = Math.min(samples.length, Math.max(Math.floor((bar + 1) * stretch), Math.floor(bar * stretch) + 1))
    for (let at = Math.floor(bar * stretch); at < end; at += 1) peak = Math.max(peak, Math.abs(samples[at] ?? 0))
    return peak
  })
  const top = Math.max(...loudest)
  return top === 0 ? loudest : loudest.map((it) => it / top)
}

const sampleRate = 8000

/** Decodes a recording and measures it. @throws when the browser cannot decode it */
export async function waveformOf(bytes: Uint8Array, bars: number) {
  const context = new OfflineAudioContext(1, 1, sampleRate)
  // A copy: decoding takes the buffer away, and the player needs it, too.
  const audio = await context.decodeAudioData(bytes.slice().buffer)
  return { bars: peaks(audio.getChannelData(0), bars), durationMs: audio.duration * 1000 }
}
