import type { AlertFinding } from '../model/alert.ts'
import { checkCoverage } from './coverage.ts'
import { checkRefusedSync } from './refused-sync.ts'
import { checkSizeBounds } from './size-bounds.ts'
import { checkSizeSwing } from './size-swing.ts'
import { checkStaleness } from './staleness.ts'
import type { AudienceCheck, Watched } from './watched.ts'

/** In the order in which they are told. */
const CHECKS: readonly AudienceCheck[] = [
  checkRefusedSync,
  checkStaleness,
  checkSizeSwing,
  checkSizeBounds,
  checkCoverage,
]

/** All that is wrong with one audience, as far as its counts tell. */
export const judgeAudience = (watched: Watched): readonly AlertFinding[] =>
  CHECKS.flatMap(check => check(watched) ?? [])
