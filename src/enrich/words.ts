/** Word lists of the readers. Where a word is in none of them, nothing is concluded. */

const alternatives = (words: string) =>
  words
    .trim()
    .split(/\s*\n\s*|\s*,\s*/)
    .join('|')

/** The last line of a letter before the name. English, German, Spanish, French, Dutch, Italian, Portuguese. */
export const closing = new RegExp(
  `^(?:(?:many |with |kind |best |warm |warmest |sincere )*(?:${alternatives(`
    thanks, thank you, thx, ty, tks, cheers, regards, best, wishes, sincerely, cordially, respectfully, yours, br, kr, rgds,
    talk soon, all the best, take care, appreciate it, much appreciated, looking forward`)})` +
    `(?: (?:so much|a lot|again|in advance|very much|and regards|and best regards|regards|wishes|truly|sincerely|faithfully|and best|kindly|for your (?:help|time)|best|to hearing from you|you))*` +
    `|(?:mit |viele |beste |liebe |herzliche |schöne |mit besten |mit freundlichen |freundliche |besten )+(?:grüße|grüßen|grüsse|grüssen|gruß|gruss|dank)n?(?: aus [\\p{L} ]+)?|mfg|vg|lg|bg|danke|vielen dank(?: (?:im voraus|und .+))?` +
    `|(?:un )?(?:cordial )?saludos?(?: cordiales?)?|un saludo|atentamente|muchas gracias|gracias|un abrazo|cordialmente` +
    `|(?:bien )?cordialement|(?:bien )?à vous|sincères salutations|salutations(?: distinguées)?|merci(?: (?:d'avance|beaucoup|par avance))?|bonne journée|amicalement` +
    `|(?:met )?vriendelijke groet(?:en)?|groeten|cordiali saluti|saluti|grazie|atenciosamente|obrigad[oa])[\\s,.!:;–-]*$`,
  'iu',
)

/** A word that makes a line a title. Whole words, any case. */
export const titleWord = new RegExp(
  `(?<![\\p{L}\\d])(?:${alternatives(`
    owner, co-owner, owner/operator, founder, co-founder, ceo, cfo, coo, cto, cmo, president, vice president, vp, chairman, partner,
    principal, director, manager, mgr, supervisor, superintendent, foreman, head of, lead, coordinator, administrator, admin,
    assistant, secretary, receptionist, bookkeeper, accountant, controller, engineer, architect, designer, developer, technician,
    consultant, advisor, adviser, analyst, specialist, officer, agent, broker, realtor, estimator, dispatcher, contractor,
    electrician, plumber, carpenter, painter, roofer, landscaper, mechanic, inspector, surveyor, attorney, lawyer, solicitor,
    paralegal, notary, counsel, dentist, doctor, physician, nurse, hygienist, veterinarian, therapist, physiotherapist, teacher, principal,
    professor, headteacher, chef, baker, stylist, photographer, planner, buyer, purchaser, purchasing, procurement, representative, rep,
    executive, associate, treasurer, pastor, caretaker, producer, editor, proprietor, trainer, coach,
    geschäftsführer, geschäftsführerin, geschäftsführung, inhaber, inhaberin, leiter, leiterin, prokurist, prokuristin, assistentin, assistenz, sekretariat,
    einkauf, einkäufer, einkäuferin, vertrieb, bauleiter, bauleiterin, meister, meisterin, hausverwalter, hausverwalterin, sachbearbeiter, sachbearbeiterin,
    steuerberater, steuerberaterin, rechtsanwalt, rechtsanwältin, projektleiter, projektleiterin,
    gerente, directora, jefe, jefa, propietario, propietaria, dueño, dueña, administrador, administradora, responsable, abogado, abogada, arquitecto, arquitecta,
    ingeniero, ingeniera, encargado, encargada, comercial, secretaria,
    gérant, gérante, directeur, directrice, chef de projet, président, présidente, associé, associée, chargé, chargée, avocat, avocate, architecte,
    ingénieur, assistante, commercial manager, comptable, propriétaire, adjoint, adjointe`)})(?![\\p{L}])`,
  'iu',
)

/** What a company carries at the end of its name. */
export const legalForm =
  /(?:^|[\s,])(?:inc|llc|l\.l\.c|llp|pllc|ltd|limited|plc|corp|corporation|co|company|gmbh|gmbh & co\.? kg|ag|kg|ohg|ug|gbr|e\.\s?k|s\.?l\.?u?|s\.?a\.?|s\.?a\.?r\.?l|sas|eurl|b\.?v|n\.?v|pty|p\.c|s\.?r\.?l|& sons|& partners|und partner|& söhne|et fils|e hijos|y asociados|& associates)\.?\)?$/iu

/** What the names of small businesses are made of. */
export const tradeWord =
  /(?<![\p{L}])(?:plumbing|roofing|construction|builders|building|contracting|contractors|electric|electrical|heating|cooling|hvac|realty|properties|property management|real estate|group|services|solutions|studio|studios|clinic|dental|dentistry|orthodontics|law|legal|school|academy|church|landscaping|gardens|painting|flooring|kitchens|interiors|design|designs|architects|architecture|consulting|partners|associates|bakery|café|cafe|restaurant|bistro|catering|hotel|inn|salon|spa|fitness|gym|yoga|motors|auto|garage|movers|moving|logistics|transport|cleaning|insurance|mortgage|bank|credit union|foundation|association|hoa|museum|veterinary|animal hospital|medical|health|pharmacy|holdings|capital|ventures|industries|manufacturing|supply|equipment|rentals|media|marketing|agency|press|books|events|weddings|photography|farms?|nursery|vineyards?|winery|brewing|brewery|bau|haustechnik|hausverwaltung|immobilien|dachdeckerei|malerbetrieb|elektro|sanitär|schreinerei|tischlerei|praxis|kanzlei|steuerberatung|autohaus|gasthaus|inmobiliaria|reformas|construcciones|despacho|clínica|gestoría|fontanería|talleres|immobilier|bâtiment|plomberie|cabinet|menuiserie|boulangerie|agence)(?![\p{L}])/iu

/** Capitalised words that are nobody's name. */
export const noNameWord = new RegExp(
  `^(?:${alternatives(`
    the, and, of, for, from, to, at, in, on, your, our, my, we, us, you, this, that, it, is, are, team, sales, support, office, customer, service, services, info, admin, hello, hi, hey, dear, hallo,
    hola, bonjour, thanks, thank, best, regards, kind, warm, sent, get, mobile, cell, phone, tel, fax, email, e-mail, web, website, direct, main, address, street, st, road, rd,
    avenue, ave, suite, floor, unit, box, monday, tuesday, wednesday, thursday, friday, saturday, sunday, january, february, march, july, september, october, november, december, today, tomorrow, yes, no, ok, okay, please, note, attached, subject, re, fw, fwd, date, cc, confidential, confidentiality, notice,
    disclaimer, privacy, important, urgent, asap, estimate, quote, invoice, order, project, meeting, call, text, north, south, east, new, city, state, county, united, states,
    usa, uk, germany, deutschland, spain, españa, france, follow, visit, click, view, book, schedule, hours, open, closed, licensed, insured, bonded, since, est, certified, member,
    award, proud, family, owned, operated, happy, holidays, merry, christmas, god, bless, peace, love, cheers, sincerely, yours, mit, freundlichen, grüßen, viele, grüße, mfg, lg, vg, danke,
    saludos, gracias, atentamente, cordialement, merci, bien, iphone, ipad, android, outlook, gmail, yahoo, samsung, galaxy, facebook, instagram, linkedin, twitter, youtube, tiktok, google, zoom,
    mom, dad, everyone, all, both, everybody, anyone, someone, about, regarding, regards, just, great, good, not, very, interested, available, ready, looking, following, writing, calling, sorry, glad, sure, here, there, urgently, reaching, wondering, hoping, trying, back, afraid, also, still, currently, so, really, going, checking, quick, reminder, automated, message, voicemail, last, next, first, second, department, dept, reception, accounts, accounting, billing, purchasing, maintenance, leasing, management`)})$`,
  'iu',
)
