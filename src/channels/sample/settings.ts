import { z } from 'zod'

/** The address and number of the sample business. Both are of ranges reserved for examples: they reach nobody. */
export const sampleSettings = z.object({
  email: z.string().default('office@brightwater.example'),
  phone: z.string().default('+14155550142'),
})
