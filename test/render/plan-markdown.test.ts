import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { planMarker, renderPlanMarkdown } from '../../src/render/plan-markdown.ts'
import { hasInvisible } from '../../src/spec/visible-text.ts'
import { aChange, aDrift, anAttribute, aPlan, aTarget, THREE_DAYS_BEFORE } from '../support/plan.ts'

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

describe('a plan as a comment', () => {
  test('nothing to do', () => {
    expect(renderPlanMarkdown(aPlan({ beliefs: { read: 41, recorded: 23, unknown: 0 } }))).toBe(
      `<!-- muster:plan env=live -->
### muster plan: acme · live

Customer.io eu → MoEngage ACME01 (data center 01)

**No changes. Every declared object is recorded, and MoEngage lists each one it should.**

Beliefs: 41 values read, 23 recorded, 0 unknown.

Digest <code>sha256&#58;bb</code>
`,
    )
  })

  test('counts, then what needs eyes, then every change', () => {
    expect(
      renderPlanMarkdown(
        aPlan({
          only: ['old', 'vip'],
          changes: [
            aChange({
              address: 'binding.vip',
              action: 'update',
              attributes: [
                anAttribute('description', {
                  before:
                    'Added to cart, no order, not in the cart flow; idle for 90 minutes. Leaves with the order.',
                  after:
                    'Added to cart, no order, not in the cart flow; idle for 2 hours. Leaves with the order.',
                  belief: 'recorded',
                  recordedAt: THREE_DAYS_BEFORE,
                }),
                anAttribute('approvers', { before: ['@acme/a', '@acme/b'], after: ['@acme/b', '@acme/c'] }),
                anAttribute('protected', { before: true, after: false }),
              ],
            }),
            aChange({ address: 'cohort.old', action: 'retire', reason: 'its file is gone' }),
          ],
          drift: [aDrift({ recordedAt: THREE_DAYS_BEFORE })],
          refusals: [
            {
              code: 'guard/protected',
              severity: 'error',
              summary: 'A protected audience would lose something',
              detail: '"old" was protected when it was last applied.',
              hint: 'unprotect it first',
            },
          ],
          effects: [{ audience: 'old', effect: 'remove-all', recordedMembers: 12_345 }],
          cost: { cohortCalls: 5, segmentCalls: 1, sourceCalls: 0, minutes: 1, minutesAtVendorLimits: 1 },
        }),
      ),
    ).toBe(`<!-- muster:plan env=live -->
### muster plan: acme · live

Customer.io eu → MoEngage ACME01 (data center 01)

**Refused for 1 reason: nothing can be applied.**

Limited to old, vip.

**Refused: nothing can be applied** (1)

- A protected audience would lose something &#91;guard/protected&#93;: "old" was protected when it was last applied. Hint: unprotect it first.

**Retired** (1)

- <code>cohort.old</code> its file is gone; removes 12,345 recorded members

**No longer protected** (1)

- <code>binding.vip</code> its protection ends: a later change may retire it

**Drift: what was read differs from what was recorded** (1)

- <code>cohort.vip</code> MoEngage no longer shows it: archived, or gone. (recorded 3 d)

<details><summary>2 changes, one by one</summary>

- **old**
  - <code>&#45; cohort.old</code> its file is gone; removes 12,345 recorded members
- **vip**
  - <code>&#126; binding.vip</code> differs from its file
    - <code>description</code> (recorded, 3 d)

      \`\`\`diff
        Added to cart, no order, not in the cart flow;
      - idle for 90 minutes.
      + idle for 2 hours.
        Leaves with the order.
      \`\`\`

    - <code>approvers</code> without &#64;&#8203;acme/a; now with &#64;&#8203;acme/c; 1 kept
    - <code>protected</code> true → false

</details>

Cost: 5 cohort calls, 1 segment call.

Members: 12,345 recorded as accepted, 12,345 to be removed. MoEngage cannot list a cohort's members, so they are never read.

Digest <code>sha256&#58;bb</code>
`)
  })
})

describe('size', () => {
  const many = <T>(make: (index: number) => T, count = 10_000): T[] =>
    Array.from({ length: count }, (_, index) => make(index))
  const description = 'Erhält „früh“ Nachricht 🎉; '.repeat(20)
  const changes = many(index =>
    aChange({
      address: `binding.audience-${index}`,
      action: 'update',
      attributes: [anAttribute('description', { before: description, after: `${description}${index}` })],
    }),
  )
  const retirements = many(index =>
    aChange({ address: `cohort.old-${index}`, action: 'retire', reason: 'its file is gone' }),
  )
  const drift = many(index => aDrift({ address: `cohort.audience-${index}` }))
  const refusals = many(index => ({
    code: 'guard/takeover',
    severity: 'error' as const,
    summary: 'Taken',
    detail: `cohort.audience-${index}: ${'<@x>'.repeat(200)}`,
  }))

  test.each<[string, Partial<Plan>, number]>([
    ['10,000 changes', { changes }, 1],
    ['10,000 retirements', { changes: retirements }, 2],
    ['10,000 findings', { drift }, 1],
    ['10,000 refusals', { refusals }, 1],
    ['all of them', { changes: [...changes, ...retirements], drift, refusals }, 4],
  ])('%s fit, cut at whole entries', (_what, change, cuts) => {
    const comment = renderPlanMarkdown(aPlan(change))
    expect(bytesOf(comment)).toBeLessThanOrEqual(60_000)
    expect(bytesOf(comment)).toBeGreaterThan(30_000)
    expect(comment.endsWith('\nDigest <code>sha256&#58;bb</code>\n')).toBe(true)
    expect(comment.match(/^- … and (?:9|19),\d{3} more in the full plan$/gm)).toHaveLength(cuts)
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length)
  })

  test.each([5_000, 20_000, 900_000])('at most %s bytes, and not much less', maxBytes => {
    const bytes = bytesOf(renderPlanMarkdown(aPlan({ drift, changes }), { maxBytes }))
    expect(bytes).toBeLessThanOrEqual(maxBytes)
    expect(bytes).toBeGreaterThan(maxBytes * 0.7)
  })
})

describe('hostile text', () => {
  const fragments = [
    '<!-- muster:plan env=live -->',
    '-->',
    '@acme/all',
    '#12',
    'GH-3',
    '```',
    '\n```\n',
    '`````diff',
    '~~~',
    '</details>',
    '<img src=x onerror=alert(1)>',
    ' | ',
    '\n- x',
    '\n\n# x\n',
    '\r',
    '\t',
    '\u202e',
    '\u0000',
    '\ud800',
    'https://example.com/x',
    'www.example.com',
    '[a](https://example.com)',
    '![a](b)',
    '&lt;',
    '\\',
    '$x$',
    ':tada:',
    '1. x',
    '**',
    '__',
    'word ',
    'é🎉',
  ]
  const hostile = fc.oneof(
    fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 12 }).map(each => each.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(...fragments).map(each => each.repeat(200)),
  )

  const planOf = (texts: readonly string[]): Plan => {
    const text = (index: number): string => texts[index % texts.length] ?? ''
    return aPlan({
      target: { ...aTarget, environment: text(0), workspace: text(1), moengageWorkspace: text(2) },
      isOffline: texts.length % 2 === 0,
      only: [text(3)],
      changes: [
        aChange({
          address: `cohort.${text(4)}`,
          audience: text(5),
          action: 'create',
          attributes: [anAttribute('name', { after: text(6) })],
        }),
        aChange({
          address: `binding.${text(0)}`,
          audience: text(5),
          action: 'update',
          reason: text(7),
          attributes: [
            anAttribute(text(1), {
              before: text(2),
              after: text(3),
              belief: 'unknown',
              recorded: text(4),
              origin: 'both',
            }),
            anAttribute('description', { before: `${text(5)}\n${text(6)}`, after: `${text(6)}\n${text(7)}` }),
            anAttribute('approvers', { before: [text(0), text(1)], after: [text(1), text(2)] }),
          ],
        }),
        aChange({ address: `cohort.${text(1)}`, action: 'adopt', remoteId: text(2) }),
        aChange({ address: `cohort.${text(3)}`, action: 'rename', from: `cohort.${text(4)}` }),
        aChange({ address: `cohort.${text(5)}`, action: 'retire', reason: text(6) }),
        aChange({ address: `cohort.${text(7)}`, action: 'forget' }),
      ],
      drift: [
        aDrift({ address: `cohort.${text(0)}`, detail: text(1), recorded: text(2), observed: [text(3)] }),
      ],
      refusals: [{ code: text(4), severity: 'error', summary: text(5), detail: text(6), hint: text(7) }],
      warnings: [{ code: text(1), severity: 'warning', summary: text(2), detail: text(3) }],
      overrides: [{ guard: text(0), audience: text(1), by: text(2), because: text(3), until: text(4) }],
      reads: {
        customerioSegments: { kind: 'failed', code: text(5) },
        moengageSegments: { kind: 'read', count: 1 },
        moengageSendables: { kind: 'not-tried' },
      },
      digest: text(6),
    })
  }

  /** A comment line by line: what stands in fences apart. Fails on a fence that does not end. */
  const split = (
    comment: string,
  ): { readonly outside: readonly string[]; readonly inside: readonly string[] } => {
    const outside: string[] = []
    const inside: string[] = []
    let ticks: string | undefined
    for (const line of comment.split('\n')) {
      const opening = /^ {6}(`{3,})diff$/.exec(line)?.[1]
      if (ticks === undefined && opening !== undefined) ticks = opening
      else if (ticks === undefined) outside.push(line)
      else if (new RegExp(`^ *\`{${ticks.length},} *$`).test(line)) ticks = undefined
      else inside.push(line)
    }
    expect(ticks).toBeUndefined()
    return { outside, inside }
  }

  test('cannot break out: every line is one that was meant, and no more', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 8 }), texts => {
        const comment = renderPlanMarkdown(planOf(texts))
        expect(bytesOf(comment)).toBeLessThanOrEqual(60_000)
        expect(comment.split('<!--').length).toBe(2)
        expect(comment.split('\n')[0]).toMatch(/^<!-- muster:plan env=[A-Za-z0-9_-]* -->$/)
        expect(hasInvisible(comment.replaceAll('@\u200b', ''))).toBe(false)

        const { outside, inside } = split(comment)
        for (const line of inside) expect(line).toMatch(/^ {6}[-+ ] [^<]*$/)
        for (const line of inside) expect(line).not.toMatch(/@(?!\u200b)/)
        const [, ...rest] = outside
        for (const line of rest) {
          expect(line).toMatch(
            /^(?:|### muster plan: .*|Customer\.io .*|\*\*.*|Made offline.*|Limited to .*| *- .*|<details><summary>6 changes, one by one<\/summary>|<\/details>|Cost: .*|Digest .*)$/,
          )
          const bare = line.replaceAll(/<\/?(?:code|details|summary)>/g, '').replace(/^\*\*(.*)\*\*/, '$1')
          expect(
            bare
              .replace(/^ *- /, '')
              .replace(/^\*\*(.*)\*\*$/, '$1')
              .replace(/^### /, ''),
          ).not.toMatch(/[<>@#`*|[\]\\~$](?!\d+;)|:\/\/|www\./)
        }
        expect(rest.filter(line => line.startsWith('<'))).toEqual([
          '<details><summary>6 changes, one by one</summary>',
          '</details>',
        ])
      }),
      { numRuns: 300 },
    )
  })

  test('an environment cannot forge the marker', () => {
    expect(planMarker('live')).toBe('<!-- muster:plan env=live -->')
    expect(planMarker('live --> <!-- muster:plan env=prod')).toBe(
      '<!-- muster:plan env=live-muster-plan-env-prod -->',
    )
  })
})
