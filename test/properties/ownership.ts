import assert from 'node:assert/strict'
import type { RecordedObject, RecordedState } from '../../src/model/recorded.ts'
import { refersTo } from '../../src/plan/references.ts'
import type { DestinationSegment } from '../../src/ports.ts'
import type { SourceWatch } from './lying-customerio.ts'
import type { Watch } from './lying-moengage.ts'

/** What must hold of every write call, whatever the vendors say. */
export interface Ownership {
  readonly moengage: Watch
  readonly customerio: SourceWatch
  /** What is recorded for a cohort before it is sent: from then on it may have arrived. */
  intending(cohortId: string, identifiers: readonly string[]): void
  /** A command begins, or none is under way. */
  begin(command: 'apply' | 'sync' | 'plan'): void
  /** Somebody else made something under a name that is recorded, and not confirmed: nothing can tell it from ours. */
  taken(name: string): Promise<void>
}

export interface OwnershipParts {
  readonly readState: () => Promise<RecordedState>
  readonly isOurs: { readonly segment: (id: string) => boolean; readonly source: (id: number) => boolean }
  /** Names that the vendors know now, whoever made what carries them. */
  readonly isForeign: (name: string) => boolean
}

export const createOwnership = ({ readState, isOurs, isForeign }: OwnershipParts): Ownership => {
  const recorded = new Map<string, Set<string>>()
  const begun = new Set<string>()
  const idsByName = new Map<string, string>()
  const indistinguishable = new Set<string>()
  let command = 'none'
  let shown: ReadonlySet<string> = new Set()

  const find = async (is: (object: RecordedObject) => boolean, what: string): Promise<RecordedObject> => {
    assert.notEqual(command, 'plan', `planning made a call: ${what}`)
    const object = [...(await readState()).objects.values()].find(is)
    assert.ok(object, `${what} that no record of ours claims`)
    return object
  }
  const isRightful = ({ origin, attributes }: RecordedObject): boolean =>
    origin === 'adopted' || indistinguishable.has(String(attributes.name))
  const beginName = (name: string): void => {
    assert.ok(
      !shown.has(name) || indistinguishable.has(name),
      `"${name}" was made although the list showed it`,
    )
    if (isForeign(name)) indistinguishable.add(name)
  }

  const changing: Watch['changing'] = async ({ cohortId, name }, direction, uids) => {
    const object = await find(
      each => each.attributes.cohort_id === cohortId,
      `members of ${cohortId} changed`,
    )
    assert.equal(object.attributes.name, name, `${cohortId} is called another name than recorded`)
    if (direction === 'add' && !begun.has(cohortId) && object.origin === 'created') {
      beginName(name)
      assert.equal(idsByName.get(name) ?? cohortId, cohortId, `"${name}" is given to a second cohort`)
    }
    assert.ok(
      uids.every(uid => recorded.get(cohortId)?.has(uid)),
      `${direction} of somebody who was never recorded for ${cohortId}`,
    )
    if (direction === 'add' || command !== 'apply') return
    const pointing = [...(await readState()).objects.values()].filter(
      each => each.kind === 'sendable' && refersTo(each.attributes, object.address),
    )
    assert.deepEqual(
      pointing.map(({ address }) => address),
      [],
      `${object.address} is drained, and pointed at`,
    )
  }

  const own = async (remoteId: string, what: string): Promise<void> => {
    const object = await find(each => each.remoteId === remoteId && each.kind !== 'source', what)
    assert.ok(isOurs.segment(remoteId) || isRightful(object), `${what}: ${object.address} is not ours`)
  }

  return {
    intending: (cohortId, identifiers) => {
      const members = recorded.get(cohortId) ?? new Set()
      for (const each of identifiers) members.add(each)
      recorded.set(cohortId, members)
    },
    begin: next => {
      command = next
      shown = new Set()
    },
    taken: async name => {
      const isPending = [...(await readState()).objects.values()].some(
        ({ status, attributes }) => status === 'pending' && attributes.name === name,
      )
      if (isPending) indistinguishable.add(name)
    },
    moengage: {
      changing,
      arriving: ({ cohortId, name }) => {
        begun.add(cohortId)
        idsByName.set(name, cohortId)
      },
      creating: async name => {
        await find(each => each.kind === 'sendable' && each.attributes.name === name, `"${name}" is made`)
        // MoEngage refuses a name that is there, should the list of the plan have left it out.
        if (isForeign(name)) indistinguishable.add(name)
      },
      updating: remoteId => own(remoteId, `segment ${remoteId} is changed`),
      archiving: ({ remoteId, name }: DestinationSegment) => own(remoteId, `"${name}" is archived`),
      listed: segments => {
        shown = new Set(segments.map(({ name }) => name))
      },
    },
    customerio: {
      making: async name => {
        await find(
          each => each.kind === 'source' && each.attributes.name === name,
          `manual segment "${name}" is made`,
        )
        if (isForeign(name)) indistinguishable.add(name)
      },
      filling: async id => {
        const object = await find(
          each => each.kind === 'source' && each.remoteId === String(id),
          `segment ${id} is filled`,
        )
        assert.ok(isOurs.source(id) || isRightful(object), `${object.address} is filled, and not ours`)
      },
      deleting: async id => {
        const object = await find(
          each => each.kind === 'source' && each.remoteId === String(id),
          `segment ${id} is deleted`,
        )
        assert.equal(object.origin, 'created', `${object.address} was adopted, and is deleted`)
        assert.ok(isOurs.source(id) || isRightful(object), `${object.address} is deleted, and not ours`)
      },
    },
  }
}

/** What must hold of the record after every command. */
export const checkRecord = ({ objects, tombstones }: RecordedState): void => {
  const cohorts = [...objects.values()].filter(({ kind }) => kind === 'cohort')
  for (const attribute of ['name', 'cohort_id']) {
    const values = cohorts.map(({ attributes }) => attributes[attribute])
    assert.equal(new Set(values).size, values.length, `two recorded cohorts share a ${attribute}`)
  }
  for (const { address, attributes, origin } of cohorts) {
    const tombstone = tombstones.get(String(attributes.name))
    assert.ok(!tombstone || origin === 'adopted', `${address} carries a name that was given up`)
  }
}
