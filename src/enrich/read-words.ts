import { readName } from './read-names.ts'
import { findPhones } from './read-phones.ts'

const sentenceEnd = /(?<=[.!?])\s+(?=[\p{Lu}\d¿¡])|\n+/u

const sentencesOf = (text: string): string[] =>
  text
    .split(sentenceEnd)
    .map((it) => it.trim())
    .filter((it) => it !== '')

const name = String.raw`((?:\p{Lu}[\p{L}\p{M}'’-]+)(?:\s+(?:(?:de|da|van|von|der|la|del|di|y)\s+)?(?:\p{Lu}[\p{L}\p{M}'’-]+|\p{Lu}\.)){0,3})`
const follows = String.raw`(?=\s*(?:[,.!?;:()–—\n-]|$|and\b|from\b|with\b|at\b|of\b|over\b|here\b|again\b|calling\b|und\b|von\b|aus\b|vom\b|y\b|de\b|et\b|i\b|I\b|we\b))`
const introductions: readonly { readonly pattern: RegExp; readonly least: number }[] = [
  {
    pattern: new RegExp(
      String.raw`(?<![\p{L}])(?:[Mm]y name(?:['’]s| is)|[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Mm]e llamo|[Mm]i nombre es|[Jj]e m['’]appelle|[Mm]on nom est)\s+${name}${follows}`,
      'u',
    ),
    least: 1,
  },
  {
    pattern: new RegExp(
      String.raw`(?:^|[,.!:]\s*|\b[Hh](?:i|ello|ey),?\s+(?:there,?\s+)?|\bHallo,?\s+|\bHola,?\s+)[Tt]his is\s+${name}(?=\s+(?:from|with|at|calling|over|here)\b|[.,!]|\s*[-–—]|\s+(?:and|I)\b|$)`,
      'u',
    ),
    least: 2,
  },
  {
    pattern: new RegExp(
      String.raw`(?:^|[,.!]\s*)(?:[Hh](?:i|ello|ey),?\s+)?[Tt]his is\s+${name}(?=\s+(?:from|with|calling)\b)`,
      'u',
    ),
    least: 1,
  },
  {
    pattern: new RegExp(
      String.raw`(?:^|[,.!]\s*|\b[Hh](?:i|ello|ey),?\s+(?:there,?\s+)?)(?:I['’]m|I am|[Ii]ch bin|[Hh]ier ist|[Ss]oy|[Jj]e suis)\s+${name}${follows}`,
      'u',
    ),
    least: 2,
  },
  {
    pattern: new RegExp(
      String.raw`(?:^|[.!]\s+)(?:[Hh](?:i|ello|ey),?\s+(?:it['’]s\s+)?)?${name}\s+here(?=\s*[,.!–—-]|\s+(?:from|at|with)\b|$)`,
      'u',
    ),
    least: 2,
  },
]

/** "This is Ana Lopez", "my name is …": who introduces themselves at the start of what they wrote. */
export function findIntroduction(text: string): string | null {
  const start = text.slice(0, 600)
  for (const { pattern, least } of introductions) {
    const written = pattern.exec(start)?.[1]
    const found = written === undefined ? null : readName(written, least)
    if (found !== null) return found
  }
  return null
}

const mine =
  /(?<![\p{L}])(?:(?:call|text|ring|phone|reach|contact|whatsapp|ping|get|catch|try|buzz|bell)\s+(?:or\s+(?:text|call|email)\s+)?me\b|reach(?:ed)? (?:me )?(?:at|on)|call(?:\s+or\s+text)?\s+(?:back\s+)?(?:at|on)\s|my\s+(?:\w+\s+)?(?:cell|mobile|phone|number|tel(?:ephone)?|whatsapp|contact)\b|(?:erreichen (?:sie )?mich|rufen sie mich|ruf mich|meine (?:\p{L}+)?(?:nummer|handynummer|telefonnummer)|erreichbar (?:unter|bin))|(?:ll[áa]m[ae]me|mi (?:tel[ée]fono|m[óo]vil|n[úu]mero|celular|whatsapp)|me pueden? llamar)|(?:appele[zr]-moi|me joindre|joignable au|mon (?:num[ée]ro|portable|t[ée]l[ée]phone|mobile)|m'appeler|me rappeler|rappelez-moi))/iu
const somebodyElse =
  /(?<![\p{L}])(?:husband|wife|partner|spouse|boss|assistant|colleague|office manager|tenant|landlord|neighbou?r|son|daughter|mother|father|mom|mum|dad|brother|sister|friend|his|her|their|him|them|mann|frau|kollege|kollegin|nachbar|mieter|marido|mujer|esposa|esposo|jefe|mari|femme|collègue|voisin|your|ihre|votre|su)(?![\p{L}])/iu

/** The numbers they give as their own: "call me on …", never "call my husband at …". Only in the same sentence. */
export function findOwnPhones(text: string, countries: readonly string[]): string[] {
  const found = new Set<string>()
  for (const { number, index } of findPhones(text, countries)) {
    const before =
      text
        .slice(Math.max(0, index - 90), index)
        .split(/[.!?]\s|\n\s*\n/)
        .at(-1) ?? ''
    const said = mine.exec(before)
    if (said && !somebodyElse.test(before.slice(said.index + 2))) found.add(number)
  }
  return [...found]
}

const myMail =
  /(?<![\p{L}])(?:(?:e-?mail|write|reach|contact)\s+me\s+(?:back\s+)?(?:at|on|via|under)|my\s+(?:\w+\s+)?e-?mail(?:\s+address)?(?:\s+is|:)|meine\s+(?:e-?mail|mail)(?:-?adresse)?(?:\s+ist|\s+lautet|:)|mi\s+(?:correo|email|e-mail)(?:\s+electr[óo]nico)?(?:\s+es|:)|mon\s+(?:e-?mail|mail|adresse(?:\s+(?:e-?)?mail)?)(?:\s+est|\s*:)|(?:best|you can) (?:e-?mail|reach) me (?:at|on))\s*:?\s*<?([\p{L}\d._%+'-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,})/giu

/** The addresses they give as their own. */
export const findOwnEmails = (text: string): string[] => [
  ...new Set([...text.matchAll(myMail)].flatMap((it) => (it[1] ? [it[1].toLowerCase()] : []))),
]

const currency = `(?:[$€£]|usd|eur|gbp|euros?|dollars?|pounds?)`
const sum = String.raw`(?:[$€£]\s?)?\d[\d.,' \u00a0]*\d?\s*(?:k\b|m\b|thousand\b|grand\b|mil\b|tausend\b)?\s*${currency}?`
const spans = String.raw`${sum}(?:\s*(?:-|–|to|bis|a|à|y|and)\s*${sum})?`
const budgets: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:budget|presupuesto)(?:\s+(?:is|of|for (?:this|the|that)(?: \w+)?(?: is| would be)?|would be|ist|liegt bei|beträgt|von|es|est|es de|est de|de|around|about|range|is around|is about))*\s*[:=~-]?\s*(?:(?:around|about|roughly|approximately|approx\.?|up to|max\.?|maximum|between|under|below|less than|of|etwa|ca\.?|circa|rund|bis zu|bei|zwischen|unos|unas|alrededor de|hasta|entre|environ|autour de|jusqu'à|in the|somewhere)\s+)*(${spans})`,
    'iu',
  ),
  /\b(?:(?:looking|hoping|able|willing|want|prepared|planning|like) to (?:spend|pay|invest)|can (?:spend|pay|afford|go)|(?:have|got|set aside|saved)(?: up)?(?: to spend)?)\s+(?:(?:around|about|roughly|approximately|up to|between|no more than|at most|maybe)\s+)*((?:[$€£]\s?\d[\d.,]*\s*(?:k\b|thousand\b|grand\b)?|\d[\d.,]*\s*(?:k|thousand|grand|euros?|€|dollars|pounds)\b)(?:\s*(?:-|–|to|and)\s*[$€£]?\s?\d[\d.,]*\s*(?:k\b|thousand\b|grand\b)?)?)/iu,
  /((?:[$€£]\s?\d[\d.,]*\s*k?\b)|(?:\d[\d.,]*\s?(?:k|€)))\s+(?:budget|max(?:imum)?\b)/iu,
]

const maybeBudget = /budget|presupuesto|spend|pay|invest|afford|can go|have|got|set aside|saved/iu

/** What they say they can spend, as they wrote it. A price they were quoted or read somewhere is none. */
export function findBudgetWords(text: string): string | null {
  // One look over everything is ten times cheaper than a look at each sentence.
  if (!/\d/.test(text) || !maybeBudget.test(text)) return null
  for (const sentence of sentencesOf(text)) {
    if (
      /\b(?:your (?:quote|price|estimate)|quoted|no budget|over budget|budget hotel|not? (?:sure|know)|don't have|unsure)\b/iu.test(
        sentence,
      )
    )
      continue
    for (const pattern of budgets) {
      const words = pattern.exec(sentence)?.[1]?.trim()
      if (!words || !/\d/.test(words)) continue
      const hasSign = /[$€£]|\b(?:k|usd|eur|gbp|euros?|dollars?|pounds?|thousand|grand|mil|tausend)\b|\dk\b/iu.test(
        words,
      )
      const digits = words.replace(/\D/g, '').length
      if (hasSign || digits >= 3) return words.replace(/[.,\s]+$/, '')
    }
  }
  return null
}

const month = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
const german = `(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)`
const spanish = `(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)`
const french = `(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)`
const count = String.raw`(?:\d{1,2}(?:\s*(?:-|–|to|or|bis|a|à)\s*\d{1,2})?|one|two|three|four|five|six|a couple(?: of)?|a few|couple of|few|zwei|drei|vier|ein paar|einem|einer|dos|tres|cuatro|un|una|deux|trois|quatre|une)`
const unit = `(?:days?|weeks?|months?|tagen?|wochen?|monaten?|días?|semanas?|mes(?:es)?|jours?|semaines?|mois)`
const times: readonly RegExp[] = [
  /\b(?:asap|a\.s\.a\.p\.?|as soon as (?:possible|you can)|right away|immediately|urgently|so bald wie möglich|schnellstmöglich|sofort|dringend|lo antes posible|cuanto antes|urgente(?:mente)?|dès que possible|au plus vite|le plus tôt possible|en urgence)\b/iu,
  new RegExp(
    String.raw`\b(?:with)?in(?: the)?(?: next)? ${count} ${unit}\b|\b(?:innerhalb (?:von|der nächsten)|in(?: den)?(?: nächsten)?|en(?: los)?(?: próximos| próximas)?|dentro de|dans(?: les)?|d'ici) ${count} ${unit}(?![\p{L}])`,
    'iu',
  ),
  /\b(?:today|tomorrow|tonight|(?:this|next|coming|by the end of(?: the)?|end of(?: the)?) (?:week|month|weekend)|diese[rn]? (?:woche|monat)|nächste[rn]? (?:woche|monat)|heute|morgen|esta semana|este mes|(?:la semana|el mes) que viene|próxim[oa] (?:semana|mes)|hoy|mañana|cette semaine|ce mois(?:-ci)?|(?:la semaine|le mois) prochaine?|aujourd'hui|demain)\b/iu,
  new RegExp(
    String.raw`\b(?:by|before|until|no later than|in|early|mid|late|end of|starting|from)(?: the)?(?: end of| beginning of| middle of| mid-?| early| late)?(?: the)? (?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?${month}(?: \d{1,2}(?:st|nd|rd|th)?)?(?:,? 20\d\d)?\b`,
    'iu',
  ),
  new RegExp(
    String.raw`\b(?:bis|im|ab|vor|ende|anfang|mitte|bis ende|bis zum \d{1,2}\.) (?:\d{1,2}\. )?${german}\b|\b(?:para|antes de|en|a finales de|a principios de|hasta) ${spanish}\b|(?<![\p{L}])(?:avant|en|fin|début|pour|d'ici|courant|mi-) ?(?:fin |début )?${french}(?![\p{L}])`,
    'iu',
  ),
]
const wish =
  /(?<![\p{L}])(?:need|needs|want|wants|would like|'d like|like to|hoping|hope to|looking|look to|plan(?:ning)?|start|started|begin|finish|done|complete|completed|move|moving|book|schedule|install|installed|replace|fix|fixed|repair|come (?:out|by)|available|availability|help|quote|estimate|possible|ready|deadline|timeline|timeframe|get (?:it|this|them|started)|have (?:it|this)|brauchen?|bräuchten?|möchten?|würden?|suchen?|wollen?|beginn|anfangen|fertig|termin|angebot|necesito|necesitamos|quiero|queremos|quisiera|me gustaría|nos gustaría|buscamos|busco|empezar|presupuesto|besoin|souhaite|souhaitons|voudrais|voudrions|cherchons?|commencer|devis|travaux|rendez-vous)(?![\p{L}])/iu
const past =
  /(?<![\p{L}])(?:ago|yesterday|last (?:week|month|year)|was|were|saw|spoke|met|sent|called|wrote|received|talked|thank(?:s| you) for (?:coming|your|today)|no rush|not urgent|no hurry|not in a (?:hurry|rush)|unavailable|on vacation|away|out of (?:the )?office|closed|gestern|war|waren|keine eile|ayer|estuvo|hier|sans urgence)(?![\p{L}])/iu

const maybeTime =
  /(?<![\p{L}])(?:asap|a\.s\.a|soon|right away|immediat|urgen|möglich|sofort|dringend|posible|cuanto antes|possible|au plus vite|plus tôt|day|week|month|tomorrow|tonight|tag|woche|monat|heute|morgen|d[ií]a|semana|mes|hoy|mañana|jour|semaine|mois|demain|jan|feb|fév|mar|märz|apr|abr|avr|ma[iy]|ju[nl]|juin|juil|enero|aug|ago|août|sep|o[ck]t|nov|de[cz]|dic|déc)|tag|woche|monat|(?:möglich|possible)(?![\p{L}])/iu

/** When they want it, as they wrote it: only in a sentence in which they want something. */
export function findTimelineWords(text: string): string | null {
  if (!maybeTime.test(text)) return null
  for (const sentence of sentencesOf(text)) {
    if (sentence.length > 500 || past.test(sentence)) continue
    for (const [at, pattern] of times.entries()) {
      const words = pattern.exec(sentence)?.[0]
      // "asap" wants by itself.
      if (words && (at === 0 || wish.test(sentence))) return words
    }
  }
  return null
}
