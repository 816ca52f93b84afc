#!/usr/bin/env python3
"""Damages a store bit by bit, and looks whether verify finds each damage and says where it is.

    Scripts/survival/bit-flips.py [--short | --long] [--flips N] [--part I/N] [--jobs N] [--seed N]
                                  [--annals PATH]

A closed store with every kind of row is changed in one place at a time:

  flips     one bit; --short: a random sample, --long: each bit of the file
  pages     a page copied over another, two pages swapped, a page of zeros, the file cut
  cells     one value of one row, set by another tool behind the guards; as it is, and with all leaf
            hashes and the tree made to fit, which only a checkpoint from before can show

What each of them changes is first read with another program's SQLite: every row of every table, every
index in its own order, and whether a search finds what a scan finds. Then:

  what reads otherwise, or cannot be read, must be found by verify, or keep the store from opening; of
    changed events at least one must be named, of anything else the event, table, index or view; an
    event that is only stored in other words, and that export gives as it was, reads the same
  what reads the same must not be told of wrongly: verify finds nothing, or says that the file is
    damaged, and export gives every event or fails; tried for a sample only, since the page's owner has
    been read again and is the same

No command may crash or take longer than 20 seconds. Exit code 1 on any anomaly. Needs Python 3.11,
whose SQLite is 3.37 or newer and has dbstat.
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import anatomy  # noqa: E402
import forge  # noqa: E402
import program  # noqa: E402

PATIENCE = 20
CODES = "E1403 E1404 E1405 E1406 E1409".split()


def events():
    """At least one row in each table, and a payload that takes more than a page."""
    yield {"type": "actor.registered", "data": {"actor": "USA", "kind": "state", "name": "America"}}
    yield {"type": "actor.registered", "data": {"actor": "peskov", "kind": "person", "name": "Peskov"}}
    yield {"type": "actor.registered", "data": {"actor": "ga", "kind": "body", "name": "Assembly"}}
    yield {"type": "topic.defined", "data": {
        "topic": "integrity", "proposition": "Borders hold."}}
    yield {"type": "source.captured", "data": {"source": "list", "title": "A list"}}
    yield {"type": "motion.tabled", "on": "2024-01-01", "data": {
        "motion": "m", "body": "ga", "title": "A motion"}}
    for number in range(3):
        yield {"type": "rollcall.held", "on": f"2024-01-0{number + 1}", "data": {
            "rollcall": f"r/{number}", "motion": "m", "body": "ga", "method": "recorded",
            "result": "adopted"}}
        for voter in ("USA", "peskov"):
            yield {"type": "vote.cast", "on": f"2024-01-0{number + 1}", "data": {
                "rollcall": f"r/{number}", "voter": voter, "choice": ["yes", "no"][number % 2]}}
    for number in range(3):
        yield {"type": "stance.changed", "on": f"202{number}-02~", "note": "ü 😂", "data": {
            "actor": "USA", "topic": "integrity", "level": number - 1, "basis": "declared"}}
    for number in range(12):
        yield {"type": "statement.made", "on": "2024-05-01/..", "data": {
            "speaker": "peskov", "kind": "quote", "text": f"statement {number}"}}
    yield {"type": "statement.made", "sources": [{"source": "list", "locator": "7"}], "data": {
        "speaker": "peskov", "kind": "quote", "text": "a long one " * 1000}}


class Patient:
    """The store that is damaged over and over, and the program that is to notice."""

    def __init__(self, lab, name):
        self.lab = lab
        self.name = name
        with forge.Forger(lab.store):
            pass
        self.data = lab.store.read_bytes()
        self.log = lab.must("export")
        self.anatomy = anatomy.Anatomy(self.data)
        self.key = lab.must("key", "new", str(lab.folder / f"{name}.key"), "--name", "b").strip()
        self.checkpoint = lab.folder / f"{name}.checkpoint"
        lab.must(
            "checkpoint", "--key", str(lab.folder / f"{name}.key"), "--out", str(self.checkpoint))
        self.tally = collections.Counter()
        self.events = {"event"} | {f"#{number + 1}" for number in range(self.log.count("\n"))}

    def run(self, path, *arguments):
        """A command on a store of its own; what may not happen to any is an anomaly."""
        process = self.lab.start(*arguments, "--store", str(path))
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "hangs", "", ""
        if process.returncode < 0 or process.returncode == 2:
            return "crashes", "", errors.decode("utf-8", "replace")
        return process.returncode, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")

    def examine(self, what, data, found, with_checkpoint=False):
        """Lets the program look at `data`, in which `found` reads otherwise."""
        path = self.lab.folder / f"{self.name}-{os.getpid()}-{id(data)}.annals"
        path.write_bytes(data)
        arguments = ["verify"]
        if with_checkpoint:
            arguments += ["--checkpoint", str(self.checkpoint), "--key", self.key]
        try:
            status, output, errors = self.run(path, *arguments)
            said = output + errors
            if not isinstance(status, int):
                self.lab.anomaly(f"{self.name}, {what}: verify {status}: {errors}")
            elif status != 0 and not re.search(r"E1[45]\d\d", errors):
                self.lab.anomaly(f"{self.name}, {what}: verify ends with {status}: {said}")
            elif status == 0 and found == {"projection"}:
                # How far a view has read is no part of the log: it is folded anew where that differs.
                self.check_healing(what, path)
            elif status == 0 and found and found <= self.events and self.run(
                    path, "export") == (0, self.log, ""):
                self.tally["events in other words"] += 1
            elif status == 0 and found != set():
                self.lab.anomaly(f"{self.name}, {what}: not found by verify: {self.describe(found)}")
            elif status != 0 and found and not with_checkpoint and not self.is_located(found, said):
                self.lab.anomaly(f"{self.name}, {what}: {self.describe(found)}, not named: {said}")
            if found == set():
                self.check_reading(what, path)
            return status
        finally:
            for file in self.lab.folder.glob(f"{path.name}*"):
                file.unlink()

    def check_healing(self, what, path):
        for arguments in (["replay"], ["verify"]):
            status, output, errors = self.run(path, *arguments)
            if status != 0:
                self.lab.anomaly(
                    f"{self.name}, {what}: {arguments[0]} ends with {status}: {output}{errors}")

    def check_reading(self, what, path):
        status, output, errors = self.run(path, "export")
        if status == 0 and output != self.log:
            self.lab.anomaly(f"{self.name}, {what}: export gives something else")
        elif status != 0 and not any(code in errors for code in CODES):
            self.lab.anomaly(f"{self.name}, {what}: export ends with {status}: {errors}")

    @staticmethod
    def is_located(found, said):
        """An event, an object, or that the whole file is none any more."""
        if any(code in said for code in ("E1403", "E1404", "E1405", "E1406")) and "#" not in said:
            return True
        positions = {name for name in found if name.startswith("#")}
        named = set(re.findall(r"#\d+", said))
        for first, last in re.findall(r"#(\d+) to #(\d+)", said):
            named |= {f"#{number}" for number in range(int(first), int(last) + 1)}
        if positions & named or re.search(r"\bevent\.\w+|\b(page|row) \d+", said):
            return True
        return not positions and bool(named or re.search("view|index|not what the log gives", said))

    @staticmethod
    def describe(found):
        return "cannot be read" if found is None else ", ".join(sorted(found)[:5])


class Damage:
    """Everything that is done to one store."""

    def __init__(self, patient, pool, seed):
        self.patient = patient
        self.pool = pool
        self.random = random.Random(seed)
        self.waiting = set()

    def submit(self, *arguments, **more):
        if len(self.waiting) > 16:
            done, self.waiting = concurrent.futures.wait(
                self.waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for one in done:
                one.result()
        self.waiting.add(self.pool.submit(self.patient.examine, *arguments, **more))

    def finish(self):
        for one in concurrent.futures.wait(self.waiting).done:
            one.result()
        self.waiting = set()

    def flips(self, bits, sample):
        """`sample` is the share of the flips without effect that the program is shown, too."""
        tally, original = self.patient.tally, self.patient.data
        for bit in bits:
            data = bytearray(original)
            data[bit // 8] ^= 1 << bit % 8
            found = self.patient.anatomy.difference(data, bit // 8)
            kind = "malformed" if found is None else "changed" if found else "without effect"
            owner = self.patient.anatomy.owner(bit // 8) or "free pages"
            tally[f"flips, {kind}"] += 1
            if found == set() and self.random.random() >= sample:
                continue
            tally["flips shown to verify"] += 1
            self.submit(f"bit {bit} ({owner}, byte {bit // 8})", data, found)
        self.finish()

    def pages(self, count):
        size, original = self.patient.anatomy.page_size, self.patient.data
        pages = range(len(original) // size)
        cases = [(kind, a, b) for a in pages for b in pages if a != b for kind in ("copy", "swap")]
        cases += [("zeros", a, a) for a in pages]
        cases += [("cut", a * size + more, 0) for a in pages for more in (0, 1, 100, size - 1)]
        for kind, a, b in self.random.sample(cases, min(count, len(cases))):
            data = bytearray(original)
            first, second = slice(a * size, (a + 1) * size), slice(b * size, (b + 1) * size)
            if kind == "cut":
                del data[a:]
            elif kind == "zeros":
                data[first] = bytes(size)
            else:
                data[second] = original[first]
                if kind == "swap":
                    data[first] = original[second]
            found = self.patient.anatomy.difference(data)
            self.patient.tally["pages"] += 1
            self.submit(f"{kind} of {a} and {b}", data, found)
        self.finish()

    def cells(self, count):
        """Values of rows, set with another tool."""
        path = self.patient.lab.folder / f"{self.patient.name}-cells.annals"
        for _ in range(count):
            path.write_bytes(self.patient.data)
            with forge.Forger(path) as forger:
                edit = self.cell(forger)
                what = f"{edit[0]} {edit[1]}"
                rehashes = self.random.random() < 0.3
                try:
                    forger.behind_guards(edit)
                    if rehashes:
                        forger.rehash()
                except forge.UNDONE:
                    continue  # constraints that no other tool gets around, or nothing to hash
            data = path.read_bytes()
            found = self.patient.anatomy.difference(data)
            self.patient.tally["cells, hashes made to fit" if rehashes else "cells"] += 1
            self.submit(what, data, found, with_checkpoint=rehashes)
        self.finish()
        path.unlink(missing_ok=True)

    def cell(self, forger):
        tables = [name for name, in forger.run(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        tables += ["event", "batch", "tag", "name"] * 4
        while True:
            table = self.random.choice(tables)
            columns = forger.run(f"PRAGMA table_info({table})")
            rows = forger.run(f"SELECT * FROM {table}")
            if rows:
                break
        row, column = self.random.choice(rows), self.random.randrange(len(columns))
        value = row[column]
        if value is None:
            value = self.random.choice([1, "2024", b"\1"])
        elif isinstance(value, int):
            value += self.random.choice([1, -1, 86400, 1 << 40])
        elif isinstance(value, str):
            value = self.random.choice([value + "x", value[:-1], value.swapcase()])
        else:
            changed = bytearray(value or b"\0")
            changed[self.random.randrange(len(changed))] ^= 1 << self.random.randrange(8)
            value = bytes(changed)
        keys = [(c[1], row[c[0]]) for c in columns if c[5]]
        where = " AND ".join(f"{name} IS ?" for name, _ in keys)
        return (
            f"UPDATE {table} SET {columns[column][1]} = ? WHERE {where}",
            (value, *(key for _, key in keys)))


def make(lab):
    """The two stores: a small one, and one with nodes of the tree."""
    lab.must("init", str(lab.store))
    lab.must("import", "-", "--note", "a note", text="".join(json.dumps(e) + "\n" for e in events()))
    position = lab.must("log", "-n", "1", "-o", "ndjson")
    head = json.loads(position)["seq"]
    lab.must("correct", f"#{head - 1}", "--set", "text=corrected", "--reason", "misheard")
    lab.must("retract", f"#{head - 2}", "--reason", "never said")
    lab.must("erase", f"#{head - 3}", "--reason", "a court said so")
    lab.must("replay")
    yield Patient(lab, "small")
    for path in lab.folder.glob(f"{lab.store.name}*"):
        path.unlink()
    lab.must("init", str(lab.store), "--demo")
    lab.must("replay")
    yield Patient(lab, "with a tree")


def part(text):
    first, parts = map(int, text.split("/"))
    if not 1 <= first <= parts:
        raise ValueError
    return first, parts


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--flips", type=int, help="a random sample of so many, in each of two stores")
    parser.add_argument(
        "--part", metavar="I/N", type=part, default=(1, 1),
        help="--long: the Ith of N parts, each with a seed of its own, to be run side by side")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    first, parts = options.part

    if os.path.isdir("/dev/shm"):
        tempfile.tempdir = "/dev/shm"
    lab = program.Lab(program.find(options.annals), "bit-flips")
    print(f"seed {options.seed}, {lab.annals}")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for patient in make(lab):
            start = time.monotonic()
            damage = Damage(patient, pool, options.seed)
            count = 8 * len(patient.data)
            is_whole = options.long and patient.name == "small"
            wanted = options.flips or (100_000 if options.long else 300)
            bits = damage.random.sample(range(count), min(wanted // parts, count))
            damage.flips(
                range(first - 1, count, parts) if is_whole else bits,
                sample=0.01 if options.long else 0.2)
            damage.pages((10_000 if options.long else wanted // 4) // parts)
            damage.cells((5_000 if options.long else wanted // 4) // parts)
            done = ", ".join(f"{n:,} {kind}" for kind, n in sorted(patient.tally.items()))
            print(
                f"{patient.name}: {len(patient.data):,} bytes, {time.monotonic() - start:.0f} s: {done}")
    lab.finish()


main()
