import type { Diagnostic } from '../model/diagnostic.ts'
import { audienceOfKey, type Change, type Plan, type PlanTarget } from '../model/plan.ts'
import { type ChangeView, viewChange } from './change-view.ts'
import { type AttentionGroup, findAttention } from './plan-attention.ts'
import { describeMembers } from './plan-members.ts'
import {
  type ActionCount,
  chooseHeadline,
  countActions,
  describeBeliefs,
  describeCost,
  describeScope,
  type Headline,
  isSuspended,
} from './plan-sentences.ts'
import { showLine } from './show-value.ts'

/** An audience with what happens to it, in the order in which apply works. */
export interface AudienceView {
  readonly audience: string
  readonly changes: readonly ChangeView[]
}

/** All that is to be said of a plan. Every renderer shows this; none looks into the plan itself. */
export interface PlanView {
  readonly target: PlanTarget
  /** What was not looked at, in whole sentences. */
  readonly scope: readonly string[]
  readonly headline: Headline
  readonly counts: readonly ActionCount[]
  readonly attention: readonly AttentionGroup[]
  /** By name. */
  readonly audiences: readonly AudienceView[]
  /** For code frames; `attention` has them as sentences. */
  readonly refusals: readonly Diagnostic[]
  readonly warnings: readonly Diagnostic[]
  /** Cost, beliefs, members: whole lines, those that apply. */
  readonly facts: readonly string[]
  readonly digest: string
}

/** Walks through a plan once, for all renderers. */
export const viewPlan = (plan: Plan): PlanView => {
  const effects = new Map(plan.effects.map(effect => [effect.audience, effect]))
  const views = new Map(
    plan.changes.filter(hasSomethingToSay).map(change => [change, viewChange(change, effects, plan)]),
  )
  const counts = countActions(plan)
  return {
    target: plan.target,
    scope: describeScope(plan),
    headline: chooseHeadline(plan, counts),
    counts,
    attention: findAttention(plan, views),
    audiences: groupByAudience(views),
    refusals: plan.refusals.map(showDiagnostic),
    warnings: [...plan.warnings, ...plan.advice].map(showDiagnostic),
    facts: [describeCost(plan), describeBeliefs(plan), describeMembers(plan.effects)].filter(
      line => line !== undefined,
    ),
    digest: plan.digest,
  }
}

/** What is suspended is said, so that nobody wonders why a changed file does nothing. */
const hasSomethingToSay = (change: Change): boolean => change.action !== 'none' || isSuspended(change)

const groupByAudience = (views: ReadonlyMap<Change, ChangeView>): readonly AudienceView[] => {
  const groups = new Map<string, ChangeView[]>()
  for (const [{ audience }, view] of views) {
    const id = audienceOfKey(audience)
    const group = groups.get(id)
    if (group) group.push(view)
    else groups.set(id, [view])
  }
  return [...groups.keys()].sort().map(audience => ({ audience, changes: groups.get(audience) ?? [] }))
}

/** Details quote what vendors and files say: nothing of it may move a cursor. */
const showDiagnostic = (diagnostic: Diagnostic): Diagnostic => ({
  ...diagnostic,
  summary: showLine(diagnostic.summary),
  detail: showLine(diagnostic.detail),
  ...(diagnostic.hint === undefined ? {} : { hint: showLine(diagnostic.hint) }),
})
