/**
 * Words that give an intent away whatever a sentence means as a whole, in the languages that the encoder reads badly,
 * too. Each is one feature of the classifier, which learns what it is worth; none decides anything by itself.
 * Their order is the order of the weights: change one and train again (`npm run intents -- --write`).
 */
const signs: readonly RegExp[] = [
  // A price
  /\b(price|pricing|prices|cost|costs|rates?|fees?|charge|estimates?|quotes?|quotation|quoted|bids?|ballpark|how much|proposal|breakdown|figures?|what would .{0,30}(set|run) )\b/,
  /\b(kostet|kosten|angebot|preis|kostenvoranschlag|cu[aá]nto (cuesta|cobran?|me)|presupuesto|precio|devis|combien|tarifs?)\b/,
  /\b(sq ?ft|square feet|sqft|qm|m2|m3|bedrooms?|\d ?br|stor(e?y|ies)|windows|acre|feet|gallon)\b/,
  /\b(do|does|would|did) (you|u|ya) (charge|ask|want for)|\bwhat (do|would) (you|u) (charge|ask)|\bfree estimates?\b/,
  // A time
  /\b(appointment|appt|book|booked|booking|schedule|reserve|reservation|slots?|opening?s today|available|availability|earliest|soonest|fit me in|put (us|me) down|set up a time)\b/,
  /\b(termin|termine|cita|agendar|reservar|rendez-vous|réserver|prendre rdv)\b/,
  /\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|fri|sat|sun|tomorrow|tmrw|tonite|tonight|weekend|montag|dienstag|donnerstag|viernes|martes|samedi|demain)\b/,
  /\b\d{1,2}(:\d\d)? ?(am|pm|uhr|h)\b|\bat \d{1,2}(:\d\d)?\b|\bnoon\b/,
  /\b(asap|emergency|right away|come now|send someone|how (fast|soon) can|burst|no heat|no hot water|locked out|overflowing|sewage|leaking|flood(ing|ed)?|buzzing)\b/,
  /\b(can|could) (somebody|someone|you|u|i) (come|fit|get|pls|please)\b|\bcome (out|by|in|over)\b/,
  // Asking to know
  /\b(do|does|are|is|can|could|how|what|whats|which|where|when|who|will|would)\b[^.!?]{0,160}\?/,
  /\b(do (you|u|yall|ya)( guys| folks)? (take|accept|offer|service|do|work|carry|need|use|deliver|repair|have|buy|sell|rent))\b/,
  /\b(wondering|curious|confused|understand|difference between|is it (safe|true|ok(ay)?)|how does|how long|how do i know|would like to know|like to know|just want(ed)? to know)\b/,
  /\b(hours|address|parking|insured|licensed|service area|financing|warranty|accept|walk-?ins?|permit)\b/,
  // Something under way
  /\b(invoice|receipt|account number|order (number|#)|booking number|reference|my (appointment|appt|car|order|reservation|file|account|case|bill)|our (case|move|account))\b/,
  /\b(existing|already (a )?(client|customer|patient)|member since|customer since|as always|as (you )?requested|last (time|visit|month'?s|week'?s))\b/,
  /\b(resend|reschedule|cancel my|move my|signed|attached (is|are) the|approved|go ahead|confirm|running late|min late|on (my|our) way|gate code|paid|installment|deposit|transfer)\b/,
  /\b(thanks? (you )?for (coming|the|your)|thx for|gracias por|merci pour|rechnung|confirme)\b/,
  /\byou (installed|serviced|replaced|prepared|sent|did)\b|\byour (guys|crew|tech|technician|painter)\b|\bthe (crew|guys|tech|painter|technician)\b/,
  // Anger
  /\b(complain(t|ing)?|refund|money back|unacceptable|disappointed|ridiculous|rude|terrible|worst|disgusting|unprofessional|outrageous|upset|angry|joke|unreal|sick of|fed up|scandal|not happy|unhappy with the)\b/,
  /\b(never (showed|again|called)|no one (answers|calls|called)|nobody (calls|called|has)|still (waiting|no|don'?t)|overcharged|charged twice|not paying|will not be paying|wtf|dispute|attorney|lawyer|sue|legal (steps|action)|manager|hold you responsible)\b/,
  /\b(ruined|damaged|broke|broken|cracked|scratche[sd]|crooked|uneven|worse than|came back|fell out|flooded|stained|dropped|wrong)\b/,
  /\b(beschwerde|erstattung|frist|falta de respeto|devuelvan|irresponsables|scandaleux|porter plainte|inacceptable|enttäuscht)\b/,
  /[!?]{3,}|\b[A-Z]{4,} [A-Z]{4,}\b/,
  // Selling to us
  /\b(we (help|offer|provide|supply|manufacture|produce|export|generate|deliver|build|equip|buy|print|compare|take over)|our (agency|software|platform|team of|program|catalogue|catalog|specialists?|clients?|company))\b/,
  /\b(your (business|company|practice|firm|website|fleet|listing|salon|office|google)|business owner|decision maker|owner\?|are you the owner|contractors? like you|companies like yours)\b/,
  /\b(demo|free trial|15 minute|quick (call|chat|question)|leads|seo|rank(ing)?|traffic|marketing|promo(tion)?al?|discount(ed)?|wholesale|supplier|bulk|distributors?|partnership|introduction|samples?|no contract|no obligation|guest posts?|backlinks?)\b/,
  /\b(credit card processing|working capital|financing|funding|merchant|payroll|insurance for|lower your|save (you|up|about)|triple|grow your|missed calls|virtual assistant|outsourc\w+)\b/,
  /\b(wir bieten|großhändler|sonderkonditionen|somos una|queremos ofrecerle|nous sommes|grossiste|remise)\b/,
  // Work wanted
  /\b(resum[eé]s?|cv|cover letter|hiring|hire|application|apply|applying|applicant|position|vacancy|job|jobs|opening|employment|apprentic\w+|internship|interview|references|recruit\w*|openings)\b/,
  /\b(years? (of )?(experience|exp)|yrs|certified|experience|licensed|journeyman|portfolio|full-?time|part-?time|looking for (work|a job)|need work|want work|available to start|can start)\b/,
  /\b(bewerb\w+|stellenanzeige|ausbildung\w*|lebenslauf|curr[ií]culum|vacante|puesto|empleo|candidature|lettre de motivation|recrutez|praktikum)\b/,
  // Sent to many
  /\b(unsubscribe|opt out|opt-out|manage (your )?(preferences|subscription)|view (this email )?in (your )?browser|you('re| are) receiv\w+ this|subscrib\w+|mailing (list|preferences)|email settings|stop to|txt stop|text stop|stop=|reply stop|2 unsub|privacy policy|turn off)\b/,
  /\b(newsletter|digest|bulletin|issue|edition|episode|webinar|roundup|read (more|online|the full)|top stories|this (month|week)|upcoming events|shop now|sale|% off|free shipping|while supplies last|points|members?)\b/,
  /\b(abbestellen|abmelden|impressum|darse de baja|cancelar suscripci[oó]n|désabonner|bolet[ií]n|infolettre|lire la suite|weiterlesen)\b/,
  // Crooks
  /\b(verify|password|suspended|deactivated|locked|click (here|the link|below|on)|confirm here|log ?in|sign in|security alert|final notice|warrant|social security|ssn|pin|bank account|card number|press (one|nine|1|9))\b/,
  /\b(bitcoin|crypto|wallet|usdt|casino|slots|lottery|prize|won|winner|gift cards?|claim|inherit\w*|beneficiary|million|barrister|donat(e|ion) .{0,20}(you|euro)|western union|loan|guaranteed|followers|telegram)\b/,
  /\b(viagra|cialis|pills?|pharmacy|xanax|replica|rolex|singles|sexy|pics|lose \d+ (pounds|lbs)|keto|porn|essay|cheap)\b/,
  /\b(package|parcel|colis) .{0,40}(hold|held|bloqu|address|customs)|\b(toll|usps|fedex|irs|netflix|amazon|apple id|paypal)\b/,
  /\b(gewonnen|kontodaten|gesperrt|ganaste|premio|clave|carte bancaire|réglez)\b/,
  /\blink\b|\.example\/|\bbit\.ly\b|<a href|\[url/,
  // Meant for somebody else
  /\b(wrong (number|person|chat|place|email)|who (is|dis|r u)|new phone|is this [a-z']+('?s)?( cell| number| phone)?\??$|is this (the|still)|meant for|disregard|returning a missed call|don'?t know who|trying to reach)\b/,
  /\b(mom|mum|mommy|mamá|papa|papá|dad|grandma|grandpa|aunt|babe|honey|love you|birthday|bbq|potluck|soccer|church|carpool|school|kids|homework|class)\b/,
  /\b(milk|pizza|cat|uber|taxi|marketplace|craigslist|landlord|hotel|flight|prescription|pharmacy|library|dmv|bank)\b/,
  /\b(are (you|u|we) (still )?(coming|there|home|on for|free)|pick (me|you|him|her) up|see (you|u|ya) (there|tonight|later|at)|call me (when|later)|dinner|haha|lol|bro|dude|sweetie|bisous|te llamo|landed|where (r|are) (u|you))\b/,
  // Who speaks to whom, and in what mood
  /\b(i|i'm|im|i'd|i've|my|me)\b/,
  /\b(we|our|us|we're|we've|we'd)\b/,
  /\b(you|u|your|ur|yours)\b/,
  /\b(i|we)('d| would) (like|love)|\b(i|we) (want|need)|\blooking (for|to)|\bneed (a|an|some(one|body)|to)\b/,
  /\b(would (you|it|that) be (interested|open|opposed|worth)|interested|happy to (send|show|give)|shall i|may i|can i (send|show|call)|let me (know a good|show|send)|when (can|may) (we|i) (talk|call)|reply (yes|info)|get in touch)\b/,
  /\b(a|per) (month|hour|week|day|link|lead)\b|\/(month|mo|hr)\b|\bfrom \$?\d+|\bonly \$?\d+/,
  /\b(shop|click|join|register|download|redeem|tap|listen|continue reading|learn more|see (all|who|what|the)|find out|sign up|enter|act now|hurry)\b/,
  /\b(dear (friend|sir|madam|user|customers?|subscribers?|members?|parents|all|business|winner)|hi (reader|there|team)|hello (readers|dear)|everyone|all (members|clients|customers))\b/,
  /\b(was|were|did|didn'?t|left|came|got|has|have been|hasn'?t|never|again|since|already|yesterday|last (night|week|month)|weeks? (now|ago))\b/,
  /\b(replace|repair|install|remodel|paint|move|moving|build|fix|clean|remove|redo)\w*\b/,
  /\b(free (trial|audit|sample|analysis|setup|consultation|quote|estimate)s?|no (obligation|cost|charge|pressure))\b/,
]

/** How a message is written: what its words do not say. */
const shapes: readonly ((text: string, channel: string) => number)[] = [
  (text) => Math.min(1, text.length / 800),
  (text) => (text.length < 60 ? 1 : 0),
  (text) => (text.includes('?') ? 1 : 0),
  (_, channel) => (channel === 'email' ? 1 : 0),
  (_, channel) => (channel === 'form' ? 1 : 0),
  (_, channel) => (channel === 'call' ? 1 : 0),
]

export const lexicalLength = signs.length + shapes.length

/**
 * @param text as `prepareText` makes it
 * @returns {@link lexicalLength} numbers from 0 to 1
 */
export function lexicalFeatures(text: string, channel: string): number[] {
  const lower = text.toLowerCase()
  return [
    // Only the sign of capitals needs to see them.
    ...signs.map((sign) => (sign.test(lower) || (sign.source.includes('A-Z') && sign.test(text)) ? 1 : 0)),
    ...shapes.map((shape) => shape(lower, channel)),
  ]
}

/** Words and pairs of words share this many places: two in one place are rare enough. */
export const vocabularyLength = 2048

/** Places of the words and pairs of neighbours of a text; each place once. */
export function vocabularyOf(text: string): number[] {
  const words = (text.toLowerCase().match(/[\p{L}']+|\d+|[?!$%€]/gu) ?? []).map((it) => (/^\d+$/.test(it) ? '#' : it))
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`)
  return [...new Set([...words, ...pairs].map((it) => hash(it) % vocabularyLength))]
}

/** Pieces of words share this many places. */
export const piecesLength = 4096

const pieceSizes = [3, 4]

/**
 * Places of the pieces of 3 and 4 letters of the words of a text; each place once. "instal", "installing" and "instaled"
 * have most of theirs in common, and so have words of one family in German or Spanish.
 */
export function piecesOf(text: string): number[] {
  const places = new Set<number>()
  for (const word of text.toLowerCase().match(/[\p{L}']+/gu) ?? []) {
    const edged = `^${word}$`
    for (const size of pieceSizes) {
      for (let at = 0; at + size <= edged.length; at++) places.add(hash(edged.slice(at, at + size)) % piecesLength)
    }
  }
  return [...places]
}

/** FNV-1a: the same on every machine, as the weights are shipped. */
function hash(text: string): number {
  let value = 2166136261
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 16777619)
  return value >>> 0
}
