/** What the code of a place is called in a country. @param country ISO 3166 */
export const postcodeName = (country: string | undefined): string => (country === 'US' ? 'ZIP code' : 'Postcode')
