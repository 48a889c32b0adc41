/** Statements that bring a journal from version i to version i + 1. Never changed once released; new ones are added. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE versions (
  metric TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL, version INTEGER NOT NULL,
  end INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, value REAL, u REAL, status INTEGER NOT NULL,
  state TEXT NOT NULL, hash TEXT NOT NULL, computed INTEGER NOT NULL, rest TEXT NOT NULL,
  PRIMARY KEY (metric, period, start, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_period ON versions (period, start);
CREATE TRIGGER versions_stay BEFORE UPDATE ON versions BEGIN SELECT RAISE(ABORT, 'a version never changes'); END;
CREATE TRIGGER versions_remain BEFORE DELETE ON versions BEGIN SELECT RAISE(ABORT, 'a version is never removed'); END;

CREATE TABLE tallies (
  series TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, tally TEXT NOT NULL,
  PRIMARY KEY (series, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE dirty (
  period TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, metric TEXT NOT NULL,
  cause TEXT NOT NULL, person TEXT, reason TEXT, marks INTEGER NOT NULL,
  PRIMARY KEY (period, start, metric)
) STRICT, WITHOUT ROWID;

CREATE TABLE signatures (
  period TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, person TEXT NOT NULL, note TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (period, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE assays (
  id INTEGER PRIMARY KEY, point TEXT NOT NULL, sample TEXT NOT NULL, version INTEGER NOT NULL,
  cut_from INTEGER NOT NULL, cut_to INTEGER NOT NULL, value REAL, u REAL, state TEXT NOT NULL, batch TEXT,
  reported INTEGER NOT NULL, person TEXT NOT NULL, rest TEXT NOT NULL, UNIQUE (point, sample, version)
) STRICT;
CREATE INDEX assays_by_cut ON assays (point, cut_from);
CREATE INDEX assays_by_batch ON assays (batch);

CREATE TABLE entries (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, version INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, body TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL,
  reason TEXT, UNIQUE (kind, ref, version)
) STRICT;
CREATE INDEX entries_by_time ON entries (kind, start);

CREATE TABLE runs (start INTEGER PRIMARY KEY, alive INTEGER NOT NULL) STRICT;

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, metric TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE alarm_events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, alarm TEXT NOT NULL, at INTEGER NOT NULL, priority INTEGER NOT NULL,
  cause TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, value REAL, status INTEGER NOT NULL, bound REAL,
  standing TEXT NOT NULL
) STRICT;
CREATE INDEX alarm_events_by_time ON alarm_events (at);
CREATE INDEX alarm_events_by_alarm ON alarm_events (alarm, at);
CREATE TRIGGER alarm_events_stay BEFORE UPDATE ON alarm_events
  BEGIN SELECT RAISE(ABORT, 'a transition never changes'); END;
CREATE TRIGGER alarm_events_remain BEFORE DELETE ON alarm_events
  BEGIN SELECT RAISE(ABORT, 'a transition is never removed'); END;

CREATE TABLE alarm_standings (
  alarm TEXT PRIMARY KEY, sequence INTEGER NOT NULL, state TEXT NOT NULL, standing TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE late (
  tag TEXT PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE handovers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, start INTEGER NOT NULL, step TEXT NOT NULL, number INTEGER NOT NULL,
  person TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL, report TEXT
) STRICT;
CREATE INDEX handovers_by_shift ON handovers (start);
CREATE TRIGGER handovers_stay BEFORE UPDATE ON handovers BEGIN SELECT RAISE(ABORT, 'a signature never changes'); END;
CREATE TRIGGER handovers_remain BEFORE DELETE ON handovers
  BEGIN SELECT RAISE(ABORT, 'a signature is never removed'); END;
`,
  `
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, person TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL, before TEXT, after TEXT, reason TEXT, address TEXT, hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit never changes'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is never removed'); END;
`,
  `
CREATE TABLE alarm_settings (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, alarm TEXT NOT NULL, at INTEGER NOT NULL, before TEXT NOT NULL,
  after TEXT NOT NULL, planned TEXT NOT NULL, person TEXT, reason TEXT NOT NULL
) STRICT;
CREATE INDEX alarm_settings_by_alarm ON alarm_settings (alarm, sequence);
CREATE TRIGGER alarm_settings_stay BEFORE UPDATE ON alarm_settings
  BEGIN SELECT RAISE(ABORT, 'a change of a setting never changes'); END;
CREATE TRIGGER alarm_settings_remain BEFORE DELETE ON alarm_settings
  BEGIN SELECT RAISE(ABORT, 'a change of a setting is never removed'); END;
`,
];
