-- The log: tables, guards and one readable view. Frozen once released; a change is a new file.
--
-- Readable by hand (sqlite3 x.annals < 0001_log.sql), but a log is made by the program: it also
-- sets the page size, the journal and the file's permissions. What the guards below do not stop
-- (dropping them, editing the file) is caught when the log is opened and by its proofs.

PRAGMA application_id = 0x416E6C73; -- "Anls"
PRAGMA user_version = 1;

-- Types (1), tags (2) and recorders (3), each stored once and meant by its number elsewhere.
CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),
  text TEXT NOT NULL,
  UNIQUE (kind, text)
) STRICT;

-- What the events of one append share. The batch of an event is the last one that starts at or
-- before it, so first is the batch's name.
CREATE TABLE batch (
  first INTEGER PRIMARY KEY,
  recorded INTEGER NOT NULL, -- microseconds since 1970 UTC, strictly rising
  recorder INTEGER NOT NULL REFERENCES name (id),
  note TEXT
) STRICT;

-- One row per event. What folds read stands in front of the payload.
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, -- 1, 2, 3 … without gaps
  type INTEGER NOT NULL REFERENCES name (id),
  batch INTEGER NOT NULL REFERENCES batch (first) CHECK (batch <= seq),
  earliest INTEGER, -- bounds in seconds since 1970, half open; NULL: undated
  latest INTEGER, -- NULL with earliest set: one whole day, earliest + 86400
  on_text TEXT, -- the date as written; NULL for a whole day, written YYYY-MM-DD
  tags BLOB, -- numbers in name, LEB128, in the event's order; NULL: none
  targets BLOB, -- positions of the events this one is about, LEB128; NULL: none
  id BLOB NOT NULL CHECK (length(id) = 16), -- UUID
  leaf BLOB NOT NULL CHECK (length(leaf) = 32), -- RFC 6962 leaf hash
  salt BLOB NOT NULL CHECK (length(salt) = 16), -- of the payload's commitment
  body BLOB NOT NULL -- the payload, RFC 8785 JSON
) STRICT;

CREATE UNIQUE INDEX event_id ON event (id);

-- Which events carry a tag, a type (name: its number) or a target (name: minus the target's
-- position). A row speaks for 64 positions: seq, and seq + 1 + n where bit n of more is set. All of
-- them are of one batch, so that rows are only ever added; runs of like events take few rows.
-- The whole row is the key: INSERT OR REPLACE finds nothing to replace.
CREATE TABLE tag (
  name INTEGER NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  more INTEGER NOT NULL CHECK (more >= 0),
  PRIMARY KEY (name, seq, more)
) STRICT, WITHOUT ROWID;

-- Views folded from the log: how far each has read, and which tables are its own.
CREATE TABLE projection (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  definition BLOB NOT NULL, -- SHA-256
  tables TEXT NOT NULL, -- names, one per line
  position INTEGER NOT NULL,
  failed INTEGER, -- position of the event that could not be folded
  reason TEXT
) STRICT, WITHOUT ROWID;

-- Guards. Triggers fire even where CHECK is switched off, and also stop INSERT OR REPLACE, which
-- would delete a row without a word: a new row is refused before it can push out an old one.
-- They end the transaction (ROLLBACK): with ABORT, SQLite would copy pages at each insert, only to
-- be able to undo it.
CREATE TRIGGER name_insert BEFORE INSERT ON name BEGIN
  SELECT RAISE(ROLLBACK, 'a name is numbered last + 1')
  WHERE NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM name);
  SELECT RAISE(ROLLBACK, 'a name stands once')
  WHERE EXISTS (SELECT 1 FROM name WHERE kind = NEW.kind AND text = NEW.text);
END;

CREATE TRIGGER batch_insert BEFORE INSERT ON batch BEGIN
  SELECT RAISE(ROLLBACK, 'a batch starts at the end of the log')
  WHERE NEW.first IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
    OR NEW.first <= (SELECT max(first) FROM batch);
  SELECT RAISE(ROLLBACK, 'recorded never runs backwards')
  WHERE NEW.recorded <= (SELECT recorded FROM batch ORDER BY first DESC LIMIT 1);
END;

CREATE TRIGGER event_insert BEFORE INSERT ON event BEGIN
  SELECT RAISE(ROLLBACK, 'an event stands at last + 1')
  WHERE NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event);
  SELECT RAISE(ROLLBACK, 'an id stands once')
  WHERE EXISTS (SELECT 1 FROM event WHERE id = NEW.id);
END;

CREATE TRIGGER name_update BEFORE UPDATE ON name
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER name_delete BEFORE DELETE ON name
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER batch_update BEFORE UPDATE ON batch
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER batch_delete BEFORE DELETE ON batch
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER tag_update BEFORE UPDATE ON tag
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER tag_delete BEFORE DELETE ON tag
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- The log for human eyes and for other tools.
CREATE VIEW log AS
SELECT
  event.seq,
  type.text AS type,
  coalesce(event.on_text, date(event.earliest, 'unixepoch')) AS on_text,
  event.earliest,
  coalesce(event.latest, event.earliest + 86400) AS latest,
  strftime('%Y-%m-%dT%H:%M:%S', batch.recorded / 1000000, 'unixepoch')
    || printf('.%06dZ', batch.recorded % 1000000) AS recorded,
  recorder.text AS recorder,
  batch.note,
  lower(hex(event.id)) AS id,
  lower(hex(event.leaf)) AS leaf,
  CAST(event.body AS TEXT) AS body
FROM event
JOIN name AS type ON type.id = event.type
JOIN batch ON batch.first = event.batch
JOIN name AS recorder ON recorder.id = batch.recorder;
