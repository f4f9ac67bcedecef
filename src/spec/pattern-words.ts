/** Any text but blanks: told apart, because there the mistake is that nothing was written. */
export const NOT_BLANK = '\\S'

/** What each pattern of the schemas asks for, as the end of "it must be …". A test holds that none is missing. */
export const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[a-z][a-z0-9]*(-[a-z0-9]+)*$': 'lower-case words joined by hyphens',
  '^[A-Za-z0-9]([A-Za-z0-9 _-]*[A-Za-z0-9_-])?$':
    'letters, digits, spaces, _ and -, beginning with a letter or digit and not ending in a space',
  '^[A-Za-z0-9][A-Za-z0-9_-]*$': 'letters, digits, _ and -, beginning with a letter or digit',
  '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$': 'an e-mail address',
  '^@[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$':
    'a GitHub user (@name) or team (@organisation/team)',
  '^[1-9][0-9]*(m|h|d)$': 'a whole number and a unit: m for minutes, h for hours, d for days',
  '^(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%$': 'a percentage from 0% to 100%, with its sign',
  '^[0-9]+(\\.[0-9]+)?%$': 'a percentage of 0% or more, with its sign',
  '^[A-Z][A-Z0-9_]*$':
    'the name of an environment variable, never its value: capitals, digits and underscores',
  '^[A-Z][A-Z0-9]*$': 'one short word in capitals',
  '^https?://[^\\s/?#@]+(/[^\\s/?#@]+)*$':
    'an http or https address without login, query or slash at the end',
  '^duckdb:([^{}\\s]|\\{env\\})+$':
    '"duckdb:" and a path without blanks, where {env} stands for the environment',
  '^\\S+$': 'text without blanks',
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$': 'a day as year, month and day',
}
