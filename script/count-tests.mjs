/**
 * Says how a run of vitest ended, as `N passed, N failed`: count-tests.mjs <its JSON report> <its exit code>.
 * A file that cannot be loaded counts as one failed test, and so does a run that ends badly without one.
 */
import { readFile } from 'node:fs/promises'

const [path, exitCode] = process.argv.slice(2)

const readReport = async () => {
  const text = await readFile(path, 'utf8')
  // Empty when vitest ended before there was anything to report.
  return text === '' ? { numPassedTests: 0, numFailedTests: 0, testResults: [] } : JSON.parse(text)
}

const isUnloadable = ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0

const { numPassedTests: passed, numFailedTests, testResults } = await readReport()
const failed = numFailedTests + testResults.filter(isUnloadable).length
const endedBadly = Number(exitCode) !== 0

if (passed + failed === 0) process.stderr.write('No test ran.\n')
if (endedBadly && failed === 0 && passed > 0)
  process.stderr.write(`Every test passed, but vitest ended with ${exitCode}.\n`)
process.stdout.write(`${passed} passed, ${endedBadly ? Math.max(1, failed) : failed} failed\n`)
process.exitCode = endedBadly || failed > 0 || passed === 0 ? 1 : 0
