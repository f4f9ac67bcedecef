import { expect, test } from 'vitest'
import { soak } from './soak.ts'

const days = Number(process.env.MUSTER_SOAK_DAYS ?? 2)
const seed = Number(process.env.MUSTER_SOAK_SEED ?? 7)
const MINUTE_MS = 60_000

test(
  `${days} days of hourly syncs, of which a quarter go wrong: nobody is missing, and nobody was wrongly taken out`,
  async () => {
    const { troubles, syncs, disturbed } = await soak({ days, seed })
    expect(troubles).toEqual([])
    expect(syncs).toBe(days * 24)
    expect(disturbed).toBeGreaterThan(syncs / 8)
  },
  days * 2 * MINUTE_MS,
)
