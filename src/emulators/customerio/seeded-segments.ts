import { STAFF_COUNT } from '../population.ts'
import type { Segment } from './segments.ts'

const SEEDED = [
  {
    id: 11,
    name: 'VIP customers',
    description: 'At least three orders, over 500 in all.',
    tags: ['retention'],
    campaigns: [5],
  },
  {
    id: 12,
    name: 'Recent purchasers 7d',
    description: 'An order in the last seven days.',
    tags: ['suppression'],
    campaigns: [],
  },
  {
    id: 13,
    name: 'Active in app 30m',
    description: 'Opened the app in the last 30 minutes.',
    tags: null,
    campaigns: [],
  },
  {
    id: 14,
    name: 'Cart abandoners 2h',
    description: 'Cart idle for 90 minutes, no order, not in the cart flow.',
    tags: ['activation'],
    campaigns: [3, 8],
  },
  {
    id: 15,
    name: 'Winback 60-120d',
    description: 'Last order between 60 and 120 days ago.',
    tags: ['activation'],
    campaigns: [9],
  },
  {
    id: 16,
    name: 'Starter kit, no refill 30d',
    description: 'Starter kit at least 30 days ago, nothing since.',
    tags: null,
    campaigns: [],
  },
  { id: 17, name: 'Internal QA', description: 'Staff who test messages.', tags: null, campaigns: [] },
  {
    id: 18,
    name: 'Newsletter readers',
    description: 'Opened the newsletter in the last 14 days.',
    tags: null,
    campaigns: [2],
  },
  { id: 19, name: 'Never ordered', description: '', tags: null, campaigns: [] },
  { id: 20, name: 'Repeat customers', description: 'Two orders or more.', tags: null, campaigns: [] },
] as const

const INTERNAL_QA = 17
const STILL_BUILDING = 20
const BUILDING_PROGRESS = 40
const SEEDED_AT = Date.UTC(2024, 1, 5, 9) / 1000

/** The ten segments that the shop starts with; their rules stand in population-segments.ts. */
export const seedSegments = (populationSize: number): Segment[] =>
  SEEDED.map(({ campaigns, tags, ...words }, position) => {
    const staff = Array.from({ length: Math.min(STAFF_COUNT, populationSize) }, (_, i) => i + 1)
    const isBuilding = words.id === STILL_BUILDING
    return {
      ...words,
      state: isBuilding ? 'build' : 'finished',
      progress: isBuilding ? BUILDING_PROGRESS : null,
      type: words.id === INTERNAL_QA ? 'manual' : 'dynamic',
      tags: tags === null ? null : [...tags],
      createdAt: SEEDED_AT + position * 86_400,
      updatedAt: SEEDED_AT + position * 86_400,
      isEmptied: false,
      usedBy: { campaigns: [...campaigns], sent_newsletters: [], draft_newsletters: [] },
      members: new Set(words.id === INTERNAL_QA ? staff : []),
    }
  })
