import { compareText } from '../model/diagnostic.ts'

/** A directed graph: what each node points at. Edges to nodes that are not in it are ignored. */
export type Graph = ReadonlyMap<string, readonly string[]>

/**
 * The circles of a graph, each starting at its alphabetically first node; circles that share a node are told one
 * at a time. Loops instead of recursing, and visits each edge once: chains are as long as the folder allows.
 */
export const findCycles = (graph: Graph): readonly (readonly string[])[] => {
  const left = openGraph(graph)
  left.remove(Array.from(graph.keys()).filter(node => left.targetsOf(node).length === 0))
  const cycles: (readonly string[])[] = []
  for (const start of Array.from(graph.keys()).sort(compareText)) {
    if (!left.has(start)) continue
    const cycle = walkCycle(start, left)
    cycles.push(cycle)
    left.remove(cycle)
  }
  return cycles
}

interface OpenGraph {
  has(node: string): boolean
  targetsOf(node: string): readonly string[]
  /** Takes nodes away, and then every node that points at nothing any more: no circle goes through it. */
  remove(nodes: readonly string[]): void
}

const openGraph = (graph: Graph): OpenGraph => {
  const nodes = new Set(graph.keys())
  const sources = new Map<string, string[]>()
  const degree = new Map<string, number>()
  for (const [node, targets] of graph) {
    const known = targets.filter(target => graph.has(target))
    degree.set(node, known.length)
    for (const target of known) pushInto(sources, target, node)
  }
  return {
    has: node => nodes.has(node),
    targetsOf: node => (graph.get(node) ?? []).filter(target => nodes.has(target)),
    remove: removed => {
      const queue = [...removed]
      for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
        if (!nodes.delete(node)) continue
        for (const source of sources.get(node) ?? []) {
          const remaining = (degree.get(source) ?? 0) - 1
          degree.set(source, remaining)
          if (remaining === 0) queue.push(source)
        }
      }
    },
  }
}

/** Every node left points at another one left, so following the first of them must come back. */
const walkCycle = (start: string, graph: OpenGraph): readonly string[] => {
  const position = new Map<string, number>()
  const walked: string[] = []
  let node = start
  while (!position.has(node)) {
    position.set(node, walked.length)
    walked.push(node)
    node = graph.targetsOf(node).toSorted(compareText)[0] ?? start
  }
  return rotateToFirst(walked.slice(position.get(node)))
}

const rotateToFirst = (cycle: readonly string[]): readonly string[] => {
  const first = cycle.toSorted(compareText)[0] ?? ''
  const at = cycle.indexOf(first)
  return [...cycle.slice(at), ...cycle.slice(0, at)]
}

const pushInto = (lists: Map<string, string[]>, key: string, value: string): void => {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
