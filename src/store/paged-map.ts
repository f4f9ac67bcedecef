/** How many entries a page may have before it is cut in two. */
const MOST_ENTRIES = 128

/** A run of keys in order, and the value of each at the same place: in a list of pairs a search would be slower. */
interface Page<K, V> {
  readonly keys: readonly K[]
  readonly values: readonly V[]
}

type Pages<K, V> = readonly Page<K, V>[]

/**
 * A map that is written in one place and handed out at any time, ordered by key. A write copies one page and the list
 * of pages. Copying the whole at each write would make an apply cost the square of what is recorded.
 */
export interface PagedMap<K extends string, V> {
  set(key: K, value: V): void
  delete(key: K): void
  keys(): Iterable<K>
  /** All of it as it is now. No later write shows in it. */
  view(): ReadonlyMap<K, V>
}

/** A map of these entries. Of several with one key the last is taken. */
export const createPagedMap = <K extends string, V>(
  entries: Iterable<readonly [K, V]> = [],
): PagedMap<K, V> => {
  const sorted = [...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1))
  const all = { keys: sorted.map(([key]) => key), values: sorted.map(([, value]) => value) }
  let view = new PagesView(cutPage(all), sorted.length)
  return {
    set: (key, value) => {
      const { page, index, isThere, replacePage } = locate(view.pages, key)
      const replaced = isThere ? 1 : 0
      const written = {
        keys: page.keys.toSpliced(index, replaced, key),
        values: page.values.toSpliced(index, replaced, value),
      }
      view = new PagesView(replacePage(written), view.size + 1 - replaced)
    },
    delete: key => {
      const { page, index, isThere, replacePage } = locate(view.pages, key)
      if (!isThere) return
      const written = { keys: page.keys.toSpliced(index, 1), values: page.values.toSpliced(index, 1) }
      view = new PagesView(replacePage(written), view.size - 1)
    },
    keys: () => view.keys(),
    view: () => view,
  }
}

interface Place<K, V> {
  /** The page that holds the key, or would. */
  readonly page: Page<K, V>
  readonly index: number
  readonly isThere: boolean
  readonly replacePage: (written: Page<K, V>) => Pages<K, V>
}

const locate = <K extends string, V>(pages: Pages<K, V>, key: K): Place<K, V> => {
  const after = countBefore(pages, ({ keys: [first] }) => first !== undefined && first <= key)
  const pageIndex = Math.max(0, after - 1)
  const page = pages[pageIndex] ?? { keys: [], values: [] }
  const index = countBefore(page.keys, each => each < key)
  return {
    page,
    index,
    isThere: page.keys[index] === key,
    replacePage: written => pages.toSpliced(pageIndex, 1, ...cutPage(written)),
  }
}

/** How many there are before the first that does not pass. Those that pass come first. */
const countBefore = <T>(sorted: readonly T[], isBefore: (each: T) => boolean): number => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const each = sorted[middle]
    if (each !== undefined && isBefore(each)) low = middle + 1
    else high = middle
  }
  return low
}

/** No page for no entries, and one for as many as it may have. */
const cutPage = <K, V>({ keys, values }: Page<K, V>): Pages<K, V> => {
  if (keys.length === 0) return []
  if (keys.length <= MOST_ENTRIES) return [{ keys, values }]
  const half = keys.length >>> 1
  return [
    ...cutPage({ keys: keys.slice(0, half), values: values.slice(0, half) }),
    ...cutPage({ keys: keys.slice(half), values: values.slice(half) }),
  ]
}

class PagesView<K extends string, V> implements ReadonlyMap<K, V> {
  readonly size: number
  readonly #pages: Pages<K, V>

  constructor(pages: Pages<K, V>, size: number) {
    this.#pages = pages
    this.size = size
  }

  get pages(): Pages<K, V> {
    return this.#pages
  }

  get(key: K): V | undefined {
    const { page, index, isThere } = locate(this.#pages, key)
    return isThere ? page.values[index] : undefined
  }

  has(key: K): boolean {
    return locate(this.#pages, key).isThere
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }

  [Symbol.iterator](): ArrayIterator<[K, V]> {
    return this.entries()
  }

  entries(): ArrayIterator<[K, V]> {
    // A page has a value for each of its keys.
    return this.#list(({ keys, values }) => keys.map((key, index): [K, V] => [key, values[index] as V]))
  }

  keys(): ArrayIterator<K> {
    return this.#list(({ keys }) => keys)
  }

  values(): ArrayIterator<V> {
    return this.#list(({ values }) => values)
  }

  /** Mostly spread or searched to the end: a list is several times as fast as a generator. */
  #list<T>(choose: (page: Page<K, V>) => readonly T[]): ArrayIterator<T> {
    const chosen: T[] = []
    for (const page of this.#pages) for (const each of choose(page)) chosen.push(each)
    return chosen.values()
  }
}
