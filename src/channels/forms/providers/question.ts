import { type Meaning, meaningOfField } from '../../../vocabulary/field-names.ts'
import type { Entry } from '../read-body.ts'

// People write whole questions as labels. What is around the field's name is cut off, then the name decides.
const before =
  /^(hi|hello|hey|and|finally|lastly|please|thanks|great|what['’]?s|what is|what are|enter|type|leave|provide|give us|may we have|can we have|your|the|best|a good|preferred)[\s,:!]+/
const after = /\s*(\(.*\)|please|to (reach|contact|call|e-?mail) you.*|you can be reached.*)$/

const openQuestions =
  /^(how can we help|tell us (more )?about|please share anything|describe|what (do you need|can we (do|help))|anything else)/

/** What a question asks for; null when it is the business's own question. */
function meaningOfQuestion(question: string): Meaning | null {
  let rest = question
    .toLowerCase()
    .replace(/[*_?!.:]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (openQuestions.test(rest)) return 'message'
  for (let cut = 0; cut < 6; cut++) {
    const shorter = rest.replace(before, '').replace(after, '').trim()
    if (shorter === rest) break
    rest = shorter
  }
  return meaningOfField([rest])
}

/**
 * An answer under its question.
 * @param name the provider's own name for the question: a mapping may use it too, and `utm_source` is known by it
 */
export function answer(question: string, value: string, meaning: Meaning | null = null, name = question): Entry {
  const label = question.replace(/\s+/g, ' ').trim()
  const known = meaning ?? meaningOfQuestion(label)
  return { path: [name.trim() || label], label, value, ...(known && { meaning: known }) }
}
