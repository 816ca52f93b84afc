"""What attacks and bit-flips share: a store in the hands of somebody with another tool and time.

The forger edits rows behind the guards, puts the guards back, and can compute every leaf hash and the
tree anew, so that the file agrees with itself again. What it hashes it learns from the documented view
`log` and the formulas of the independent verifier, not from the program.
"""

import pathlib
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "verifier"))
import annals_verify  # noqa: E402

# The tree is stored from this level on; see Schema/sqlite.
LOWEST_LEVEL = 8

# What an edit of anything to anything may end with.
UNDONE = (
    sqlite3.Error, annals_verify.Refused, AttributeError, KeyError, OverflowError, TypeError,
    ValueError)


class Forger:
    """A store opened for writing by a program that is not ours."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA recursive_triggers = ON")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.database.in_transaction:
            self.database.execute("ROLLBACK")
        self.close()

    def close(self):
        """What was written goes into the file, and nothing is left beside it."""
        if self.database.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.database.close()

    def run(self, sql, *values):
        return self.database.execute(sql, values).fetchall()

    def behind_guards(self, *statements):
        """Runs statements with all triggers away, which come back as they were."""
        triggers = self.run("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        self.database.execute("BEGIN")
        for name, _ in triggers:
            self.database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            if isinstance(statement, str):
                statement = (statement, ())
            self.database.execute(*statement)
        for _, sql in triggers:
            self.database.execute(sql)
        self.database.execute("COMMIT")

    def leaves(self):
        return [leaf for leaf, in self.run("SELECT leaf FROM event ORDER BY seq")]

    def rehash(self, with_tree=True):
        """Gives every event the leaf hash of what it says now, and the tree the hashes of them."""
        identities = dict(self.run("SELECT seq, id FROM log"))
        rows = self.run(
            "SELECT log.seq, event.batch, log.type, log.on_text, recorded, recorder, log.note, log.id,"
            " log.body, event.body, event.salt, event.targets FROM log JOIN event USING (seq)")
        edits, leaves = [], []
        for (seq, batch, type, on, recorded, recorder, note, identity, body, stored, salt,
             targets) in sorted(rows):
            name, _, version = type.rpartition(".v")
            header = {
                "batch": batch, "id": uuid(identity), "recorded": recorded, "recorder": recorder,
                "seq": seq, "type": name, "version": int(version)}
            if stored[:2] == b"\0\0":
                header["body"] = stored[2:].hex()
            else:
                payload = annals_verify.parse_json(body, f"#{seq}")
                header["body"] = annals_verify.commitment(salt.hex(), payload)
            header |= {"on": on} if on is not None else {}
            header |= {"note": note} if note is not None else {}
            if targets:
                header["target"] = [uuid(identities[place]) for place in leb128(targets)]
            leaves.append(annals_verify.leaf_hash(annals_verify.canonical(header)))
            edits.append(("UPDATE event SET leaf = ? WHERE seq = ?", (leaves[-1], seq)))
        if with_tree and self.run("SELECT 1 FROM sqlite_schema WHERE name = 'tree'"):
            edits.append("DELETE FROM tree")
            edits += [
                ("INSERT INTO tree VALUES (?, ?, ?)", node) for node in self.nodes(leaves)]
        self.behind_guards(*edits)

    @staticmethod
    def nodes(leaves):
        """The perfect subtrees that a store keeps: level, number, hash."""
        level, hashes = 0, leaves
        while len(hashes) > 1:
            hashes = [
                annals_verify.node_hash(left, right)
                for left, right in zip(hashes[::2], hashes[1::2])]
            level += 1
            if level >= LOWEST_LEVEL:
                yield from ((level, number, value) for number, value in enumerate(hashes))


def uuid(digits):
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def leb128(data):
    """The numbers in a column of LEB128."""
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    return numbers
