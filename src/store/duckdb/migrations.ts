/**
 * Numbered steps from an empty file to today's tables, each run once, in order, in one transaction with its number.
 * A step is never edited after a release: add another.
 *
 * The ledger has no key on purpose: an index over ten million rows costs more than the one join that needs it, and
 * every write to it comes from a delta that was computed against it in the same process.
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
]
