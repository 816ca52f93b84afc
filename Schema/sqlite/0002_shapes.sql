-- Payloads that differ in a few values only are stored as those values and the number of what they
-- share. A vote takes a third of the room that way, and a fold reads its choice from the shape.

PRAGMA user_version = 2;

-- What payloads share: canonical JSON in which a character below U+0020 stands for what varies.
-- char(1): a value of the payload's own; char(2), char(3) … : the value of the event's first, second
-- … tag, the part behind the tag's colon. Canonical JSON holds no such characters itself.
CREATE TABLE shape (
  id INTEGER PRIMARY KEY, -- 1, 2, 3 … without gaps
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER shape_insert BEFORE INSERT ON shape BEGIN
  SELECT RAISE(ROLLBACK, 'a shape is numbered last + 1')
  WHERE NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM shape);
  SELECT RAISE(ROLLBACK, 'a shape stands once')
  WHERE EXISTS (SELECT 1 FROM shape WHERE text = NEW.text);
END;
CREATE TRIGGER shape_update BEFORE UPDATE ON shape
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER shape_delete BEFORE DELETE ON shape
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- An event's body is the payload itself, or a zero byte and then LEB128 numbers: of the shape, and
-- for each value of its own the length, followed by its bytes. (No payload holds a zero byte.)
--
-- The log for human eyes and for other tools, with such payloads put together again.
DROP VIEW log;
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
  CASE WHEN hex(substr(event.body, 1, 1)) <> '00' THEN CAST(event.body AS TEXT) ELSE (
    WITH RECURSIVE
      -- Bytes of the tags and of the body, by their place.
      tag_byte(at, byte) AS (
        VALUES (-1, NULL)
        UNION ALL
        SELECT at + 1,
          (instr('0123456789ABCDEF', substr(hex(event.tags), 2 * at + 3, 1)) - 1) * 16
            + instr('0123456789ABCDEF', substr(hex(event.tags), 2 * at + 4, 1)) - 1
        FROM tag_byte WHERE at + 1 < length(event.tags)
      ),
      body_byte(at, byte) AS (
        VALUES (-1, NULL)
        UNION ALL
        SELECT at + 1,
          (instr('0123456789ABCDEF', substr(hex(event.body), 2 * at + 3, 1)) - 1) * 16
            + instr('0123456789ABCDEF', substr(hex(event.body), 2 * at + 4, 1)) - 1
        FROM body_byte WHERE at + 1 < length(event.body)
      ),
      -- The numbers in them, counted from 1; each is complete in the row where more is 0, and the
      -- next begins at the place behind. In the body the values behind their lengths are passed over.
      tag_number(at, number, value, shift, more) AS (
        VALUES (0, 0, 0, 0, 0)
        UNION ALL
        SELECT
          tag_number.at + 1, number + (more = 0),
          iif(more, value, 0) + ((byte & 127) << iif(more, shift, 0)),
          iif(more, shift, 0) + 7, byte >> 7
        FROM tag_number JOIN tag_byte ON tag_byte.at = tag_number.at
      ),
      body_number(at, number, value, shift, more) AS (
        VALUES (1, 0, 0, 0, 0)
        UNION ALL
        SELECT
          body_number.at + 1 + iif(number + (more = 0) > 1 AND byte >> 7 = 0,
            iif(more, value, 0) + ((byte & 127) << iif(more, shift, 0)), 0),
          number + (more = 0),
          iif(more, value, 0) + ((byte & 127) << iif(more, shift, 0)),
          iif(more, shift, 0) + 7, byte >> 7
        FROM body_number JOIN body_byte ON body_byte.at = body_number.at
      ),
      with_tags(number, text) AS (
        SELECT 0, (
          SELECT shape.text FROM body_number JOIN shape ON shape.id = body_number.value
          WHERE number = 1 AND more = 0)
        UNION ALL
        SELECT with_tags.number + 1, replace(
          with_tags.text, char(with_tags.number + 2), substr(name.text, instr(name.text, ':') + 1))
        FROM with_tags
        JOIN tag_number ON tag_number.number = with_tags.number + 1 AND tag_number.more = 0
        JOIN name ON name.id = tag_number.value
        WHERE with_tags.number < 28
      ),
      filled(number, text) AS (
        SELECT 1, (SELECT text FROM with_tags ORDER BY number DESC LIMIT 1)
        UNION ALL
        SELECT filled.number + 1, substr(filled.text, 1, instr(filled.text, char(1)) - 1)
          || CAST(substr(event.body, body_number.at + 1 - body_number.value, body_number.value)
            AS TEXT)
          || substr(filled.text, instr(filled.text, char(1)) + 1)
        FROM filled
        JOIN body_number
          ON body_number.number = filled.number + 1 AND body_number.more = 0
      )
    SELECT text FROM filled ORDER BY number DESC LIMIT 1
  ) END AS body
FROM event
JOIN name AS type ON type.id = event.type
JOIN batch ON batch.first = event.batch
JOIN name AS recorder ON recorder.id = batch.recorder;
