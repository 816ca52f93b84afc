#!/usr/bin/env python3
"""Looks whether the views, and what is answered from them, follow from the log and from nothing else.

    Scripts/survival/determinism.py [--short | --long] [--rounds N] [--seed N] [--annals PATH]

Each round makes a record: the shipped one, with random statements, stances, votes, corrections,
retractions and an erasure behind it. The same log is then brought about in other ways: imported in
batches of random sizes with the views taken along, restored exactly from its export, copied by
backup, and rebuilt by replay, twice, each in a process of its own. Swift's hash tables are seeded
anew in each process, so that any order that leaks from one shows; once they are told not to be
(SWIFT_DETERMINISTIC_HASHING). The rows of every stored view, a user's own included, must be the
same byte for byte, and so must the answers of every command that reads.

The seed fixes the records; the hash seeds of the processes it cannot fix. Exit code 1 on any
anomaly. Needs Python 3 and nothing else.
"""

import hashlib
import json
import pathlib
import random
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import program  # noqa: E402

TOPIC = "ukraine-integrity"
CHOICES = ["yes", "no", "abstain", "not-voting"]

SPEAKERS = """-- projection: speakers
-- version: 1
CREATE TABLE speaker_count (speaker TEXT PRIMARY KEY, count INTEGER, last INTEGER) STRICT;
-- on statement.made
INSERT INTO speaker_count VALUES ($speaker, 1, :seq)
ON CONFLICT DO UPDATE SET count = count + 1, last = :seq;
-- on fact.retracted
UPDATE speaker_count SET count = count - 1 WHERE last = :target;
"""

# What is asked of each store; no answer tells when or in which batch an event was recorded, once
# the members that do are taken out.
QUESTIONS = [
    f"show USA {TOPIC}", f"audit USA {TOPIC}", f"timeline {TOPIC}", "timeline USA", "health -n 999",
    "rollcalls", "rollcall un-ga/ES-11/7", "swings", "actor USA", "source kremlin-praises-us",
    "agreement USA RUS", f"compare USA RUS {TOPIC}", "list actors", "list topics", "list sources",
    f"diff USA {TOPIC} --on 2022-12-31..2025-06-01", "search vote", "log USA",
]
# Members that say when and by whom something was recorded, and what stands for it.
RECORDING = {"recorded", "batch", "known_by", "hash", "leaf", "leaf_hash", "salt", "commitment"}


class Round:
    """One record, and the ways in which it comes about."""

    def __init__(self, lab, seed, questions):
        self.lab = lab
        self.choose = random.Random(seed)
        self.questions = self.choose.sample(QUESTIONS, questions)
        self.stores = 0

    def new_store(self):
        """The path of the next store, with the commands to work on it by default."""
        self.stores += 1
        path = self.lab.folder / f"{self.stores}.annals"
        self.lab.environment["ANNALS_STORE"] = str(path)
        return path

    def lines(self):
        """What follows upon the shipped record: facts, and amendments of some of them."""
        made, levels, choose = [], {}, self.choose
        for number in range(choose.randint(40, 120)):
            identity = "00000000-0000-8000-8000-%012x" % number
            actor = choose.choice(["USA", "RUS", "UKR", "CHN", "FRA", "GBR"])
            on = f"2025-{choose.randint(1, 12):02}-{choose.randint(1, 28):02}"
            kind = choose.random()
            line = {"id": identity, "on": on}
            if kind < 0.4:
                line |= {"type": "stance.changed", "data": {
                    "actor": actor, "topic": TOPIC, "basis": "declared",
                    "level": choose.randint(-2, 2)}}
            elif kind < 0.7 or not made:
                line |= {"type": "statement.made", "data": {
                    "speaker": "dmitry-peskov", "kind": "quote", "text": f"said {number}",
                    "about": {"topics": [TOPIC], "actors": [actor]}}}
            else:
                target = choose.choice(made)
                line = {"id": identity, "reason": f"because {number}", "target": target["id"]}
                if target["type"] == "stance.changed" and kind < 0.9:
                    # A correction that changes nothing is refused.
                    known = levels.get(target["id"], target["data"]["level"])
                    level = choose.choice([other for other in range(-2, 3) if other != known])
                    levels[target["id"]] = level
                    line |= {"type": "fact.corrected", "data": {"level": level}}
                else:
                    line |= {"type": "fact.retracted", "data": {}}
                    made.remove(target)
            if line["type"] in ("stance.changed", "statement.made"):
                made.append(line)
            yield line

    # The ways

    def in_one(self, lines):
        self.lab.must("import", "-", text="".join(lines))

    def in_pieces(self, lines):
        """Batches of random sizes, with the views read or rebuilt in between."""
        at = 0
        while at < len(lines):
            size = self.choose.choice([1, 3, 20, 60])
            self.lab.must("import", "-", text="".join(lines[at:at + size]))
            at += size
            if self.choose.random() < 0.2:
                self.lab.must(*self.choose.choice([["replay"], ["log", "--limit", "5"]]))

    # What must be the same

    def digests(self, store):
        """By table, the digest of its rows; `replay` has brought the views to the head."""
        self.lab.must("replay")
        self.lab.must("replay", "--check")
        database = sqlite3.connect(store)
        found = {}
        for (tables,) in database.execute("SELECT tables FROM projection ORDER BY name").fetchall():
            for table in tables.split():
                rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
                rows = sorted(rows, key=repr)
                found[table] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
        database.close()
        return found

    def answers(self):
        found = {}
        for question in self.questions:
            status, output, errors = self.lab.run(*question.split(), "-o", "json")
            if status != 0:
                self.lab.anomaly(f"annals {question} ended with {status}: {errors.strip()}")
                continue
            found[question] = without_recording(json.loads(output))
        return found

    def repeated(self, times):
        """The same questions to the same store in other processes: the same bytes, in every format."""
        for question in self.questions + [f"report USA RUS {TOPIC}", f"report USA {TOPIC} --format svg"]:
            outputs = {self.lab.run(*question.split())[1] for _ in range(times)}
            if len(outputs) != 1:
                self.lab.anomaly(f"annals {question}: {len(outputs)} different answers")

    def run(self, times):
        lab = self.lab
        store = self.new_store()
        lab.must("init", str(store), "--demo")
        shipped = lab.must("export").splitlines(keepends=True)
        fresh = [json.dumps(line) + "\n" for line in self.lines()]
        self.in_pieces(fresh)
        kept = lab.must("export").splitlines(keepends=True)
        # What is said about a fact is erased with it, and not alone.
        facts = [
            event["seq"] for event in map(json.loads, kept[len(shipped):]) if "target" not in event]
        erased = str(self.choose.choice(facts))
        expected = self.compare("taken along", store, None)
        self.repeated(times)

        other = self.new_store()
        lab.must("init", str(other))
        self.in_one(kept)
        self.compare("in one import", other, expected)
        other = self.new_store()
        lab.must("init", str(other))
        self.in_pieces(kept)
        self.compare("in pieces", other, expected)

        # Erased payloads leave no trace in the views either.
        lab.environment["ANNALS_STORE"] = str(store)
        lab.must("erase", erased, "--reason", "law")
        expected = self.compare("after erasing", store, None)
        export = lab.must("export")
        for hashing in (None, "1"):
            if hashing:
                lab.environment["SWIFT_DETERMINISTIC_HASHING"] = hashing
            lab.must("replay")
            self.compare(f"replayed{' without hash seeds' if hashing else ''}", store, expected)
        del lab.environment["SWIFT_DETERMINISTIC_HASHING"]
        copy = self.lab.folder / f"{self.stores}.backup"
        lab.must("backup", str(copy))
        other = self.new_store()
        lab.must("init", str(other))
        lab.must("import", "-", "--exact", text=export)
        for name, path in (("restored exactly", other), ("backed up", copy)):
            lab.environment["ANNALS_STORE"] = str(path)
            self.compare(name, path, expected)
        for path in list(lab.folder.glob("*.annals*")) + list(lab.folder.glob("*.backup*")):
            path.unlink()

    def compare(self, name, store, expected):
        """What a store says; told of where it is not what was expected."""
        found = self.digests(store), self.answers()
        if expected is None:
            if not any(count for count, _ in found[0].values()) or "speaker_count" not in found[0]:
                self.lab.anomaly(f"{name}: the views are empty: {found[0]}")
            return found
        for what, one, other in zip(("table", "answer"), expected, found):
            for key in sorted(set(one) | set(other)):
                if one.get(key) != other.get(key):
                    self.lab.anomaly(f"{name}: another {what} {key}")
        return found


def without_recording(value):
    """An answer without what tells of the recording."""
    if isinstance(value, dict):
        return {
            key: without_recording(item) for key, item in value.items() if key not in RECORDING}
    if isinstance(value, list):
        return [without_recording(item) for item in value]
    return value


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--rounds", type=int)
    given = parser.parse_args()
    rounds = given.rounds or (1 if given.short else 100)
    print(f"seed {given.seed}")

    lab = program.Lab(program.find(given.annals), "determinism")
    lab.write_view("speakers", SPEAKERS)
    start = time.monotonic()
    stores = 0
    for number in range(rounds):
        one = Round(lab, given.seed + number, 6 if given.short else len(QUESTIONS))
        one.run(2 if given.short else 4)
        stores += one.stores
        if lab.anomalies:
            print(f"--seed {given.seed + number} --rounds 1 makes it again")
            break
    seconds = time.monotonic() - start
    print(f"{number + 1} records in {stores} stores, {seconds:.0f} s")
    lab.finish()


if __name__ == "__main__":
    main()
