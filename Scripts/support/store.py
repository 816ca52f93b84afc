"""Reads a store with SQLite as Python brings it: a second opinion, quick enough for every crash state."""

import hashlib
import json
import marshal
import sqlite3

# The store's tables are STRICT.
IS_NEW_ENOUGH = sqlite3.sqlite_version_info >= (3, 37)

# What every store takes, an empty one too.
SURVIVOR = ("append", "actor.registered", "actor=survivor", "kind=person", "name=Survivor")


class Reading:
    """What a store holds; `fault` says why it could not be read, or what is wrong with its file."""

    def __init__(self, path):
        self.fault = None
        self.digest = None
        self.ids = []
        self.batches = []
        try:
            database = sqlite3.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            self.fault = str(error)
            return
        # Names and payloads are compared, not read.
        database.text_factory = bytes
        try:
            self.read(database)
        except sqlite3.Error as error:
            self.fault = str(error)
        finally:
            database.close()

    def read(self, database):
        verdict = database.execute("PRAGMA integrity_check").fetchall()
        if verdict != [(b"ok",)]:
            self.fault = f"integrity_check: {verdict[:3]}"
        rows = database.execute("SELECT seq, lower(hex(id)), batch FROM event ORDER BY seq").fetchall()
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            self.fault = "positions have gaps"
        self.ids = [row[1].decode() for row in rows]
        self.batches = [row[2] for row in rows]
        hashed = hashlib.blake2b(digest_size=16)
        names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        for name, in names.fetchall():
            hashed.update(name)
            table = name.decode().replace('"', '""')
            rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
            # Version 2 depends on the values alone, not on which of them are one object.
            hashed.update(marshal.dumps(rows, 2))
        self.digest = hashed.digest()


def examine(lab, path, reading):
    """What the program itself says of a store that was read: a list of faults. Appends one event."""
    faults = []

    def run(*arguments):
        status, output, errors = lab.run(*arguments, "-s", str(path))
        if status != 0:
            faults.append(f"annals {' '.join(arguments)} ended with {status}: {errors.strip()}")
        return output

    def exported():
        return [(event["seq"], event["id"].replace("-", ""))
                for event in map(json.loads, run("export").splitlines())]

    stored = list(enumerate(reading.ids, 1))
    if exported() != stored:
        faults.append("export differs from the file's own rows")
    run("doctor")
    run("replay", "--check")
    if lab.knows("verify"):
        run("verify")
    receipt = run(*SURVIVOR).split("\t")
    position, identity = len(stored) + 1, receipt[1].replace("-", "") if receipt[1:] else None
    if receipt[0] != str(position) or exported() != [*stored, (position, identity)]:
        faults.append(f"a further append does not stand at #{position}: {receipt}")
    return faults
