import type { RateWindow } from './limiter.ts'

/** Credentials that the emulators accept unless told otherwise. They open nothing else anywhere. */
export const EMULATED_CUSTOMERIO = {
  appKey: 'emulated-app-key',
  trackSiteId: 'emulated-site',
  trackApiKey: 'emulated-track-key',
} as const

/** See EMULATED_CUSTOMERIO. The suffix is the one that the vendor gives to a test environment. */
export const EMULATED_MOENGAGE = { workspaceId: 'ACME01_DEBUG', dataKey: 'emulated-data-key' } as const

/** The published limits, each of which a test may loosen or tighten. */
export interface EmulatorLimits {
  customerioApp: readonly RateWindow[]
  customerioTrack: readonly RateWindow[]
  /** A membership page never holds more people, whatever was asked for. */
  membershipPage: number
  cohortSync: readonly RateWindow[]
  segmentList: readonly RateWindow[]
  segmentGet: readonly RateWindow[]
  segmentCreate: readonly RateWindow[]
  /** Counted in users, not in requests. */
  getUser: readonly RateWindow[]
  /** "128 KB" read the strict way, 128,000 bytes: whoever stays under it is safe under both readings. */
  cohortPayloadBytes: number
  /** Above this many members a cohort is no longer updated. */
  cohortMembers: number
  activeSegments: number
  filterSegmentReferences: number
  filterNestingLevels: number
  filterQueryBytes: number
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const PUBLISHED_LIMITS: EmulatorLimits = {
  customerioApp: [{ max: 10, seconds: 1 }],
  customerioTrack: [{ max: 1000, seconds: 1 }],
  membershipPage: 30_000,
  cohortSync: [{ max: 300, seconds: MINUTE }],
  segmentList: [
    { max: 50, seconds: MINUTE },
    { max: 200, seconds: HOUR },
    { max: 1000, seconds: DAY },
  ],
  segmentGet: [
    { max: 100, seconds: MINUTE },
    { max: 1000, seconds: HOUR },
    { max: 4000, seconds: DAY },
  ],
  segmentCreate: [
    { max: 50, seconds: MINUTE },
    { max: 200, seconds: HOUR },
    { max: 1000, seconds: DAY },
  ],
  getUser: [{ max: 1000, seconds: MINUTE }],
  cohortPayloadBytes: 128_000,
  cohortMembers: 10_000_000,
  activeSegments: 1000,
  filterSegmentReferences: 10,
  filterNestingLevels: 6,
  filterQueryBytes: 262_144,
}

/** What the documents leave open. The first value named is the one chosen; the reasons stand where it acts. */
export interface EmulatorBehaviour {
  /** How the last page of a membership ends. */
  cursorEnd: 'empty' | 'absent' | 'null'
  /** Whether the Customer.io workspace has email as an identifier (else `identifiers` has no such key). */
  emailIdentifies: boolean
  /** Under which key the link to an export's file stands. */
  exportLink: 'url' | 'link'
  /** Whether the file of an export is zipped; no header says so. */
  exportFile: 'plain' | 'gzip'
  /** Whether updated_at moves when people are put into a manual segment, or taken out. */
  membersMoveUpdatedAt: boolean
  /** What MoEngage recognises a cohort by. */
  cohortKey: 'id' | 'name'
  /** Whether an add with no members gives birth to a cohort. */
  emptyMembersCreate: boolean
  /** What happens to members added to an archived cohort. */
  archivedAdds: 'drop' | 'revive'
  unarchivesCohorts: boolean
  listsArchived: boolean
  /** Put before the name of a new cohort, as other partners' cohorts have one. */
  cohortNamePrefix: string
  appKeyMismatchStatus: 401 | 409
  rateResetForm: 'epoch' | 'seconds'
  /** Whether a PATCH without excluded_filters leaves those that were there. */
  patchKeepsExcluded: boolean
}

const CHOSEN_BEHAVIOUR: EmulatorBehaviour = {
  cursorEnd: 'empty',
  emailIdentifies: true,
  exportLink: 'url',
  exportFile: 'plain',
  membersMoveUpdatedAt: false,
  cohortKey: 'id',
  emptyMembersCreate: false,
  archivedAdds: 'drop',
  unarchivesCohorts: false,
  listsArchived: false,
  cohortNamePrefix: '',
  appKeyMismatchStatus: 401,
  rateResetForm: 'epoch',
  patchKeepsExcluded: false,
}

/** A request to one of the emulators; never one to `/_emulator/`. */
export interface RequestEvent {
  vendor: 'customerio' | 'moengage'
  method: string
  /** The route's template, as the request log has it. */
  route: string
  phase: 'before' | 'after'
  /** Whether the call could change something at the vendor. */
  write: boolean
}

/** Told of every request; what it returns is waited for. */
export type RequestListener = (event: RequestEvent) => void | Promise<void>

/** What a caller says to start the two emulators. */
export interface EmulatorOptions {
  /** 0 takes any free port. */
  customerioPort: number
  moengagePort: number
  population: number
  seed: number
  /** What the shop's clock shows until it is moved. */
  shopTime: Date
  customerio?: { appKey: string; trackSiteId: string; trackApiKey: string }
  moengage?: { workspaceId: string; dataKey: string }
  /** From acceptance of a cohort batch or an export to its effect. */
  processingDelayMs?: number
  /** From acceptance of a Track call to its people being shown. */
  trackDelayMs?: number
  /**
   * Called before a request is handled, and after it took effect but before its answer leaves. A listener that never
   * comes back keeps the request, or its answer, for ever: that is how a crash between the two is played.
   */
  onRequest?: RequestListener
  limits?: Partial<EmulatorLimits>
  behaviour?: Partial<EmulatorBehaviour>
  /** Drives the limiters and the age of signed links. */
  monotonicMs?: () => number
  /** Only for the date of answers and the epoch form of x-ratelimit-reset. */
  wallMs?: () => number
}

/** The options with every default filled in. */
export interface EmulatorSettings {
  population: number
  seed: number
  shopTimeMs: number
  customerio: { appKey: string; trackSiteId: string; trackApiKey: string }
  moengage: { workspaceId: string; dataKey: string }
  processingDelayMs: number
  trackDelayMs: number
  onRequest: RequestListener
  limits: EmulatorLimits
  behaviour: EmulatorBehaviour
  monotonicMs: () => number
  wallMs: () => number
}

const DEFAULT_PROCESSING_DELAY_MS = 150

/** Fills in what was not said. */
export const normalizeOptions = (options: EmulatorOptions): EmulatorSettings => ({
  population: options.population,
  seed: options.seed,
  shopTimeMs: options.shopTime.getTime(),
  customerio: options.customerio ?? EMULATED_CUSTOMERIO,
  moengage: options.moengage ?? EMULATED_MOENGAGE,
  processingDelayMs: options.processingDelayMs ?? DEFAULT_PROCESSING_DELAY_MS,
  trackDelayMs: options.trackDelayMs ?? 0,
  onRequest: options.onRequest ?? (() => undefined),
  limits: { ...PUBLISHED_LIMITS, ...options.limits },
  behaviour: { ...CHOSEN_BEHAVIOUR, ...options.behaviour },
  monotonicMs: options.monotonicMs ?? (() => performance.now()),
  wallMs: options.wallMs ?? (() => performance.timeOrigin + performance.now()),
})
