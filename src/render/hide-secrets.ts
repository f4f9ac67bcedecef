const VARIABLE_KEY = /(_env["']?\s*:\s*["']?)([^\s"',}]+)/g
const VARIABLE_NAME = /^[A-Z][A-Z0-9_]*$/
/** But for the login of our own examples. */
const URL_LOGIN = /(:\/\/)(?!user:password@)([^\s/"',]+)(@)/g
const DATABASE_URL = /(postgres(?:ql)?:\/\/)(?!user:password@)([^\s"'’]+)()/g

/**
 * A line of a spec, safe for a log. Where the name of a variable belongs, people paste the key itself, and into a
 * URL they write the login. Stars take the place, as many as there were characters, so that underlines still fit.
 */
export const hideSecrets = (line: string): string =>
  hideLogins(line).replace(VARIABLE_KEY, (whole, key: string, value: string) =>
    VARIABLE_NAME.test(value) ? whole : `${key}${'*'.repeat(value.length)}`,
  )

/** The same of URLs alone, for what repeats a word of the command line. Of a database nothing is shown at all. */
export const hideLogins = (text: string): string =>
  [DATABASE_URL, URL_LOGIN].reduce(
    (shown, pattern) =>
      shown.replace(pattern, (_whole, scheme: string, hidden: string, end: string) => {
        return `${scheme}${'*'.repeat(hidden.length)}${end}`
      }),
    text,
  )
