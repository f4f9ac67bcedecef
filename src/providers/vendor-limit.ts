/** Something a vendor cannot do, as its published documents say or fail to say. */
export interface VendorLimit {
  /** Stable, so that a page or a test can point at it. */
  readonly id: string
  readonly claim: string
  /** What muster does about it. */
  readonly answer: string
  /** Where it is written, or where one would look for it in vain. */
  readonly source: string
  readonly checkedOn: string
}

/** When the claims of all audits were last compared with the vendors' documents. */
export const AUDITED_ON = '2026-11-24'
