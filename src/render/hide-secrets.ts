const VARIABLE_KEY = /(_env["']?\s*:\s*["']?)([^\s"',}]+)/g
const VARIABLE_NAME = /^[A-Z][A-Z0-9_]*$/
const URL_LOGIN = /(:\/\/)([^\s/"',]+)@/g

/**
 * A line of a spec, safe for a log. Where the name of a variable belongs, people paste the key itself, and into a
 * URL they write the login. Stars take the place, as many as there were characters, so that underlines still fit.
 */
export const hideSecrets = (line: string): string =>
  line
    .replace(VARIABLE_KEY, (whole, key: string, value: string) =>
      VARIABLE_NAME.test(value) ? whole : `${key}${'*'.repeat(value.length)}`,
    )
    .replace(URL_LOGIN, (_whole, scheme: string, login: string) => `${scheme}${'*'.repeat(login.length)}@`)
