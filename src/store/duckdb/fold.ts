import { SPACES } from '../sql/spaces.ts'

/**
 * The expression for an identifier without outer spaces and with every letter made small by itself. Two that are the
 * same afterwards may be one to MoEngage. Written down in the ledger: another form of it needs a migration. The engine
 * takes a microsecond to look for eighteen kinds of space, so it is asked only where there may be one: whatever has as
 * many bytes as characters is plain ASCII.
 */
export const fold = (expression: string): string => `
  lower(CASE WHEN strlen(${expression}) = length(${expression})
               AND NOT starts_with(${expression}, ' ') AND NOT ends_with(${expression}, ' ')
             THEN ${expression} ELSE trim(${expression}, concat(${SPACES.map(space => `chr(${space})`).join(', ')})) END)`
