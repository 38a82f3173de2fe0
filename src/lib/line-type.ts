import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

const lineTypes = ['mobile', 'landline', 'mobile_or_landline', 'voip', 'toll_free', 'other'] as const
export type LineType = (typeof lineTypes)[number]

/**
 * What kind of line a number is, by the published numbering plan alone. In North America mobiles and landlines share
 * their ranges, and the honest answer is `mobile_or_landline`.
 * @param number E.164
 * @returns null when the plan does not know the number
 */
export function lineType(number: string): LineType | null {
  switch (parsePhoneNumberFromString(number)?.getType()) {
    case undefined:
      return null
    case 'MOBILE':
      return 'mobile'
    case 'FIXED_LINE':
      return 'landline'
    case 'FIXED_LINE_OR_MOBILE':
      return 'mobile_or_landline'
    case 'VOIP':
      return 'voip'
    case 'TOLL_FREE':
      return 'toll_free'
    default:
      return 'other'
  }
}

/** How a told kind of line is kept: with the number it is of, since a person has several. */
export const toldLine = (number: string, type: string): string => `${number} ${type}`

/** @returns null for what is none */
export function readToldLine(value: string): { readonly number: string; readonly type: LineType } | null {
  const [number, told] = value.split(' ')
  const type = lineTypes.find((it) => it === told)
  return number && type ? { number, type } : null
}

/** What was told last of a number. @param told values as {@link toldLine} writes them, oldest first */
export const lineTold = (number: string, told: readonly string[]): LineType | null =>
  told.map(readToldLine).findLast((it) => it?.number === number)?.type ?? null
