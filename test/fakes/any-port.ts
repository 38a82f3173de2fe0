import type { PortChoice } from '../../src/channels/forms/listener.ts'

/** A free port each time, not kept. */
export const anyPort: PortChoice = { candidates: async () => [0], chosen: async () => {} }
