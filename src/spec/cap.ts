import { type Diagnostic, hasErrors, type Place } from '../model/diagnostic.ts'
import { describeMistake } from './codes.ts'

/** As many as a person works through before running the command again. */
const MAX_PER_FILE = 20

/** Keeps a file that is wrong from end to end from drowning the others. */
export const capDiagnostics = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const byPath = new Map<string, Diagnostic[]>()
  for (const diagnostic of diagnostics) {
    const path = diagnostic.at?.path ?? ''
    const ofFile = byPath.get(path)
    if (ofFile) ofFile.push(diagnostic)
    else byPath.set(path, [diagnostic])
  }
  return Array.from(byPath).flatMap(([path, ofFile]) => (path === '' ? ofFile : capFile(ofFile)))
}

const capFile = (ofFile: readonly Diagnostic[]): readonly Diagnostic[] => {
  const kept = ofFile.slice(0, MAX_PER_FILE)
  const hidden = ofFile.slice(MAX_PER_FILE)
  const last = kept.at(-1)
  return hidden.length === 0 || !last?.at ? ofFile : [...kept, describeHidden(hidden, last.at)]
}

const describeHidden = (hidden: readonly Diagnostic[], at: Place): Diagnostic =>
  describeMistake('spec/too-many', {
    severity: hasErrors(hidden) ? 'error' : 'warning',
    detail: `${hidden.length} more are not shown.`,
    hint: 'mend the ones above first',
    at,
  })
