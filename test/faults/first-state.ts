import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SHOP_OPENS, type World } from '../support/world.ts'

const VIP = 'ORC__Vip__365d'
const WINBACK = 'ACT__Winback__60d'
/** In both cohorts, and in no ledger of ours. */
const STRANGER = 'usr_of_another_partner'

/** As long as an identifier may be, so that some hundreds make several batches. */
const longId = (name: string, index: number): string => `usr_${name}_${index}_`.padEnd(150, 'x')
const idsOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_each, index) => longId(name, index))

const VIPS = idsOf('vip', 850)
/** Those whom MoEngage knows. The others are taken and dropped, as it does with ids that it does not know. */
export const KNOWN_VIPS = VIPS.slice(0, 40)
const LAPSED = idsOf('lapsed', 1_650)

/** Has the commands apply it, and fills two cohorts. Answers who is recorded for them, by their names. */
export const applyFirstState = async (world: World): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  for (const id of ['internal-qa', 'starter-kit-cross-sell']) await world.remove(`${id}.yaml`)
  await world.edit('winback.yaml', { suppressed_by: ['vip'] })
  await world.edit('cart-abandon.yaml', { suppressed_by: ['recent-purchasers', 'vip'] })
  await world.edit('vip.yaml', { suppressed_by: ['recent-purchasers'] })
  await world.settle()
  const born = await Promise.all(
    [VIP, WINBACK].map(name => world.ask<{ members: string[] }>('moengage', `cohorts/${name}`)),
  )
  await Promise.all(KNOWN_VIPS.map(uid => world.ask('moengage', `users/${uid}`, {}, 'PUT')))
  await world.ask('moengage', `cohorts/${VIP}`, { add: [...VIPS, STRANGER] })
  await world.ask('moengage', `cohorts/${WINBACK}`, { add: [...LAPSED, STRANGER] })
  await world.ask('moengage', 'segments', { name: 'ACT__NewsletterReaders__14d' })
  await recordMembers(world, { vip: VIPS, winback: LAPSED })
  return new Map([
    [VIP, new Set([...VIPS, ...(born[0]?.members ?? [])])],
    [WINBACK, new Set([...LAPSED, ...(born[1]?.members ?? [])])],
  ])
}

/** As if they had been synced: the ledger holds whom the cohort holds. */
const recordMembers = async (world: World, members: Readonly<Record<string, readonly string[]>>) => {
  const store = await world.openStore()
  for (const [audience, identifiers] of Object.entries(members)) {
    const spool = await store.openSpool(audience)
    await spool.appendRecorded(audience)
    await spool.append(identifiers.map((identifier, index) => ({ person: `c_${index}`, identifier })))
    const delta = await spool.computeDelta()
    const range = { audience, list: 'add', from: 1, to: delta.counts.adds } as const
    await store.commit([
      { kind: 'batch', at: SHOP_OPENS, ...range },
      { kind: 'synced', audience, at: SHOP_OPENS },
    ])
    await delta.close()
  }
  await store.close()
}

/** Edits from which a plan follows that holds every action. */
export const changeSpecs = async (world: World): Promise<void> => {
  const read = (file: string): Promise<string> => readFile(join(world.folder, 'audiences', file), 'utf8')
  const shipped = (file: string): Promise<string> =>
    readFile(new URL(`../../audiences/${file}`, import.meta.url), 'utf8')
  // Renamed, and its sendable segment with it: everyone is carried over, and the suppressions of others follow.
  await world.edit('vip.yaml', { name: 'ORC__VipCare__365d', suppressed_by: ['recent-buyers'] })
  // Moved to another id.
  const purchasers = await read('recent-purchasers.yaml')
  await world.write(
    'recent-buyers.yaml',
    `${purchasers.replace('id: recent-purchasers', 'id: recent-buyers')}moved_from: recent-purchasers\n`,
  )
  await world.remove('recent-purchasers.yaml')
  await world.edit('cart-abandon.yaml', { suppressed_by: ['recent-buyers', 'vip'] })
  // Retired, forgotten.
  await world.remove('winback.yaml')
  await world.remove('active-in-app.yaml')
  await world.edit('workspace.yaml', {
    'environments.live': undefined,
    forget: ['active-in-app'],
    'environments.local.customerio.track_site_id_env': 'CUSTOMERIO_SITE_ID',
    'environments.local.customerio.track_api_key_env': 'CUSTOMERIO_TRACK_KEY',
  })
  // Created: a cohort with a sendable segment, and one that a manual segment feeds.
  await world.write('starter-kit-cross-sell.yaml', await shipped('starter-kit-cross-sell.yaml'))
  await world.edit('starter-kit-cross-sell.yaml', {
    suppressed_by: ['vip'],
    source: { segment: 19, name: 'Never ordered' },
    rollout: { stage: 'live' },
  })
  await world.write('internal-qa.yaml', await shipped('internal-qa.yaml'))
  await world.edit('internal-qa.yaml', { source: { manual: { name: 'QA team', members: 'testers' } } })
  // Adopted: another tool made its cohort.
  await world.write('newsletter-readers.yaml', await shipped('active-in-app.yaml'))
  await world.edit('newsletter-readers.yaml', {
    id: 'newsletter-readers',
    name: 'ACT__NewsletterReaders__14d',
    intent: 'activation',
    source: { segment: 18, name: 'Newsletter readers' },
    timing: { window: '14d', sync_every: '1d' },
    adopt: true,
  })
}
