#!/usr/bin/env python3
"""Opens stores of every format there has been with the program of today.

    Scripts/survival/upgrade.py [--short | --long] [--seed N] [--annals PATH]

Scripts/survival/stores has one store of each earlier format, closed as its program left it: the
record that ships with the program, then statements, a correction, a retraction, votes, a payload of
several pages, and a note on a batch. A store of today's format is made on the spot. Each

  is read as it is: same events, leaf hashes and root as when it was written, and no byte changed;
  is verified, also against the root that stands below;
  is upgraded by the first append, after which what was there before still has its hashes;
  is killed in the middle of that first append, 10 times (--long: 1000), and then is of the old format
    or of the new one, whole and readable;
  is refused by every command once it says that its format is newer, and is left as it is.

Exit code 1 on any anomaly. Needs Python 3 and nothing else.
"""

import hashlib
import lzma
import pathlib
import random
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "verifier")]
import annals_verify  # noqa: E402
import program  # noqa: E402

# The stores of both formats hold the same events.
FORMATS = (1, 2)
ROOT = "f768c6f7e2b1dd3b0bcb1ae9fb886d70e94b9452b731026a0010aa48ccbc2567"
NEW_FACT = [
    "append", "statement.made", "speaker=dmitry-peskov", "kind=quote", "text=written after the upgrade"]


class Fixture:
    """A store as an earlier program left it, unpacked anew for each trial."""

    def __init__(self, lab, name, original, root):
        self.lab = lab
        self.name = name
        self.original = original
        self.restore()
        with sqlite3.connect(f"file:{lab.store}?mode=ro", uri=True) as database:
            self.format = database.execute("PRAGMA user_version").fetchone()[0]
            self.leaves = [
                row[0] for row in database.execute("SELECT leaf FROM event ORDER BY seq")]
        database.close()
        self.root = annals_verify.tree_root(self.leaves).hex()
        if root not in (None, self.root):
            lab.anomaly(f"{name}: has the root {self.root}, not {root}")
        self.restore()

    def restore(self):
        for path in self.lab.folder.glob(f"{self.lab.store.name}*"):
            path.unlink()
        self.lab.store.write_bytes(self.original)

    def anomaly(self, text):
        self.lab.anomaly(f"{self.name}: {text}")

    def is_unchanged(self):
        return self.lab.store.read_bytes() == self.original

    def format_now(self):
        database = sqlite3.connect(self.lab.store)
        answer = database.execute("PRAGMA user_version").fetchone()[0]
        database.close()
        return answer

    def check_leaves(self, when):
        """What was there at first is there now, and says what its hashes say."""
        lines = self.lab.must("export").encode().splitlines()
        try:
            leaves = [annals_verify.export_leaf(line, place) for place, line in enumerate(lines, 1)]
        except annals_verify.Refused as error:
            self.anomaly(f"{when}, the export: {error}")
            return 0
        if leaves[:len(self.leaves)] != self.leaves:
            self.anomaly(f"{when}, leaf hashes are others than before")
        return len(leaves)


def check_reading(fixture):
    if fixture.check_leaves("as it was") != len(fixture.leaves):
        fixture.anomaly("as it was, not all events are read")
    fixture.lab.must("verify")
    fixture.lab.must("doctor")
    fixture.lab.must("show", "USA", "ukraine-integrity")
    if not fixture.is_unchanged():
        fixture.anomaly("reading has changed the file")


def check_upgrade(fixture, newest):
    fixture.restore()
    fixture.lab.must(*NEW_FACT)
    if fixture.format_now() != newest:
        fixture.anomaly(f"an append has left it in format {fixture.format_now()}")
    if fixture.check_leaves("upgraded") != len(fixture.leaves) + 1:
        fixture.anomaly("upgraded, there is not one event more")
    for command in (["verify"], ["doctor"], ["replay", "--check"]):
        fixture.lab.must(*command)
    fixture.lab.must(*NEW_FACT[:-1], "text=and once more")
    fixture.lab.must("verify")


def check_kills(fixture, newest, count, chance):
    """Kills the append that upgrades, at any moment of its life."""
    fixture.restore()
    start = time.monotonic()
    fixture.lab.must(*NEW_FACT)
    life = time.monotonic() - start
    found = {}
    for _ in range(count):
        fixture.restore()
        process = fixture.lab.start(*NEW_FACT)
        try:
            process.communicate(timeout=chance.uniform(0, 1.1 * life))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        format = fixture.format_now()
        found[format] = found.get(format, 0) + 1
        if format not in (fixture.format, newest):
            fixture.anomaly(f"a killed upgrade has left it in format {format}")
        events = fixture.check_leaves("after a killed upgrade")
        if events - len(fixture.leaves) not in (0, 1):
            fixture.anomaly(f"after a killed upgrade, there are {events} events")
        fixture.lab.must("verify")
        fixture.lab.must(*NEW_FACT)
        fixture.lab.must("verify")
    return ", ".join(f"{number} of format {format}" for format, number in sorted(found.items()))


def check_newer(fixture, newest):
    """A format that the program cannot know: with and without tables that it does not know."""
    for edit in ("", "CREATE TABLE later (x INTEGER) STRICT; INSERT INTO later VALUES (1);"):
        fixture.restore()
        database = sqlite3.connect(fixture.lab.store)
        database.executescript(f"{edit} PRAGMA user_version = {newest + 1};")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        for path in fixture.lab.folder.glob(f"{fixture.lab.store.name}-*"):
            path.unlink()
        before = hashlib.sha256(fixture.lab.store.read_bytes()).digest()
        for command in (
                ["verify"], ["doctor"], ["export"], ["log"], ["replay"], NEW_FACT,
                ["backup", "backup.annals"], ["retract", "#1", "--reason", "none"]):
            status, output, errors = fixture.lab.run(*command)
            if status != 65 or "E1406" not in errors + output:
                fixture.anomaly(f"newer, {command} ended with {status}: {errors.strip()}")
        if hashlib.sha256(fixture.lab.store.read_bytes()).digest() != before:
            fixture.anomaly("newer, it was changed")
        wal = pathlib.Path(f"{fixture.lab.store}-wal")
        if wal.exists() and wal.stat().st_size:
            fixture.anomaly("newer, something was written ahead of it")
        if (fixture.lab.folder / "backup.annals").exists():
            fixture.anomaly("newer, it was backed up")


def main():
    parser = program.parser(__doc__)
    options = parser.parse_args()

    lab = program.Lab(program.find(options.annals), "upgrade")
    print(f"seed {options.seed}, {lab.annals}")
    chance = random.Random(options.seed)
    lab.must("init", str(lab.store), "--demo")
    today = Fixture(lab, "today's format", lab.store.read_bytes(), None)
    fixtures = []
    for number in FORMATS:
        stored = (HERE / "stores" / f"format-{number}.annals.xz").read_bytes()
        fixtures.append(Fixture(lab, f"format {number}", lzma.decompress(stored), ROOT))
    for fixture in [*fixtures, today]:
        fixture.restore()
        check_reading(fixture)
        check_upgrade(fixture, today.format)
        killed = check_kills(fixture, today.format, 1000 if options.long else 10, chance)
        check_newer(fixture, today.format)
        print(
            f"{fixture.name}: format {fixture.format}, {len(fixture.leaves)} events, root"
            f" {fixture.root[:16]}…; after kills {killed}")
    lab.finish()


main()
