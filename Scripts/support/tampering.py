"""The attacks that attacks.py carries out: what is done, and what must come of it."""

import hashlib
import json
import os
import pathlib
import sqlite3

import forge

# Appended to the 306 events that ship with the program, so that the tree has two whole blocks of 256
# events and a rest. Then ERASED is erased, by an event behind them all.
STANCE, VOTE, STATEMENT, LATE, ERASED, ERASURE = 307, 309, 310, 550, 555, 561


def _events():
    speaker = {"speaker": "dmitry-peskov", "kind": "quote"}
    yield {"type": "stance.changed", "on": "2024-02-01~", "data": {
        "actor": "USA", "topic": "ukraine-integrity", "level": 1, "basis": "declared"}}
    yield {"type": "rollcall.held", "on": "2024-03-01", "data": {
        "rollcall": "attack/1", "motion": "A/RES/ES-11/7", "body": "un-ga", "method": "recorded",
        "result": "adopted"}}
    yield {"type": "vote.cast", "on": "2024-03-01", "data": {
        "rollcall": "attack/1", "voter": "USA", "choice": "yes"}}
    for number in range(STATEMENT, ERASURE):
        yield {"type": "statement.made", "on": "2024-04-01", "note": f"of #{number}",
               "data": {**speaker, "text": f"statement {number}"}}


EVENTS = "".join(json.dumps(event) + "\n" for event in _events())

ROW = "event (seq, type, batch, id, leaf, salt, body) VALUES"
REST = "zeroblob(32), zeroblob(16), x'7b7d')"
TWIN = "(SELECT id FROM event WHERE seq = 2)"
ENDLESS = "AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS seq FROM n"
WRITABLE = "PRAGMA writable_schema = ON;"

# What the guards in the file refuse, also to other tools.
BLOCKED = [
    "UPDATE event SET body = x'7b7d'",
    "UPDATE OR REPLACE event SET seq = 2 WHERE seq = 3",
    "DELETE FROM event WHERE seq = 5",
    f"INSERT INTO {ROW} (3, 1, 1, randomblob(16), {REST} ON CONFLICT (seq) DO UPDATE SET body = x'7b'",
    f"INSERT INTO {ROW} (562, 1, 1, {TWIN}, {REST} ON CONFLICT (id) DO UPDATE SET body = x'7b7d'",
    f"INSERT OR REPLACE INTO {ROW} (3, 1, 1, randomblob(16), {REST}",
    f"REPLACE INTO {ROW} (562, 1, 1, {TWIN}, {REST}",
    f"INSERT INTO {ROW} (-1, 1, 1, randomblob(16), {REST}",
    f"INSERT INTO {ROW} (563, 1, 1, randomblob(16), {REST}",
    f"INSERT INTO {ROW} (9223372036854775807, 1, 1, randomblob(16), {REST}",
    f"INSERT INTO {ROW} (NULL, 1, 1, randomblob(16), {REST}",
    f"PRAGMA ignore_check_constraints = ON; INSERT INTO {ROW} (-1, 1, 1, x'00', {REST}",
    "UPDATE batch SET recorded = 1", "DELETE FROM batch",
    "INSERT OR REPLACE INTO batch VALUES (1, 1, 1, 'forged')",
    "INSERT INTO batch VALUES (563, 4000000000000000, 1, NULL)",
    "INSERT INTO batch VALUES (562, 1, 1, NULL)",
    "UPDATE name SET text = 'x' WHERE id = 1", "DELETE FROM name",
    "INSERT OR REPLACE INTO name VALUES (1, 2, 'a:forged')",
    "INSERT OR REPLACE INTO name SELECT max(id) + 1, kind, text FROM name WHERE id = 1",
    "UPDATE tag SET more = 0", "DELETE FROM tag",
    "UPDATE shape SET text = 'x'", "DELETE FROM shape", "INSERT INTO shape VALUES (99, 'x')",
    "UPDATE tree SET hash = zeroblob(32)", "DELETE FROM tree",
    "INSERT INTO tree VALUES (8, 9, zeroblob(32))",
    "INSERT OR REPLACE INTO tree VALUES (8, 0, zeroblob(32))",
    "INSERT INTO erased VALUES (310, 400)",
]

# What other tools can do to a file that has guards, and what no command then works with.
REFUSED = [
    "DROP TRIGGER event_update",
    "DROP TABLE tag",
    "DROP INDEX event_id",
    "DROP VIEW log",
    "DROP TRIGGER event_update; CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT 1; END",
    "DROP VIEW log; ALTER TABLE event RENAME TO old; CREATE TABLE event AS SELECT * FROM old",
    "DROP VIEW log; DROP TABLE event; CREATE VIEW event AS SELECT 1 AS seq",
    f"DROP VIEW log; DROP TABLE event; CREATE VIEW event {ENDLESS}",
    f"DROP TABLE projection; CREATE VIEW projection {ENDLESS}",
    "CREATE TRIGGER more AFTER INSERT ON event BEGIN DELETE FROM projection; END",
    "CREATE TABLE extra (x)", "CREATE VIEW extra AS SELECT 1", "CREATE INDEX extra ON event (body)",
    f"{WRITABLE} UPDATE sqlite_schema SET sql = replace(sql, 'event stands', 'event stood')"
    " WHERE name = 'event_insert'",
    f"{WRITABLE} DELETE FROM sqlite_schema WHERE name = 'event_delete'",
    "INSERT INTO projection VALUES ('p', 1, x'00', 'name_update', 0, NULL, NULL);"
    " CREATE TRIGGER x AFTER INSERT ON name BEGIN SELECT 1; END",
    "INSERT INTO batch VALUES (562, 4000000000000000, 1, NULL)",
    "PRAGMA application_id = 1", "PRAGMA user_version = 0", "PRAGMA user_version = 2",
    "PRAGMA user_version = 99",
]

# Edits behind guards that are put back: by name, the statement and the position that must be named.
SET = "UPDATE event SET"
FORGERY = '{"data":{"kind":"quote","speaker":"dmitry-peskov","text":"a forgery"}}'
EDITS = {
    "a payload is edited": (f"{SET} body = CAST('{FORGERY}' AS BLOB) WHERE seq = {STATEMENT}", STATEMENT),
    "a payload is emptied": (f"{SET} body = x'7b7d' WHERE seq = {STANCE}", STANCE),
    "a date is edited": (f"{SET} on_text = '2024-02-02~' WHERE seq = {STANCE}", STANCE),
    "the first bound of a date is edited":
        (f"{SET} earliest = earliest + 86400 WHERE seq = {STANCE}", STANCE),
    "the last bound of a date is edited":
        (f"{SET} latest = latest + 86400 WHERE seq = {STANCE}", STANCE),
    "a whole day is edited": (f"{SET} earliest = earliest - 86400 WHERE seq = {STATEMENT}", STATEMENT),
    "a type is edited": (f"{SET} type = (SELECT id FROM name WHERE text = 'claim.made.v1')"
                         f" WHERE seq = {STATEMENT}", STATEMENT),
    "an id is edited": (f"{SET} id = zeroblob(16) WHERE seq = {STATEMENT}", STATEMENT),
    "a salt is edited": (f"{SET} salt = zeroblob(16) WHERE seq = {STATEMENT}", STATEMENT),
    "a leaf hash is edited": (f"{SET} leaf = zeroblob(32) WHERE seq = {STATEMENT}", STATEMENT),
    "targets are added": (f"{SET} targets = x'05' WHERE seq = {STATEMENT}", STATEMENT),
    "tags are taken away": (f"{SET} tags = NULL WHERE seq = {STATEMENT}", STATEMENT),
    "an event is moved to another batch":
        (f"{SET} batch = 1 WHERE seq = {LATE}", LATE),
    "an event is deleted": (f"DELETE FROM event WHERE seq = {STATEMENT}", STATEMENT),
    "events are swapped": ([f"{SET} seq = 999 WHERE seq = 400", f"{SET} seq = 400 WHERE seq = 401",
                            f"{SET} seq = 401 WHERE seq = 999"], 400),
    "a recorder is edited": ("UPDATE name SET text = 'somebody' WHERE kind = 3", 1),
    "a time is edited": ("UPDATE batch SET recorded = recorded - 1 WHERE first = 1", 1),
    "a note is edited": ("UPDATE batch SET note = 'forged' WHERE first = 1", 1),
    "a tag's text is edited": ("UPDATE name SET text = text || 'x' WHERE text = 'actor:USA'", None),
    "a shape is edited": ("UPDATE shape SET text = replace(text, 'quote', 'claim')", STATEMENT),
    "an undated event is given a date":
        (f"{SET} on_text = '1999' WHERE seq = (SELECT min(seq) FROM event WHERE earliest IS NULL)", 1),
    "a recorder becomes a tag": ("UPDATE name SET kind = 2 WHERE kind = 3", None),
    "a row of the tag index is deleted": ("DELETE FROM tag WHERE (name, seq) IN (SELECT name, seq FROM"
                                          " tag WHERE name > 0 ORDER BY seq DESC LIMIT 1)", "tag"),
    "a row of the tag index is added":
        (f"INSERT INTO tag SELECT id, {STATEMENT}, 0 FROM name WHERE text = 'actor:USA'", STATEMENT),
    "a row of the tag index is moved": ("UPDATE tag SET seq = seq - 1 WHERE (name, seq) IN (SELECT"
                                        " name, seq FROM tag WHERE seq = 308 LIMIT 1)", None),
    "a row of the tag index is added ahead":
        ("INSERT INTO tag SELECT id, 600, 0 FROM name WHERE text = 'actor:USA'", 600),
    "a tag is taken from an event and from the index": (
        [f"{SET} tags = NULL WHERE seq = {STANCE}", f"DELETE FROM tag WHERE seq = {STANCE} AND more = 0"
         " AND name IN (SELECT id FROM name WHERE kind = 2)"], STANCE),
    "a node of the tree is edited": ("UPDATE tree SET hash = zeroblob(32) WHERE number = 1", None),
    "a node of the tree is deleted": ("DELETE FROM tree WHERE number = 1", None),
    "a node of the tree is moved":
        ("UPDATE tree SET number = 86400 WHERE level = 8 AND number = 1", None),
    "a node is added to the tree": ("INSERT INTO tree VALUES (8, 2, zeroblob(32))", None),
    "the tree is emptied": ("DELETE FROM tree", None),
    "an erasure is invented": (f"INSERT INTO erased VALUES ({STATEMENT}, {ERASURE})", STATEMENT),
    "an erasure is taken from the list": ("DELETE FROM erased", ERASED),
    "an erasure is said to be another's": ("UPDATE erased SET by = by - 1", ERASURE - 1),
    "the commitment of an erased payload is edited":
        (f"{SET} body = CAST(x'0000' || zeroblob(32) AS BLOB) WHERE seq = {ERASED}", ERASED),
    "a payload is put in the place of an erased one":
        (f"{SET} body = CAST('{FORGERY}' AS BLOB) WHERE seq = {ERASED}", ERASED),
    "a view's rows are deleted": ("DELETE FROM stance_step", "stances"),
    "a view's row is edited": (f"UPDATE stance_step SET low = -low WHERE event = {STANCE}", "stances"),
    "a view is set back": ("UPDATE projection SET position = 300 WHERE name = 'stances'", "stances"),
    "a view is set ahead": ("UPDATE projection SET position = 900 WHERE name = 'stances'", "stances"),
    "a view is renamed": ("UPDATE projection SET name = 'Stances' WHERE name = 'stances'", None),
}

# The same with the hashes made to fit: of the one event, or of all there are.
FORGED = {
    "a payload is edited": EDITS["a payload is edited"][0],
    "an id is edited": EDITS["an id is edited"][0],
    "a time is edited": EDITS["a time is edited"][0],
    "a note is edited": EDITS["a note is edited"][0],
    "the first payload is edited": f"{SET} body = CAST(replace(CAST(body AS TEXT), 'actors', 'players')"
                                   " AS BLOB) WHERE seq = 1",
    "events are swapped": EDITS["events are swapped"][0],
}
CUT = [f"DELETE FROM {table} WHERE seq > {LATE}" for table in ("event", "tag", "erased")] + [
    f"DELETE FROM batch WHERE first > {LATE}",
    f"UPDATE tag SET more = more & ((1 << ({LATE} - seq)) - 1) WHERE seq > {LATE} - 63"]


def attacks(lab):
    """Name, outcome, what to do with the trials, and what verify must name."""
    for sql in BLOCKED:
        yield sql, "blocked", lambda trials, sql=sql: trials.sql(sql), None
    for sql in REFUSED:
        yield sql, "refused", lambda trials, sql=sql: trials.sql(sql), None
    for name, (sql, where) in EDITS.items():
        edits = [sql] if isinstance(sql, str) else sql
        yield name, "detected", lambda trials, e=edits: trials.behind_guards(*e), where
    for name, sql in FORGED.items():
        edits = [sql] if isinstance(sql, str) else sql
        yield (f"{name}, all hashes fit", "checkpoint",
               lambda trials, e=edits: trials.behind_guards(*e, rehash="all"), None)
    yield ("the first payload is edited, its hash fits", "detected", lambda trials:
           trials.behind_guards(FORGED["the first payload is edited"], rehash="leaves"), None)
    yield "a payload is erased without a word", "detected", erase_silently, STATEMENT
    yield ("the last events are cut off, all hashes fit", "checkpoint",
           lambda trials: trials.behind_guards(*CUT, rehash="all"), None)
    yield from other_tools()
    yield from files(lab)


def erase_silently(trials):
    """Takes a payload away as erasing does, commitment and all, without an event that says so."""
    with forge.Forger(trials.lab.store) as forger:
        salt, body = forger.run(
            f"SELECT salt, log.body FROM event JOIN log USING (seq) WHERE seq = {STATEMENT}")[0]
        commitment = hashlib.sha256(salt + body.encode()).digest()
        forger.behind_guards(
            (f"{SET} tags = NULL, body = CAST(x'0000' || ? AS BLOB) WHERE seq = {STATEMENT}", (commitment,)),
            (f"INSERT INTO erased VALUES ({STATEMENT}, {ERASURE})"))


def other_tools():
    """What tools do by the way, without meaning any harm."""
    for sql in ("VACUUM", "REINDEX", "ANALYZE; DROP TABLE sqlite_stat1", "PRAGMA optimize",
                "CREATE TEMP TABLE event (seq); INSERT INTO event VALUES (1)",
                "PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = OFF",
                "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM",
                "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = FULL; VACUUM"):
        yield f"another tool: {sql}", "harmless", lambda trials, sql=sql: trials.sql(sql), None


def files(lab):
    """Files that are no store, or have things beside them that do not belong there."""
    store = lab.store

    def beside(suffix):
        return pathlib.Path(f"{store}{suffix}")

    def replace(make):
        def act(_):
            store.unlink()
            make()
        return act

    def database(sql):
        def make():
            other = sqlite3.connect(store)
            other.executescript(sql)
            other.close()
        return make

    def sparse():
        store.write_bytes(store.read_bytes()[:100])
        os.truncate(store, 1 << 34)

    harmless = {
        "a symbolic link": lambda _: (store.rename(lab.folder / "real"), store.symlink_to("real")),
        "a write-ahead log of garbage": lambda _: beside("-wal").write_bytes(os.urandom(40_000)),
        "an empty write-ahead log": lambda _: beside("-wal").write_bytes(b""),
        "a shared index of garbage": lambda _: beside("-shm").write_bytes(os.urandom(32_768)),
        "an empty journal": lambda _: beside("-journal").write_bytes(b""),
    }
    for name, action in harmless.items():
        yield name, "harmless", action, None
    magic = "PRAGMA application_id = 0x416E6C73; PRAGMA user_version = 1;"
    refused = {
        "an empty file": replace(lambda: store.write_bytes(b"")),
        "a text": replace(lambda: store.write_text("Dear diary, " * 1000)),
        "a folder": replace(store.mkdir),
        "a pipe": replace(lambda: os.mkfifo(store)),
        "a device": replace(lambda: store.symlink_to("/dev/zero")),
        "another database": replace(database("CREATE TABLE event (seq INTEGER PRIMARY KEY)")),
        "a database with the mark of a store": replace(database(f"{magic} CREATE TABLE t (x)")),
        "views that never end": replace(database(
            f"{magic} CREATE VIEW event {ENDLESS}; CREATE VIEW projection {ENDLESS};"
            f" CREATE VIEW batch {ENDLESS}; CREATE VIEW name {ENDLESS};")),
        "a header and nothing": lambda _: sparse(),
        "the first page alone": lambda _: os.truncate(store, 8192),
        "half the file": lambda _: os.truncate(store, store.stat().st_size // 2),
        "a hard link": lambda _: os.link(store, lab.folder / f"{store.name}-twin"),
        "a journal of another program": lambda _: beside("-journal").write_bytes(os.urandom(9000)),
    }
    for name, action in refused.items():
        yield name, "refused", action, None
    for suffix in ("-journal", "-wal", "-shm", ".lock"):
        # Whoever opens a pipe waits until somebody opens the other end.
        yield f"a pipe with the name {suffix}", "bounded", lambda _, s=suffix: os.mkfifo(beside(s)), None
    yield "a lock that is a symbolic link", "bounded", lambda _: beside(".lock").symlink_to("it"), None


def log_of_another(lab):
    """The write-ahead log of a store that was made in the same way."""
    for path in lab.folder.glob("another.annals*"):
        path.unlink()
    other = lab.folder / "another.annals"
    lab.must("init", str(other))
    reader = sqlite3.connect(other, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM event").fetchall()
    lab.must("append", "actor.registered", "actor=USA", "kind=state", "name=Else", "-s", str(other))
    log = pathlib.Path(f"{other}-wal").read_bytes()
    reader.close()
    return log
