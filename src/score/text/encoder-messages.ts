/** What the encoder's thread and its owner say to each other. */
export type EncoderStart = { readonly folder: string }
export type EncoderRequest = { readonly id: number; readonly texts: readonly string[] }
export type EncoderAnswer = { readonly id: number; readonly vectors: Float32Array[] }
