import type { Identification } from '../membership/identify.ts'
import { chooseStageReason } from '../membership/stage.ts'
import type { Audience } from '../model/audience.ts'
import type { Member, SourcePerson } from '../model/membership.ts'
import type { PeoplePage } from '../ports.ts'
import { readExported } from './read-export.ts'
import { prepareIdentification } from './read-identify.ts'
import { toPageKey } from './read-members.ts'
import { readPages } from './read-pages.ts'
import { readNamed, resolveSource } from './read-source.ts'
import type { Run } from './run.ts'

/** People of the source whom stage and holdout let in, from the first one on, read as they are asked for. */
export async function* findRightful(run: Run, audience: Audience): AsyncGenerator<Member> {
  const source = resolveSource(audience, await run.store.readState())
  await readNamed(run, source)
  const identify = await prepareIdentification(run, audience.identifier.key)
  const identification = identify()
  const pages =
    audience.identifier.key.kind === 'attribute'
      ? readExported(run, { audience, source })
      : readFirstPages(run, audience, source.segmentId)
  for await (const people of pages) {
    for (const person of people) {
      const member = admit(run, audience, person, identification)
      if (member) yield member
    }
  }
}

/** Small first pages: one person is looked for, and nearly everyone carries an identifier. */
const FIRST_PAGE = 100

async function* readFirstPages(
  run: Run,
  { identifier }: Audience,
  segmentId: number,
): AsyncGenerator<PeoplePage['people']> {
  const key = toPageKey(identifier.key)
  const count = await run.reader.source.countPeople(segmentId)
  for await (const step of readPages(run, segmentId, { key, count, firstLimit: FIRST_PAGE })) {
    if (step.kind === 'trouble') return
    yield step.people
  }
}

const admit = (
  { workspace }: Run,
  { id, rollout }: Audience,
  { person, value }: SourcePerson,
  { identify }: Identification,
): Member | undefined => {
  const identifier = identify(value)
  if (identifier === undefined) return undefined
  const member = { person, identifier }
  const rules = { ...rollout, testers: workspace.qa.testers }
  return chooseStageReason(id, member, rules) === undefined ? member : undefined
}
