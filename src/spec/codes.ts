import type { Diagnostic, Place, Severity } from '../model/diagnostic.ts'

/** Every mistake a spec can hold, with its constant summary. `muster explain` and the tests walk this table. */
export const SPEC_SUMMARIES = {
  'spec/alias': 'Anchors and aliases are not allowed',
  'spec/control-character': 'Invisible character',
  'spec/count': 'Too many or too few entries',
  'spec/directive': 'YAML directives are not allowed',
  'spec/duplicate-id': 'Two files declare the same audience',
  'spec/duplicate-item': 'Entry is listed twice',
  'spec/duplicate-key': 'Key is written twice',
  'spec/duplicate-name': 'Two cohorts have the same name',
  'spec/empty': 'File declares nothing',
  'spec/encoding': 'File is not UTF-8 text',
  'spec/enum': 'Value is not one of those allowed',
  'spec/file-name': 'File is not read because of its name',
  'spec/forget': 'Audience cannot be forgotten',
  'spec/id-mismatch': 'Id and file name differ',
  'spec/insecure-url': 'Credentials would travel unencrypted',
  'spec/key-form': 'Key is not plain text',
  'spec/length': 'Text is too long or too short',
  'spec/merge-key': 'Merge keys are not allowed',
  'spec/misplaced-workspace': 'The workspace file is in the wrong folder',
  'spec/missing-key': 'Required key is missing',
  'spec/moved-from': 'Audience cannot have had this id',
  'spec/multiple-documents': 'More than one YAML document in a file',
  'spec/name-case': 'Two cohort names differ in case only',
  'spec/nesting': 'Nested too deeply',
  'spec/no-audiences': 'No audiences are declared',
  'spec/no-directory': 'There is no such folder',
  'spec/no-such-day': 'There is no such day',
  'spec/no-testers': 'Testers are needed, and there are none',
  'spec/no-track-keys': 'Manual segment without Track keys',
  'spec/no-workspace': 'There is no workspace file',
  'spec/not-a-mapping': 'File does not consist of keys and values',
  'spec/number-form': 'Number that readers disagree on',
  'spec/pattern': 'Text does not have the form wanted',
  'spec/range': 'Number is too large or too small',
  'spec/reserved-key': 'Key is reserved',
  'spec/schema': 'Not allowed by the schema',
  'spec/self-suppression': 'Audience suppresses itself',
  'spec/sendable-name': 'Name leaves no room for the sendable segment',
  'spec/shared-cohort-id': 'Two audiences adopt the same cohort',
  'spec/shared-source': 'Two audiences have the same segment',
  'spec/shared-workspace': 'Two environments write to the same MoEngage workspace',
  'spec/store-path': 'Store path cannot be used',
  'spec/suppression-cycle': 'Audiences suppress each other in a circle',
  'spec/symlink': 'Symbolic links are not followed',
  'spec/syntax': 'Not valid YAML',
  'spec/tab-indent': 'Tab used as indentation',
  'spec/tag': 'YAML tags are not allowed',
  'spec/tester-key': 'Testers cannot be put into a manual segment',
  'spec/too-large': 'File is too large',
  'spec/too-many': 'More mistakes in this file',
  'spec/too-many-suppressions': 'Audience has too many suppressions',
  'spec/type': 'Value has the wrong type',
  'spec/unknown-audience': 'There is no such audience',
  'spec/unknown-environment': 'There is no such environment',
  'spec/unknown-key': 'Unknown key',
  'spec/unknown-team': 'There is no such team',
  'spec/unreadable': 'File cannot be read',
  'unsupported/campaigns-key': 'Campaigns are not read by this version',
} as const

/** A code of the table above. */
export type SpecCode = keyof typeof SPEC_SUMMARIES

/** What is particular about one mistake. */
export interface MistakeDetails {
  readonly detail: string
  readonly hint: string
  readonly at?: Place
  readonly severity?: Severity
}

/** A diagnostic with the summary that belongs to its code. */
export const describeMistake = (code: SpecCode, details: MistakeDetails): Diagnostic => ({
  code,
  severity: details.severity ?? 'error',
  summary: SPEC_SUMMARIES[code],
  detail: details.detail,
  hint: details.hint,
  ...(details.at === undefined ? {} : { at: details.at }),
})
