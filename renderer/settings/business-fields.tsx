import { Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useMemo } from 'react'
import type { Business } from '../../src/settings/contract.ts'
import { postcodeName } from '../ui/postcode-name.ts'
import { hoursProblem } from './hours.ts'
import { HoursField } from './hours-field.tsx'
import { countries, zones } from './places.ts'
import styles from './settings.module.css'

export const businessRules = {
  name: (value: string) => (value.trim() === '' ? 'What is your business called?' : null),
  hours: (value: Business['hours'], values: Business) => (values.alwaysOpen ? null : hoursProblem(value)),
}

/** The form of a business, in the settings and on the first run. */
export function BusinessFields({ form }: { readonly form: UseFormReturnType<Business> }) {
  const zoneList = useMemo(zones, [])
  const countryList = useMemo(() => countries().map((it) => ({ ...it })), [])
  const { error: hoursError } = form.getInputProps('hours') as { error?: string }
  return (
    <Stack gap="md">
      <TextInput label="Name of the business" dir="auto" maxLength={200} {...form.getInputProps('name')} />
      <div className={styles.grid2}>
        <Select
          label="Time zone"
          description="Deadlines count on this clock."
          searchable
          allowDeselect={false}
          data={[...zoneList]}
          limit={80}
          {...form.getInputProps('zone')}
        />
        <Select
          label="Country"
          description="For numbers without a country code."
          searchable
          allowDeselect={false}
          data={countryList}
          {...form.getInputProps('country')}
        />
      </div>
      <div className={styles.box}>
        <div className={styles.boxTitle}>Opening hours</div>
        <Switch
          my="xs"
          label="Always open: deadlines run day and night"
          {...form.getInputProps('alwaysOpen', { type: 'checkbox' })}
        />
        {!form.values.alwaysOpen && (
          <HoursField value={form.values.hours} onChange={(hours) => form.setFieldValue('hours', hours)} />
        )}
        {hoursError && (
          <p role="alert" className={styles.problem}>
            {hoursError}
          </p>
        )}
      </div>
      <TagsInput
        label={`${postcodeName(form.values.country)}s near you`}
        description="How they start, for instance 941. Leads from there get points for being local."
        placeholder="Type one and press Enter"
        {...form.getInputProps('localPostcodes')}
      />
    </Stack>
  )
}
