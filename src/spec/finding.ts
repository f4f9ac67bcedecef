import type { SpecCode } from './codes.ts'

/** A mistake inside one text, placed by offsets: lines are counted only once something is wrong. */
export interface Finding {
  readonly code: SpecCode
  readonly detail: string
  readonly hint: string
  readonly start: number
  readonly end: number
}
