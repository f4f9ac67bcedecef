import type { WrittenAudience } from '../model/generated/audience.ts'
import type { WrittenWorkspace } from '../model/generated/workspace.ts'
import type { SourceMap } from './source-map.ts'

/** One file that its schema accepted. */
export interface WrittenSpec<T> {
  readonly written: T
  readonly source: SourceMap
}

/** All files that stand for themselves; what they say of each other is still to be judged. */
export interface SpecSet {
  readonly workspace?: WrittenSpec<WrittenWorkspace>
  /** Sorted by path. */
  readonly audiences: readonly WrittenSpec<WrittenAudience>[]
  /** Base names of all audience files, those with mistakes included: a broken file is not a missing one. */
  readonly declaredIds: ReadonlySet<string>
}

/** `audiences/team/cart-abandon.yaml` → `cart-abandon`. */
export const baseNameOf = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/\.yaml$/, '')
