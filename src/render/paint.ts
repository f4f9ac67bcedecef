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

const style = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`

/** Colours of a terminal, as its own palette shows them. */
export const ANSI: Paint = {
  green: style(32, 39),
  yellow: style(33, 39),
  red: style(31, 39),
  cyan: style(36, 39),
  dim: style(2, 22),
  bold: style(1, 22),
}
