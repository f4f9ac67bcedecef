import { fail } from '../model/failure.ts'

/** A ledger says whom one MoEngage workspace was sent: used for another, it would hide everybody from it. */
export const refuseOtherTarget = (path: string, belongsTo: string, target: string): void => {
  if (belongsTo === target) return
  fail({
    origin: 'store',
    code: 'store/other-target',
    detail: `"${path}" belongs to ${belongsTo}, this is ${target}.`,
    hint: 'choose the environment it belongs to with --env, or another store with --store',
    retryable: false,
  })
}
