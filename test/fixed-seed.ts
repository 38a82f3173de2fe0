import fc from 'fast-check'

// The same lots in every run: what a new lot finds is found at a desk (DESKBELL_SEED) and never in somebody's release.
fc.configureGlobal({ seed: Number(process.env.DESKBELL_SEED ?? 20_260_303) })
