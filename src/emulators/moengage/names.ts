const LONGEST_NAME = 200
const HTML = /[<>&]/

/** Whether a cohort may be called so. What may not is dropped without a word. */
export const isCohortName = (name: string): boolean =>
  name.trim() !== '' &&
  name.length <= LONGEST_NAME &&
  !name.startsWith('.') &&
  !/[|*?\\:<>=$"]/.test(name) &&
  name !== 'All Users'

/** Whether a filter segment may be called so. What may not is refused with a 400. */
export const isSegmentName = (name: string): boolean => isCohortName(name) && !HTML.test(name)
