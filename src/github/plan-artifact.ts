import type { WrittenPlan } from '../model/generated/plan.ts'
import { readArtifact } from './artifacts.ts'
import type { Github } from './client.ts'
import { parsePlanDocument } from './plan-document.ts'

/** What a run of the plan leaves behind, and how large each part may be. */
const ARTIFACT = 'muster-plan'
const PLAN_FILE = { name: 'plan.json', maxBytes: 64 * 1024 * 1024 }
const DIAGNOSTICS_FILE = { name: 'validate.json', maxBytes: 8 * 1024 * 1024 }

/** What a run left behind, none of it looked at yet. */
export interface PlanArtifact {
  readonly plan?: string
  readonly diagnostics?: string
}

/** The files of a run of the plan, as texts of anybody. */
export const readPlanArtifact = async (github: Github, runId: number): Promise<PlanArtifact> => {
  const files = await readArtifact(github, { id: runId, artifact: ARTIFACT }, [PLAN_FILE, DIAGNOSTICS_FILE])
  const plan = files?.get(PLAN_FILE.name)?.toString('utf8')
  const diagnostics = files?.get(DIAGNOSTICS_FILE.name)?.toString('utf8')
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(diagnostics === undefined ? {} : { diagnostics }),
  }
}

interface ReviewedPlan {
  readonly runId: number
  /** What the check of the pull request says was reviewed. */
  readonly digest: string
  readonly schema: object
  readonly environment: string
}

/**
 * The plan that was reviewed, as its run left it behind. That digest is what it is known by: an artifact that anybody
 * changed is another plan, and none. Undefined when it is gone.
 */
export const readReviewedPlan = async (
  github: Github,
  { runId, digest, schema, environment }: ReviewedPlan,
): Promise<WrittenPlan | undefined> => {
  const { plan } = await readPlanArtifact(github, runId)
  if (plan === undefined) return undefined
  const document = parsePlanDocument(plan, schema, environment)
  return document.digest === digest ? document : undefined
}
