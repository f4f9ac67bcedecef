/** What benches start beside themselves, and the lines that they give it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const collect = async child => {
  let output = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    output += chunk
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`a process of the bench ended with ${status}`)
  return output
}

/** Runs a script in a process of its own, and answers the JSON that it prints. */
export const runScript = async (path, args) =>
  JSON.parse(
    await collect(
      spawn(process.execPath, [path, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] }),
    ),
  )

/** Wall clock, user and system seconds, as the shell counts them. */
export const runShell = async script => {
  const child = spawn('bash', ['-c', `TIMEFORMAT='%R %U %S'; { time { ${script}; }; } 2>&1`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  const [wall, user, system] = (await collect(child)).trim().split(/\s+/).map(Number)
  return { ms: wall * 1_000, cpuMs: (user + system) * 1_000 }
}

/** A line for each number, never all of them in memory. */
export const writeLines = async (path, numbers, describe) => {
  const file = createWriteStream(path)
  let text = ''
  for (const number of numbers) {
    text += `${describe(number)}\n`
    if (text.length < 1 << 20) continue
    if (!file.write(text)) await once(file, 'drain')
    text = ''
  }
  file.end(text)
  await once(file, 'close')
}
