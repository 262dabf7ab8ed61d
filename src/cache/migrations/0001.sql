-- 0001: what a window must not lose: drafts, and messages that no server has acknowledged yet.
-- Times are microseconds of UTC.

CREATE TABLE draft (
  conversation TEXT NOT NULL PRIMARY KEY,
  text TEXT NOT NULL,
  is_note INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- In the order of the row numbers, which is the order in which Send was pressed. A message that was
-- refused has a problem and no number (n = 0): a number is used up only by storing.
CREATE TABLE outbox (
  pk INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  conversation TEXT NOT NULL,
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  is_note INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  problem TEXT,
  created_at INTEGER NOT NULL
) STRICT;
