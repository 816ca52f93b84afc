-- The Merkle tree over the events is kept as the log grows, and payloads can be erased.

PRAGMA user_version = 3;

-- Inner nodes of the RFC 6962 tree over the events' leaf hashes: the perfect subtrees of 256 leaves
-- and more. What is below follows from as many leaves at most, which stand in event.
CREATE TABLE tree (
  level INTEGER NOT NULL CHECK (level >= 8), -- of a subtree with 1 << level leaves
  number INTEGER NOT NULL CHECK (number >= 0), -- of its like, from the left
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

-- Events whose payload was erased. Salt and tags of such an event are gone with it, and so are its
-- rows in the tag index. Its body is a zero byte, the shape number 0 and the 32 bytes of the
-- payload's commitment: so its leaf hash can still be computed.
CREATE TABLE erased (
  seq INTEGER PRIMARY KEY,
  by INTEGER NOT NULL CHECK (by > seq) -- position of the event that says so, and why
) STRICT;

CREATE TRIGGER tree_insert BEFORE INSERT ON tree BEGIN
  SELECT RAISE(ROLLBACK, 'a node is numbered last + 1')
  WHERE NEW.number IS NOT
    (SELECT coalesce(max(number), -1) + 1 FROM tree WHERE level = NEW.level);
END;
CREATE TRIGGER tree_update BEFORE UPDATE ON tree
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER tree_delete BEFORE DELETE ON tree
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER erased_insert BEFORE INSERT ON erased BEGIN
  SELECT RAISE(ROLLBACK, 'the payload of this event is still there')
  WHERE NOT EXISTS (
    SELECT 1 FROM event WHERE seq = NEW.seq AND substr(body, 1, 2) = x'0000');
  SELECT RAISE(ROLLBACK, 'a payload is erased once')
  WHERE EXISTS (SELECT 1 FROM erased WHERE seq = NEW.seq);
END;
CREATE TRIGGER erased_update BEFORE UPDATE ON erased
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER erased_delete BEFORE DELETE ON erased
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
