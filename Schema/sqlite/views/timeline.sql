-- What later events made of earlier facts: the part of a timeline that the log's own columns do not
-- show. A fact without a row here stands as it was recorded. `annals replay timeline` folds it from the
-- log; appends do not keep it current.
CREATE TABLE timeline_amendment (
  -- Position of the fact's first event.
  fact INTEGER PRIMARY KEY,
  -- 0 when it was retracted.
  live INTEGER NOT NULL,
  disputed INTEGER NOT NULL,
  -- Position of the settlement that decided against it; NULL when none did.
  set_aside INTEGER,
  -- Position of the last correction that holds; the fact's own when none does.
  current INTEGER NOT NULL,
  -- Its date as corrected, with bounds in seconds since 1970 (half open).
  on_text TEXT,
  earliest INTEGER,
  latest INTEGER,
  -- The payload as corrected, canonical JSON.
  data TEXT NOT NULL
) STRICT;
