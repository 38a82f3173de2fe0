/** What a form can ask that we know what to do with. */
export type FormField =
  | 'name'
  | 'email'
  | 'phone'
  | 'company'
  | 'message'
  | 'budget'
  | 'postcode'
  | 'timeline'
  | 'source'

/** What a field name can turn out to be; two halves of a name become one. */
export type Meaning = FormField | 'firstName' | 'lastName'

// Names as forms and form services write them, without case, blanks and punctuation; `your-` and the like are cut off.
const synonyms: Readonly<Record<Meaning, readonly string[]>> = {
  name: ['name', 'fullname', 'contactname', 'nom', 'nombre', 'naam'],
  firstName: ['firstname', 'first', 'fname', 'givenname', 'forename', 'vorname', 'prenom'],
  lastName: ['lastname', 'last', 'lname', 'surname', 'familyname', 'nachname'],
  email: [
    'email',
    'mail',
    'emailaddress',
    'emailadress',
    'mailaddress',
    'workemail',
    'contactemail',
    'useremail',
    'correo',
  ],
  phone: [
    'phone',
    'tel',
    'telephone',
    'mobile',
    'cell',
    'cellphone',
    'mobilephone',
    'phonenumber',
    'mobilenumber',
    'telephonenumber',
    'contactnumber',
    'contactphone',
    'workphone',
    'telefon',
    'handy',
    'telefono',
  ],
  company: ['company', 'companyname', 'organisation', 'organization', 'business', 'businessname', 'firm', 'firma'],
  message: [
    'message',
    'msg',
    'comments',
    'comment',
    'enquiry',
    'inquiry',
    'question',
    'details',
    'description',
    'notes',
    'howcanwehelp',
    'nachricht',
    'mensaje',
  ],
  budget: ['budget', 'budgetrange', 'estimatedbudget', 'projectbudget', 'pricerange'],
  postcode: ['postcode', 'zip', 'zipcode', 'postalcode', 'plz', 'codepostal'],
  timeline: [
    'timeline',
    'timeframe',
    'when',
    'startdate',
    'desiredstart',
    'movedate',
    'movingdate',
    'preferreddate',
    'whentostart',
  ],
  source: [
    'source',
    'howdidyouhear',
    'howdidyouhearaboutus',
    'howdidyoufindus',
    'heardaboutus',
    'referredby',
    'referral',
  ],
}

const meaningOf = new Map<string, Meaning>(
  Object.entries(synonyms).flatMap(([meaning, names]) => names.map((name) => [name, meaning as Meaning] as const)),
)

/**
 * What a field is, by its name alone. The settings of the form come before this.
 * @param path as in {@link Entry}; the last part decides, `fields[contact][email]` is an e-mail
 */
export function meaningOfField(path: readonly string[]): Meaning | null {
  const plain = (path.at(-1) ?? '').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  return meaningOf.get(plain) ?? meaningOf.get(plain.replace(/^(your|lead|customer)/, '')) ?? null
}
