import type { Audience } from '../../src/model/audience.ts'
import type { Workspace } from '../../src/model/workspace.ts'
import { anAudience, aWorkspace } from '../support/audience.ts'
import { SEGMENTS } from './lying-customerio.ts'

const FAMILIES = ['a', 'b', 'c', 'd']
const STAGES = ['live', 'live', 'paused', 'qa'] as const
const TESTERS = ['emp_001', 'emp_002', 'emp_003', 'emp_004']
const PURPOSES = ['mass-retirement', 'identifier-change', 'case-twin', 'segment-limit']

/** The specs, as people edit them. Whatever is done to them, they stay such as validation lets through. */
export interface Programme {
  readonly audiences: readonly Audience[]
  readonly workspace: Workspace
  /** Names that were ever declared. */
  readonly names: readonly string[]
}

const [FIRST_SEGMENT] = SEGMENTS
const source = { kind: 'segment' as const, ...FIRST_SEGMENT }

export const FIRST_PROGRAMME: Programme = {
  audiences: [
    anAudience({ id: 'a', name: 'ORC__A__1d', source }),
    anAudience({ id: 'b', name: 'ORC__B__1d', source }),
  ],
  workspace: {
    ...aWorkspace,
    qa: { testers: TESTERS.slice(0, 2), isRequired: false },
    allow: PURPOSES.map(guard => ({ guard, by: 'Somebody', because: 'a test', until: '2999-01-01' })),
  },
  names: ['ORC__A__1d', 'ORC__B__1d'],
}

/** One edit; `pick` decides which audience, and how. */
export type Edit = (programme: Programme, pick: number) => Programme

/** What somebody may do to the specs, by name. */
export const EDITS: Readonly<Record<string, Edit>> = {
  declare: (programme, pick) => {
    const family = FAMILIES[pick % FAMILIES.length] ?? 'a'
    if (programme.audiences.some(({ id }) => familyOf(id) === family)) return programme
    // Now and then a name that was used before, which must be refused.
    const used = pick % 5 === 0 ? programme.names[pick % programme.names.length] : undefined
    const name = used ?? freshName(programme, family)
    const segment = SEGMENTS[pick % SEGMENTS.length]
    const source =
      pick % 3 === 0 || !segment
        ? { kind: 'manual' as const, name: `Team ${family}`, members: 'testers' as const }
        : { kind: 'segment' as const, ...segment }
    const stage = { kind: source.kind === 'manual' ? 'qa' : 'live' } as const
    const audience = anAudience({ id: family, name, source, rollout: { stage, holdoutPercent: 0 } })
    return withAudiences(programme, [...programme.audiences, audience])
  },
  remove: (programme, pick) =>
    programme.audiences.length < 2 ? programme : withAudiences(programme, without(programme, pick)),
  forget: (programme, pick) => {
    const audience = choose(programme, pick)
    if (!audience || programme.audiences.length < 2) return programme
    const { workspace } = programme
    const forgetting = { ...workspace, forget: [...workspace.forget, audience.id] }
    return withAudiences({ ...programme, workspace: forgetting }, without(programme, pick))
  },
  rename: (programme, pick) => renameAudience(programme, choose(programme, pick)?.id),
  move: (programme, pick) =>
    change(programme, pick, audience => {
      const id = `${familyOf(audience.id)}-${programme.names.length}-${pick % 97}`
      return { ...audience, id, movedFrom: audience.id }
    }),
  stage: (programme, pick) =>
    change(programme, pick, audience => ({
      ...audience,
      rollout: { stage: { kind: STAGES[pick % STAGES.length] ?? 'live' }, holdoutPercent: 0 },
    })),
  suspend: (programme, pick) =>
    change(programme, pick, audience => ({ ...audience, isSuspended: !audience.isSuspended })),
  suppress: (programme, pick) =>
    change(programme, pick, audience => ({
      ...audience,
      suppressedBy: programme.audiences.map(({ id }) => id).filter((_id, index) => (pick >> index) % 2 === 0),
    })),
  adopt: (programme, pick) => change(programme, pick, audience => ({ ...audience, adopt: {} })),
  describe: (programme, pick) =>
    change(programme, pick, audience => ({ ...audience, description: `Told ${pick % 3} times.` })),
  testers: (programme, pick) => ({
    ...programme,
    workspace: {
      ...programme.workspace,
      qa: { testers: TESTERS.slice(0, 1 + (pick % TESTERS.length)), isRequired: false },
    },
  }),
}

/** Another name, never used before unless one is given. */
export const renameAudience = (programme: Programme, id: string | undefined, name?: string): Programme => {
  const audiences = programme.audiences.map(audience => {
    if (audience.id !== id) return audience
    const { adopt: _adopt, ...others } = audience
    return { ...others, name: name ?? freshName(programme, familyOf(audience.id)) }
  })
  return withAudiences(programme, audiences)
}

/** Takes over what stands under its names. */
export const adoptAudience = (programme: Programme, id: string): Programme =>
  withAudiences(
    programme,
    programme.audiences.map(audience => (audience.id === id ? { ...audience, adopt: {} } : audience)),
  )

/** The id that the audience had before. */
export const moveBack = (programme: Programme, id: string, former: string): Programme =>
  withAudiences(
    programme,
    programme.audiences.map(audience => {
      const { movedFrom: _former, ...others } = audience
      return audience.id === id ? { ...others, id: former } : audience
    }),
  )

/** Another name for a manual segment that was not made yet. */
export const renameSource = (programme: Programme, id: string): Programme => {
  const name = `Team ${programme.names.length}`
  const audiences = programme.audiences.map(audience =>
    audience.id === id && audience.source.kind === 'manual'
      ? { ...audience, source: { ...audience.source, name } }
      : audience,
  )
  return withAudiences({ ...programme, names: [...programme.names, name] }, audiences)
}

/** Everything runs: nothing is held back by a person's decision. */
export const wakeUp = (programme: Programme): Programme =>
  withAudiences(
    programme,
    programme.audiences.map(audience => ({
      ...audience,
      isSuspended: false,
      rollout:
        audience.rollout.stage.kind === 'paused' || audience.source.kind === 'segment'
          ? { stage: { kind: 'live' as const }, holdoutPercent: 0 }
          : audience.rollout,
    })),
  )

const familyOf = (id: string): string => id.slice(0, 1)

const choose = ({ audiences }: Programme, pick: number): Audience | undefined =>
  audiences[pick % audiences.length]

const without = (programme: Programme, pick: number): readonly Audience[] =>
  programme.audiences.filter(each => each !== choose(programme, pick))

const change = (programme: Programme, pick: number, edit: (audience: Audience) => Audience): Programme => {
  const chosen = choose(programme, pick)
  if (!chosen) return programme
  const changed = edit(chosen)
  const follow = (id: string): string => (id === chosen.id ? changed.id : id)
  const audiences = programme.audiences.map(each =>
    each === chosen ? changed : { ...each, suppressedBy: each.suppressedBy.map(follow) },
  )
  return withAudiences(programme, audiences)
}

const freshName = ({ names }: Programme, family: string): string =>
  `ORC__${family.toUpperCase()}V${names.length}__1d`

/** What validation refuses is not written: suppressions that are not declared or go in circles, ids that are in use. */
const withAudiences = (programme: Programme, audiences: readonly Audience[]): Programme => {
  const ids = new Set(audiences.map(({ id }) => id))
  const tidy = audiences.map(({ movedFrom, ...audience }) => ({
    ...audience,
    suppressedBy: audience.suppressedBy.filter(id => ids.has(id) && familyOf(id) < familyOf(audience.id)),
    ...(movedFrom === undefined || ids.has(movedFrom) ? {} : { movedFrom }),
  }))
  const former = new Set(tidy.flatMap(({ movedFrom }) => movedFrom ?? []))
  const names = new Set(tidy.map(({ name }) => name))
  // Two audiences of one name are no programme.
  if (names.size < tidy.length) return programme
  return {
    audiences: tidy,
    workspace: {
      ...programme.workspace,
      forget: programme.workspace.forget.filter(id => !ids.has(id) && !former.has(id)),
    },
    names: [...programme.names, ...[...names].filter(name => !programme.names.includes(name))],
  }
}
