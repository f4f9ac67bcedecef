import type { FirstAnswers } from '../spec/draft-first.ts'

/** What can be answered by an option, and is asked for where somebody is there. */
export interface Question {
  readonly key: keyof FirstAnswers
  readonly option: string
  readonly question: string
  readonly pattern: RegExp
  /** What an answer must be, for whoever gave another. */
  readonly form: string
  /** What is taken for an empty answer, from those before it. */
  readonly suggest?: (answered: Readonly<Partial<Record<keyof FirstAnswers, string>>>) => string
}

/** `VIP customers (2026)` → `vip-customers-2026` */
const toId = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const WORDS = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const TEXT = /\S/

/** In the order in which they are asked: accounts, people, then the first audience. */
export const QUESTIONS: readonly Question[] = [
  {
    key: 'name',
    option: '--name',
    question: 'What is this programme called?',
    pattern: WORDS,
    form: 'lower-case words with hyphens',
    suggest: () => 'crm',
  },
  {
    key: 'region',
    option: '--region',
    question: "Customer.io's region, us or eu",
    pattern: /^(us|eu)$/,
    form: 'us or eu',
    suggest: () => 'us',
  },
  {
    key: 'dataCenter',
    option: '--data-center',
    question: "MoEngage's data center: the number in dashboard-01.moengage.com",
    pattern: /^(0[1-6]|101)$/,
    form: 'one of 01, 02, 03, 04, 05, 06, 101',
    suggest: () => '01',
  },
  {
    key: 'moengageWorkspace',
    option: '--moengage-workspace',
    question: "MoEngage's workspace id: Settings, Account, APIs",
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    form: 'letters, digits, hyphens and underscores',
  },
  {
    key: 'identifier',
    option: '--identifier',
    question: "Which value of Customer.io does the app give MoEngage as the user's id: id, cio_id or email?",
    pattern: /^(id|cio_id|email)$/,
    form: 'id, cio_id or email',
    suggest: () => 'id',
  },
  {
    key: 'team',
    option: '--team',
    question: 'Which team owns the first audience?',
    pattern: WORDS,
    form: 'lower-case words with hyphens',
    suggest: () => 'lifecycle',
  },
  {
    key: 'contact',
    option: '--contact',
    question: "The team's mail address, better a list than a person",
    pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
    form: 'a mail address',
  },
  {
    key: 'approver',
    option: '--approver',
    question: 'Who approves its changes on GitHub: @user or @organisation/team',
    pattern: /^@[A-Za-z0-9][A-Za-z0-9-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/,
    form: '@user or @organisation/team',
  },
  {
    key: 'testers',
    option: '--testers',
    question: 'Colleagues to try it on, by that identifier, separated by commas',
    pattern: /^[^\s,]+( *, *[^\s,]+)*$/,
    form: 'identifiers separated by commas',
  },
  {
    key: 'segment',
    option: '--segment',
    question: "The Customer.io segment that feeds it: the last number in the segment's address",
    pattern: /^[1-9][0-9]*$/,
    form: 'a number',
  },
  {
    key: 'segmentName',
    option: '--segment-name',
    question: "That segment's name, letter by letter",
    pattern: TEXT,
    form: 'a name',
  },
  {
    key: 'id',
    option: '--id',
    question: 'What is the audience called here? Its id stays for ever',
    pattern: WORDS,
    form: 'lower-case words with hyphens',
    suggest: ({ segmentName = '' }) => toId(segmentName),
  },
  {
    key: 'window',
    option: '--window',
    question: 'How long is somebody of interest: 2h, 30d',
    pattern: /^[1-9][0-9]*[mhd]$/,
    form: 'a duration such as 2h or 30d',
    suggest: () => '30d',
  },
  {
    key: 'usedBy',
    option: '--used-by',
    question: 'Which campaign or flow in MoEngage will use it?',
    pattern: TEXT,
    form: 'a name',
  },
]
