import { seededRandom, shuffle } from './random.ts'

/** Which rows learn and which judge; places in the list that was split. */
export type Split = { readonly train: Int32Array; readonly held: Int32Array }

/**
 * Gives every place a fold from 0 to `count - 1`, each with its fair share of both outcomes.
 * @param outcomes 0 or 1 by place
 */
export function stratifiedFolds(outcomes: Uint8Array, count: number, seed: number): Uint8Array {
  const random = seededRandom(seed)
  const folds = new Uint8Array(outcomes.length)
  let next = 0
  for (const outcome of [0, 1]) {
    const places = Int32Array.from(outcomes.keys()).filter((place) => outcomes[place] === outcome)
    // The second outcome goes on where the first ended, so that folds differ by one row at most.
    for (const place of shuffle(places, random)) folds[place] = next++ % count
  }
  return folds
}

/** The split in which `fold` judges and the others learn. */
export function splitOf(folds: Uint8Array, fold: number): Split {
  const places = Int32Array.from(folds.keys())
  return {
    train: places.filter((place) => folds[place] !== fold),
    held: places.filter((place) => folds[place] === fold),
  }
}
