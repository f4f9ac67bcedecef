import { writeFoldFunction } from './fold.ts'

/** Texts sort by their bytes, as they do in the other stores, and are the same only if all their bytes are. */
const TEXT = 'text COLLATE "C"'

/**
 * Numbered steps from an empty schema to today's tables, each run once, in order, all that are due in one transaction.
 * A step is never edited after a release: add another. It is written out when it is run: the letters of `fold` take a while.
 *
 * The ledger's rows are distinct pairs of person and identifier. It has one large index, which batches find their rows
 * by; the others hold what few rows have: \`folded\` is what an identifier becomes in \`fold\`, where that differs from it, and
 * \`is_second\` is true of all rows of a person but one at most.
 */
export const MIGRATIONS: readonly (() => string)[] = [
  () => `
  CREATE TABLE head (value integer NOT NULL);
  INSERT INTO head VALUES (0);
  CREATE TABLE target (value ${TEXT} NOT NULL);
  CREATE TABLE identity (store_id ${TEXT} NOT NULL);
  CREATE TABLE fence (value integer NOT NULL);
  INSERT INTO fence VALUES (0);
  CREATE TABLE locks (
    id ${TEXT} NOT NULL,
    fence integer NOT NULL,
    owner ${TEXT} NOT NULL,
    command ${TEXT} NOT NULL,
    run_id ${TEXT} NOT NULL,
    run_url ${TEXT},
    acquired_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
  );
  CREATE TABLE objects (
    address ${TEXT} PRIMARY KEY,
    kind ${TEXT} NOT NULL,
    audience ${TEXT} NOT NULL,
    attributes ${TEXT} NOT NULL,
    remote_id ${TEXT},
    status ${TEXT} NOT NULL,
    recorded_at ${TEXT} NOT NULL,
    origin ${TEXT} NOT NULL,
    hints ${TEXT},
    carries_from ${TEXT}
  );
  CREATE TABLE tombstones (
    name ${TEXT} PRIMARY KEY,
    address ${TEXT} NOT NULL,
    retired_at ${TEXT} NOT NULL,
    reason ${TEXT} NOT NULL,
    cohort_id ${TEXT}
  );
  CREATE TABLE synced (audience ${TEXT} PRIMARY KEY, completed_at ${TEXT} NOT NULL);
  CREATE TABLE evidence (audience ${TEXT} PRIMARY KEY, content ${TEXT} NOT NULL);
  CREATE TABLE allowances (
    audience ${TEXT} NOT NULL,
    guard ${TEXT} NOT NULL,
    content ${TEXT} NOT NULL,
    PRIMARY KEY (audience, guard)
  );
  CREATE TABLE assertions (
    audience ${TEXT} PRIMARY KEY,
    started_at ${TEXT},
    through ${TEXT},
    completed_at ${TEXT},
    reason ${TEXT}
  );
  CREATE TABLE journal (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id ${TEXT} NOT NULL,
    logged_at ${TEXT} NOT NULL,
    address ${TEXT} NOT NULL,
    operation ${TEXT} NOT NULL,
    phase ${TEXT} NOT NULL,
    count integer,
    detail ${TEXT}
  );
  CREATE TABLE runs (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    run_id ${TEXT} PRIMARY KEY,
    command ${TEXT} NOT NULL,
    started_at ${TEXT} NOT NULL,
    finished_at ${TEXT},
    outcome ${TEXT},
    summary ${TEXT}
  );
  CREATE TABLE ledger (
    audience ${TEXT} NOT NULL,
    person ${TEXT} NOT NULL,
    identifier ${TEXT} NOT NULL,
    entered_at timestamptz NOT NULL,
    leaving_since timestamptz,
    folded ${TEXT},
    is_second boolean
  );
  CREATE INDEX ledger_identifier ON ledger (audience, identifier);
  CREATE INDEX ledger_folded ON ledger (audience, folded) WHERE folded IS NOT NULL;
  CREATE INDEX ledger_second ON ledger (audience, person) WHERE is_second;
  CREATE INDEX ledger_leaving ON ledger (audience) WHERE leaving_since IS NOT NULL;
  CREATE TABLE ledger_counts (
    audience ${TEXT} PRIMARY KEY,
    pairs bigint NOT NULL,
    members bigint NOT NULL
  );
  CREATE TABLE unsettled (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    audience ${TEXT} NOT NULL,
    identifier ${TEXT} NOT NULL,
    direction ${TEXT} NOT NULL,
    attempted_at timestamptz NOT NULL
  );
  CREATE INDEX unsettled_identifier ON unsettled (audience, identifier);
  CREATE TABLE departures (
    audience ${TEXT} NOT NULL,
    person ${TEXT} NOT NULL,
    removed_at timestamptz NOT NULL
  );
  CREATE INDEX departures_person ON departures (audience, person);
  CREATE TABLE rejected (
    audience ${TEXT} NOT NULL,
    identifier ${TEXT} NOT NULL,
    rejected_at timestamptz NOT NULL
  );
  CREATE INDEX rejected_identifier ON rejected (audience, identifier);
  ${writeFoldFunction()};
  `,
  () => `
  CREATE TABLE sync_counts (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    run_id ${TEXT} NOT NULL,
    audience ${TEXT} NOT NULL,
    content ${TEXT} NOT NULL,
    PRIMARY KEY (audience, run_id)
  );
  CREATE INDEX sync_counts_order ON sync_counts (audience, seq);
  CREATE TABLE alerts (key ${TEXT} PRIMARY KEY, content ${TEXT} NOT NULL);
  `,
]
