import { fold } from './fold.ts'

/**
 * Numbered steps from an empty file to today's tables, each run once, in order, in one transaction with its number.
 * A step is never edited after a release: add another.
 *
 * The ledger has no key on purpose: an index over ten million rows costs more than the one join that needs it, and
 * every write to it comes from a delta that was computed against it in the same process. Its rows are distinct pairs of
 * person and identifier. Two columns are there to be skipped by the engine, block by block, where they are empty:
 * \`folded\` is what an identifier becomes in \`fold\`, where that differs from it, and \`is_second\` is true of all rows of a
 * person but one at most.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE head (value INTEGER NOT NULL);
  INSERT INTO head VALUES (0);
  CREATE TABLE target (value VARCHAR NOT NULL);
  CREATE TABLE objects (
    address VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    audience VARCHAR NOT NULL,
    attributes VARCHAR NOT NULL,
    remote_id VARCHAR,
    status VARCHAR NOT NULL,
    recorded_at VARCHAR NOT NULL
  );
  CREATE TABLE tombstones (
    name VARCHAR PRIMARY KEY,
    address VARCHAR NOT NULL,
    retired_at VARCHAR NOT NULL
  );
  CREATE TABLE ledger (
    audience VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    identifier VARCHAR NOT NULL,
    entered_at TIMESTAMP NOT NULL
  );
  CREATE TABLE unsettled (
    audience VARCHAR NOT NULL,
    identifier VARCHAR NOT NULL
  );
  CREATE TABLE synced (
    audience VARCHAR PRIMARY KEY,
    completed_at VARCHAR NOT NULL
  );
  CREATE SEQUENCE journal_seq;
  CREATE TABLE journal (
    seq BIGINT PRIMARY KEY DEFAULT nextval('journal_seq'),
    run_id VARCHAR NOT NULL,
    logged_at VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    operation VARCHAR NOT NULL,
    phase VARCHAR NOT NULL,
    count INTEGER,
    detail VARCHAR
  );
  CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    command VARCHAR NOT NULL,
    started_at VARCHAR NOT NULL,
    finished_at VARCHAR,
    outcome VARCHAR,
    summary VARCHAR
  );
  `,
  `
  CREATE TABLE identity (store_id VARCHAR NOT NULL);
  CREATE TABLE fence (value INTEGER NOT NULL);
  INSERT INTO fence VALUES (0);
  CREATE TABLE locks (
    id VARCHAR NOT NULL,
    fence INTEGER NOT NULL,
    owner VARCHAR NOT NULL,
    command VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    run_url VARCHAR,
    acquired_at VARCHAR NOT NULL,
    expires_at VARCHAR NOT NULL
  );
  ALTER TABLE objects ADD COLUMN origin VARCHAR DEFAULT 'created';
  ALTER TABLE objects ADD COLUMN hints VARCHAR;
  ALTER TABLE objects ADD COLUMN carries_from VARCHAR;
  ALTER TABLE tombstones ADD COLUMN reason VARCHAR DEFAULT 'retired';
  ALTER TABLE tombstones ADD COLUMN cohort_id VARCHAR;
  CREATE TABLE ledger_counts (
    audience VARCHAR NOT NULL,
    members INTEGER
  );
  INSERT INTO ledger_counts
    SELECT audience, count(DISTINCT identifier)::INTEGER FROM ledger GROUP BY audience;
  `,
  // Of an attempt that an older muster left open neither direction nor moment is known. It keeps its doubt, and holds
  // nothing back: whoever opens the store with another release comes later than any call can be under way.
  `
  ALTER TABLE ledger ADD COLUMN leaving_since TIMESTAMP;
  ALTER TABLE ledger ADD COLUMN folded VARCHAR;
  ALTER TABLE ledger ADD COLUMN is_second BOOLEAN;
  UPDATE ledger SET folded = ${fold('identifier')} WHERE identifier <> ${fold('identifier')};
  UPDATE ledger SET is_second = true WHERE (audience, person) IN (
    SELECT (audience, person) FROM ledger GROUP BY audience, person HAVING count(*) > 1
  );
  ALTER TABLE unsettled ADD COLUMN direction VARCHAR DEFAULT 'add';
  ALTER TABLE unsettled ADD COLUMN attempted_at TIMESTAMP DEFAULT '1970-01-01';
  CREATE TABLE departures (
    audience VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    removed_at TIMESTAMP NOT NULL
  );
  CREATE TABLE rejected (
    audience VARCHAR NOT NULL,
    identifier VARCHAR NOT NULL,
    rejected_at TIMESTAMP NOT NULL
  );
  CREATE TABLE assertions (
    audience VARCHAR NOT NULL,
    started_at VARCHAR,
    through VARCHAR,
    completed_at VARCHAR,
    reason VARCHAR
  );
  CREATE TABLE evidence (
    audience VARCHAR NOT NULL,
    content VARCHAR NOT NULL
  );
  CREATE TABLE allowances (
    audience VARCHAR NOT NULL,
    guard VARCHAR NOT NULL,
    content VARCHAR NOT NULL
  );
  `,
  `
  CREATE SEQUENCE sync_counts_seq;
  CREATE TABLE sync_counts (
    seq BIGINT DEFAULT nextval('sync_counts_seq'),
    run_id VARCHAR NOT NULL,
    audience VARCHAR NOT NULL,
    content VARCHAR NOT NULL
  );
  CREATE TABLE alerts (
    key VARCHAR NOT NULL,
    content VARCHAR NOT NULL
  );
  `,
]
