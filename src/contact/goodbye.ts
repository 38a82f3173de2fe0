// Whole messages are compared, so that "thanks, when can you come?" stays a question.
const thanks =
  /^(?:(?:ok(?:ay)?|k|kk|perfect|great|awesome|super|cool|nice|fine|good|sounds good|sounds great|got it|will do|done|yes|yep|sure|alright|all good|no problem|np|you too|same to you|see you(?: then| soon| tomorrow| there)?|see ya|bye|cheers|ta|ty|thx|tks|thanks?|thank you|thank u|many|so|very|much|a lot|a million|again|appreciate it|appreciated|much appreciated|have a (?:good|great|nice) (?:day|one|weekend|evening)|talk soon|danke(?: schön| sehr)?|vielen dank|merci(?: beaucoup)?|(?:muchas )?gracias|obrigad[oa]|grazie(?: mille)?|tak|tack|dank je|bedankt|to you|you|for (?:your|the) (?:help|time|quick (?:reply|response|answer)|info|information|update)|for everything|that works(?: for me)?|works for me)[\s,.!;:–-]*)+$/iu
const longest = 120

/**
 * Whether a message only says thanks or goodbye, so that nobody owes an answer to it. Better one answer too many than a
 * question missed: anything that is not known to be thanks is none.
 */
export function isGoodbye(text: string): boolean {
  const words = text
    // Emoji and variation marks are thanks in themselves and never a question.
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}|\u{200D}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '') return text.trim() !== ''
  return words.length <= longest && !words.includes('?') && thanks.test(words)
}
