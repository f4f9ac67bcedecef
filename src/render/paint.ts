/** Colours as functions, so that renderers stay pure: the edge decides whether they do anything. */
export interface Paint {
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly red: (text: string) => string
  readonly cyan: (text: string) => string
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
}

const same = (text: string): string => text

/** No colour at all: for files, pipes and tests. */
export const PLAIN: Paint = { green: same, yellow: same, red: same, cyan: same, dim: same, bold: same }
