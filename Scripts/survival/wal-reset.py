#!/usr/bin/env python3
"""Brings about the race in which SQLite before 3.51.3 loses pages, and looks whether the file lock prevents it.

    Scripts/survival/wal-reset.py [--short | --long] [--rounds N] [--seed N] [--annals PATH]

The race (sqlite.org/wal.html, "the WAL-reset bug"): a checkpoint reads the head of the write-ahead
log's index. Before it looks at anything else, an append starts the log anew from its first frame. The
checkpoint then counts frames as moved into the file that were not. Later frames in these places are
never moved, and their events are lost.

Programs are held at these places (../support/schedule.c) in this order:

  1. A reader keeps a snapshot. `checkpointer` is about to checkpoint.
  2. Two other programs append events and move the write-ahead log into the file, whole.
  3. `appender` has begun its transaction. `checkpointer` cannot have the writer's lock, so SQLite
     checkpoints without it, and reads the head of the index.
  4. `appender` commits, and with that starts the log anew. `checkpointer` goes on to its end.
  5. Another program appends, and moves the log into the file.

Under the file lock, the programs of step 2 must wait while `checkpointer` is held, and in the end every
acknowledged event must be there. Without the lock (flock answers 0 and locks nothing), the same order
must come about, and must lose an event or damage the file: otherwise this test would show nothing.
Where SQLite has the fix, that half is left out.

--short does one round, --long 100; their events differ in number and length. Exit code 1 on any
anomaly. Needs Linux, Python 3, a C compiler and SQLite's header.
"""

import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import time
import uuid

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import program  # noqa: E402
import store  # noqa: E402
import workloads  # noqa: E402

# How long a program that can go on may take, at most; and how long one is watched to see it wait.
PATIENCE = 30
WATCHED = 1.0


class Round:
    """One store, and the order of the steps above."""

    def __init__(self, lab, library, number, seed, has_lock):
        self.lab = lab
        self.has_lock = has_lock
        self.folder = lab.folder / f"round-{number}-{'with' if has_lock else 'without'}"
        self.folder.mkdir()
        self.store = self.folder / "un.annals"
        self.random = random.Random(f"{seed}/{number}")
        self.acknowledged = {}
        self.damage = None
        self.environment = dict(
            lab.environment, ANNALS_STORE=str(self.store), LD_PRELOAD=str(library),
            SCHEDULE_FOLDER=str(self.folder), SCHEDULE_PATIENCE=str(PATIENCE))
        if not has_lock:
            self.environment["SCHEDULE_WITHOUT_LOCK"] = "1"

    def start(self, name, lines, holds=""):
        environment = dict(self.environment, SCHEDULE_NAME=name)
        if holds:
            environment["SCHEDULE_HOLD"] = holds
        process = subprocess.Popen(
            [self.lab.annals, "import", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment, cwd=self.folder)
        process.stdin.write(lines.encode())
        process.stdin.close()
        process.stdin = None
        return process

    def end(self, process):
        """Waits for the end of a program; its receipts are promises."""
        output, errors = process.communicate(timeout=3 * PATIENCE)
        told = errors.decode()
        if not self.has_lock and "error[E1405]" in told:
            # Pages are lost, and a program noticed that before this script reads the file.
            self.damage = told.splitlines()[0]
        elif process.returncode != 0:
            self.lab.anomaly(f"{process.args[1:]} ended with {process.returncode}: {told}")
        for line in output.decode().splitlines():
            position, identity = line.split("\t")[:2]
            self.acknowledged[int(position)] = identity.replace("-", "")

    def lines(self, count):
        """So many new events."""
        events = []
        for _ in range(count):
            identity = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
            text = "it was " + "said " * self.random.randint(1, 40)
            events.append({
                "id": identity, "type": "statement.made",
                "data": {"speaker": "dmitry-peskov", "kind": "quote", "text": text}})
        return "".join(json.dumps(event) + "\n" for event in events)

    def wait_for(self, *places):
        """True once a program is held at the place."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if all((self.folder / place).exists() for place in places):
                return True
            time.sleep(0.005)
        return False

    def go(self, *places):
        for place in places:
            (self.folder / f"{place}.go").touch()

    def run(self):
        """Whether the order came about."""
        self.lab.must("init", str(self.store), "--demo")
        known = self.lines(1)
        self.end(self.start("first", known))
        reader = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, isolation_level=None)
        snapshot(reader)
        # What it is to append is there already: it has nothing to do but to checkpoint at its end.
        checkpointer = self.start("checkpointer", known, "checkpoint,header")
        if not self.wait_for("checkpointer.checkpoint"):
            self.lab.anomaly("the checkpointer has not come to its checkpoint")
        writers = [self.start("second", self.lines(self.random.randint(20, 60)))]
        try:
            writers[0].wait(WATCHED if self.has_lock else PATIENCE)
        except subprocess.TimeoutExpired:
            # It waits for the lock that the checkpointer has: the order cannot come about.
            self.go("checkpointer.checkpoint", "checkpointer.header")
            for process in [checkpointer, *writers, self.start("last", self.lines(1))]:
                self.end(process)
            reader.close()
            return False
        snapshot(reader)
        writers.append(self.start("third", known))
        for process in writers:
            self.end(process)
        reader.execute("ROLLBACK")
        appender = self.start("appender", self.lines(1), "write")
        has_come = self.wait_for("appender.write")
        self.go("checkpointer.checkpoint")
        has_come = has_come and self.wait_for("checkpointer.header")
        self.go("appender.write")
        self.end(appender)
        self.go("checkpointer.header")
        self.end(checkpointer)
        self.end(self.start("last", self.lines(1)))
        reader.close()
        return has_come

    def fault(self):
        """What of the log is lost or damaged, if anything is."""
        if self.damage:
            return self.damage
        reading = store.Reading(self.store)
        if reading.fault:
            return reading.fault
        for position, identity in sorted(self.acknowledged.items()):
            if reading.ids[position - 1:position] != [identity]:
                return f"acknowledged at #{position}, and not there: {identity}"
        return None


def snapshot(reader):
    if reader.in_transaction:
        reader.execute("ROLLBACK")
    reader.execute("BEGIN").execute("SELECT count(*) FROM event").fetchone()


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--rounds", type=int, help="100; --short: 1")
    options = parser.parse_args()
    rounds = options.rounds or (1 if options.short else 100)
    lab = program.Lab(program.find(options.annals), "wal-reset")
    print(f"seed {options.seed}, {lab.annals}, SQLite {sqlite3.sqlite_version}")
    library = workloads.compile_library(lab.folder, "schedule.c", "-lsqlite3")
    if not library or not store.IS_NEW_ENOUGH:
        lab.skip("there is no C compiler or no sqlite3.h, this is not Linux, or Python's SQLite is old")
    start = time.monotonic()
    lost, example = 0, ""
    for number in range(rounds):
        guarded = Round(lab, library, number, options.seed, has_lock=True)
        if guarded.run():
            lab.anomaly(f"round {number}: the order came about under the file lock")
        if fault := guarded.fault():
            lab.anomaly(f"round {number}, under the file lock: {fault}")
        if sqlite3.sqlite_version_info >= workloads.FIXED:
            continue
        free = Round(lab, library, number, options.seed, has_lock=False)
        if not free.run():
            lab.anomaly(f"round {number}: the order did not come about without the file lock")
        if fault := free.fault():
            lost, example = lost + 1, fault
    seconds = time.monotonic() - start
    print(f"{rounds:,} rounds in {seconds:.1f} s; without the file lock, {lost:,} lost something")
    if sqlite3.sqlite_version_info >= workloads.FIXED:
        print("this SQLite has the fix: the half without the lock was left out")
    elif lost < rounds:
        lab.anomaly(f"without the file lock only {lost} rounds lost anything: this run shows too little")
    else:
        print(f"for example: {example}")
    lab.finish()


main()
