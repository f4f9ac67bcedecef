import type { Population } from '../population.ts'
import { bornId } from '../population.ts'
import { hashNumbers } from '../random.ts'
import type { Segments } from './segments.ts'
import type { Users } from './users.ts'

// What other people of the same workspace have made, so that no list is ever only ours.

const AMPLITUDE_COHORT = '[Amplitude][Power users]'
const RETIRED = 'Black Friday 2025'
const SALT = 601

/** Two dashboard segments, an archived one, and another partner's cohort. */
export const addForeignSegments = (segments: Segments, population: Population, users: Users): void => {
  const dashboard = { kind: 'filter', type: 'ELASTIC_SEARCH', source: 'Dashboard', isInUse: true } as const
  segments.add(
    {
      ...dashboard,
      name: 'Staff devices',
      definition: {
        included_filters: {
          filter_operator: 'and',
          filters: [
            {
              filter_type: 'user_attributes',
              name: 'is_employee',
              data_type: 'bool',
              operator: 'is',
              value: true,
              negate: false,
            },
          ],
        },
      },
    },
    Date.UTC(2025, 2, 3, 8, 15),
  )
  segments.add(
    {
      ...dashboard,
      name: 'Opened app, last week',
      definition: {
        included_filters: {
          filter_operator: 'and',
          filters: [
            {
              filter_type: 'actions',
              attributes: { filter_operator: 'and', filters: [] },
              executed: true,
              // Windows built in the dashboard come back in this form and no other.
              primary_time_range: { type: 'inTheLast', value_type: 'relative_past', days: 7, days1: 0 },
              action_name: 'App/Site Opened',
              execution: { type: 'atleast', count: 1 },
            },
          ],
        },
      },
    },
    Date.UTC(2025, 5, 17, 14, 40),
  )
  const retired = segments.add(
    {
      ...dashboard,
      name: RETIRED,
      definition: {
        included_filters: {
          filter_operator: 'and',
          filters: [
            {
              filter_type: 'user_attributes',
              name: 'country',
              data_type: 'string',
              operator: 'in',
              value: ['DE'],
              negate: false,
              case_sensitive: false,
            },
          ],
        },
      },
    },
    Date.UTC(2025, 10, 20, 7),
  )
  retired.archivedAtMs = Date.UTC(2026, 0, 31)

  const cohort = { kind: 'cohort', type: 'FILE', source: 'Amplitude', isInUse: true } as const
  const amplitude = segments.add(
    { ...cohort, name: AMPLITUDE_COHORT, cohortId: 'amp-7f3a', partner: 'amplitude' },
    Date.UTC(2026, 1, 11, 10),
  )
  for (let index = 1; index <= population.size && amplitude.kind === 'cohort'; index++) {
    const uid = hashNumbers(population.seed, SALT, index) % 50 === 0 ? bornId(population.seed, index) : null
    if (uid !== null && users.isKnown(uid)) amplitude.members.add(uid)
  }
}
