import { hour, minute } from '../lib/durations.ts'
import type { SampleBusiness, SamplePerson, SampleStep } from './sample-business.ts'

/**
 * The same business on the worst day: names and texts that break layouts, one thread of 400 messages, and nobody has
 * answered anybody. Rows that look right with this look right with everything.
 */
export function uglyBusiness(business: SampleBusiness): SampleBusiness {
  return { ...business, people: [...hardNames, longThread(), ...crowd()] }
}

const step = (ago: number, more: Partial<SampleStep>): SampleStep => ({
  ago,
  out: false,
  automatic: false,
  robot: null,
  files: [],
  tracking: {},
  ...more,
})
const mail = (subject: string, text: string, files: string[] = []): Partial<SampleStep> => ({
  mail: { subject, text, quoted: null, files },
})
const form = (fields: Record<string, string>): Partial<SampleStep> => ({ form: fields })

const eightyCharacters = 'Dr. Maximiliane-Theodora von Hohenlohe-Waldenburg-Schillingsfürst zu Sternberg'
const oneWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
const longAddress = `${'a-very-long-local-part-of-an-address'.repeat(2).slice(0, 60)}@${'a-company-with-a-long-name'.repeat(2)}.example`

const hardNames: readonly SamplePerson[] = [
  {
    name: eightyCharacters,
    email: longAddress,
    phone: '+4915155501001',
    company: oneWord,
    events: [
      step(3 * hour, {
        ...form({
          Name: eightyCharacters,
          'E-mail': longAddress,
          Phone: '+49 1515 550 1001',
          Budget: 'between 18,000.00 and 25,000.00 US dollars, depending on what you find behind the wall',
          When: 'this month',
          Postcode: '94110',
          Message: 'A very long message. '.repeat(120),
        }),
        tracking: {
          utm_source: 'google',
          utm_medium: 'cpc',
          utm_campaign: 'a-campaign-name-without-any-end'.repeat(4),
        },
      }),
      step(2 * hour, { call: { result: 'voicemail', ring: 30, seconds: 58 } }),
    ],
  },
  {
    name: 'محمد عبد الرحمن الشريف',
    email: 'mohammed@alsharif.example',
    phone: '+15105550102',
    events: [
      step(
        5 * hour,
        mail(
          'طلب عرض سعر لمطبخ جديد',
          'مرحبا،\n\nنريد مطبخا جديدا قبل نهاية الشهر. كم يكلف؟ رقمي هو +1 510 555 0102.\n\nشكرا جزيلا',
        ),
      ),
      step(4 * hour, { text: 'هل استلمتم رسالتي؟ quote please 🙏' }),
    ],
  },
  {
    name: 'יעל בן־דוד',
    phone: '+15105550103',
    events: [step(9 * hour, { text: 'שלום, אפשר לקבל הצעת מחיר למטבח? (2.40 m × 3.10 m) asap' })],
  },
  {
    name: '👩‍👩‍👧‍👦 The Ng‘s 🏳️‍🌈',
    phone: '+15105550104',
    events: [
      step(7 * hour, { whatsapp: '👍🏽'.repeat(60), files: ['model-plate.png', 'floor-plan.png', 'model-plate.png'] }),
    ],
  },
  {
    name: 'Zalgơ̴̢͖̝̹ Ț̷̛e̶̘͠x̵͎́t̶͇̆',
    email: 'zalgo@combining-marks.example',
    events: [step(6 * hour, mail('H̸̡̪̯ͨ͊̽̅̾e̢̯̬͇ ͚c̦̝o̫m̧e̸s', `${'x'.repeat(600)} ${'https://very.long.example/'.repeat(12)}`))],
  },
  {
    name: '<b>Bobby</b> "Tables"; DROP TABLE lead;--',
    email: 'bobby@tables.example',
    events: [
      step(
        8 * hour,
        mail(
          '<script>alert(1)</script> & {{ contact.name }}',
          '<img src=x onerror=alert(1)>\n\n\n\n\n\n\n\n\n\n\n\nquote?',
        ),
      ),
    ],
  },
  { name: '', phone: '+17075550120', events: [step(30 * hour, { call: { result: 'missed', ring: 55, seconds: 0 } })] },
  {
    name: 'I',
    email: 'i@x.example',
    events: [step(50 * hour, mail('', '?'))],
  },
  {
    name: 'Form of Everything',
    email: 'everything@forms.example',
    events: [
      step(11 * hour, {
        ...form({
          'E-mail': 'everything@forms.example',
          ...Object.fromEntries(
            Array.from({ length: 60 }, (_, index) => [
              `Question ${index + 1}: ${'which '.repeat(index % 9)}one?`,
              'Yes. '.repeat((index % 7) + 1),
            ]),
          ),
        }),
      }),
    ],
  },
]

function longThread(): SamplePerson {
  const lines = [
    'And the other cabinet?',
    'Which one do you mean? The one beside the stove or the one above the dishwasher that opens to the left?',
    'ok',
    'I have thought about it over the weekend, and my mother-in-law thinks that the corner should be open, which I do not, but she pays for the worktop.',
  ]
  return {
    name: 'Thread of Four Hundred',
    email: 'patient@long-thread.example',
    phone: '+15105550105',
    events: Array.from({ length: 400 }, (_, index) => {
      const ago = (400 - index) * 47 * minute
      const line = `${index + 1}. ${lines[index % lines.length]}`
      const out = index % 2 === 1
      return step(ago, index % 5 === 0 ? { ...mail(`Re: Corner cabinet (${index})`, line), out } : { text: line, out })
    }),
  }
}

/** Sixty people whom nobody has answered since yesterday. */
function crowd(): SamplePerson[] {
  return Array.from({ length: 60 }, (_, index) => {
    const number = String(100 + index)
    return {
      name: `Late ${['Larry', 'Lucy', 'Lorenzo', 'Lakshmi'][index % 4]} ${index + 1}`,
      email: `late${index}@waiting.example`,
      phone: `+1628555${number.padStart(4, '0')}`,
      events: [
        step((20 + index) * 37 * minute, {
          ...form({
            Name: `Late ${index + 1}`,
            'E-mail': `late${index}@waiting.example`,
            Budget: String(5000 + index * 500),
            When: 'asap',
            Postcode: '94110',
          }),
        }),
      ],
    }
  })
}
