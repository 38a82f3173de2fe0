/** "America/Los_Angeles" as people say it: "Los Angeles". */
export const cityOf = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
