/** Loaded into a process that is measured: writes its peak of memory, in kilobytes, where MUSTER_BENCH_PEAK says. */
import { writeFileSync } from 'node:fs'

process.on('exit', () => writeFileSync(process.env.MUSTER_BENCH_PEAK, `${process.resourceUsage().maxRSS}`))
