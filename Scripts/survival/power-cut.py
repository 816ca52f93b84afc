#!/usr/bin/env python3
"""Cuts the power, on paper: builds what the disk may hold after a cut, and looks whether a promise broke.

    Scripts/survival/power-cut.py [--short | --long] [--states 100000] [--workload NAME]...
                                  [--failed-syncs] [--size 3] [--sample 50] [--forget-syncs]
                                  [--seed N] [--annals PATH]

The real program works on a store under a recorder (../support/recorder.c) that notes each call which
changes its folder, and each line that the program prints. From the record, crash states are built:
at every point of it, with what was synced, and any part of what was not (../support/disk.py). Each is
opened with SQLite as Python brings it, which recovers it, and must

  pass SQLite's integrity check,
  hold, in all its tables, exactly what some commit left that was made before the cut,
  and not before the last one that the program had acknowledged, by a receipt or otherwise;
  have every acknowledged event under its id at its position, and all up to a head that was signed,
  and nowhere, not even in what is free, a payload whose erasure was acknowledged.

One in --sample states, and the first of each kind with files that are not usual, is also opened with
the program: doctor, export, replay --check, verify, and a further append. States are counted once, however often
they come up.

With --failed-syncs, the kinds of work are others: one sync of each command fails, whichever it is, the
same command is given once more, and others follow. The disk drops what a failed sync was to write, as
Linux does (../support/disk.py). Half of the cuts come right behind what the program prints. Besides,
a head that a key has signed must stand in the memory of the key.

With --forget-syncs the disk ignores every sync: the anomaly is then that no promise breaks.
The seed fixes what is written and where the cuts come; the record of a run also holds random salts
and times. Exit code 1 on any anomaly; the state is kept. Needs Python 3 and a C compiler.
"""

import collections
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import disk  # noqa: E402
import program  # noqa: E402
import store  # noqa: E402
import workloads  # noqa: E402

STORE = workloads.STORE
RECEIPT = re.compile(rb"^(\d+)\t([0-9a-f-]{36})\t")
SIGNED = re.compile(rb"^%b\n(\d+)\n" % workloads.LOG.encode(), re.MULTILINE)
# Of all cuts, so many come behind what is printed where syncs fail.
SHARE_BEHIND_OUTPUT = 0.5


class Judge:
    """Replays a record, cuts the power again and again, and judges what is left."""

    def __init__(self, lab, stage, name, options, scratch):
        self.lab = lab
        self.stage = stage
        self.name = name
        self.options = options
        self.folder = scratch / "state"
        self.random = random.Random(f"{options.seed}/{name}/cuts")
        self.stores = [STORE, *stage.copies]
        # What each commit left, in order; None: no store yet. How many events it had.
        self.commits = {name: [None] for name in self.stores}
        self.counts = {name: [0] for name in self.stores}
        # The last commit that the program made, the same with what it has not promised so far, and
        # the last one that must survive.
        self.made = dict.fromkeys(self.stores, 0)
        self.unpromised = dict.fromkeys(self.stores, 0)
        self.promised = dict.fromkeys(self.stores, 0)
        self.acknowledged = []
        self.erased = []
        self.signed = 0
        self.seen = set()
        self.kinds = collections.Counter()
        self.readings = {}
        self.command = ""
        self.examined = self.cuts = self.complaints = 0

    def run(self, wanted):
        records = disk.records(self.stage.trace)
        weights = self.weights(records)
        self.note_commit(is_promise=True)
        self.promise(STORE, b"")
        kind, store_name, erased, printed, commit_follows = "", STORE, b"", b"", False
        place = 0
        for record, weight in zip(records, weights):
            if record.kind == "B":
                kind, store_name, erased = (record.data.split(b"\t") + [b"", b""])[:3]
                kind, store_name, printed = kind.decode(), os.fsdecode(store_name), b""
                self.command = record.name
                self.unpromised = made_by_then = dict(self.made)
            elif record.kind == "E":
                if self.stage.disk.live().digest() != record.data:
                    raise SystemExit(f"the record of {self.command!r} does not lead to its files")
                if kind == "receipts" and record.name == "0" and printed:
                    self.made = made_by_then
                    self.promise(store_name, printed, erased)
            elif record.kind == "A":
                printed += record.data
                made_by_then = dict(self.unpromised)
                if kind == "promise":
                    self.promise(store_name, printed, erased)
                elif kind == "receipts":
                    self.promise_what_is_named(store_name, printed)
            elif not (record.kind in "SD" and self.options.forget_syncs):
                self.stage.disk.apply(record)
            # A commit is a frame of the write-ahead log whose head names a size, or, while the
            # file is being made, a step in the folder or a journal that is cut. Its page is mostly
            # what makes the frame whole; but a program that was killed there may have left the same
            # page in its place, and then the head alone does.
            is_head = (
                record.kind == "W" and record.name.endswith("-wal") and len(record.data) == 24
                and record.data[4:8] != bytes(4))
            if record.kind in "CTURL" or is_head or commit_follows:
                self.note_commit(kind == "promise")
            commit_follows = is_head
            place += weight
            if weight:
                self.cut(round(wanted * place) - len(self.seen))
        return self

    def weights(self, records):
        """How much of all cuts comes behind each record."""
        changes = sum(record.kind not in "ABE" for record in records)
        outputs = sum(record.kind == "A" for record in records) if self.options.failed_syncs else 0
        share = SHARE_BEHIND_OUTPUT if outputs else 0
        return [
            0 if record.kind in "BE" else (1 - share) / changes if record.kind != "A"
            else share / outputs if outputs else 0 for record in records]

    def note_commit(self, is_promise):
        """Adds what a program would find now, where it is new."""
        state = self.stage.disk.live()
        state.write(self.folder)
        for name, commits in self.commits.items():
            digest, count = None, 0
            if name in state.names:
                reading = self.read(name, state)
                digest, count = reading.digest, len(reading.ids)
                if reading.fault:
                    self.complain(f"without a cut: {reading.fault}", state)
                self.check_acknowledged(name, reading, state)
            if digest != commits[-1]:
                commits.append(digest)
                self.counts[name].append(count)
                self.unpromised[name] = len(commits) - 1
                if is_promise:
                    self.made[name] = len(commits) - 1

    def read(self, name, state):
        """What a store in this state holds; read once, however often the same files come up."""
        files = tuple(
            state.contents.get(state.names.get(name + suffix)) for suffix in ("", "-wal", "-journal"))
        if files not in self.readings:
            if len(self.readings) >= 500:
                del self.readings[next(iter(self.readings))]
            self.readings[files] = store.Reading(self.folder / name)
        return self.readings[files]

    def promise(self, name, printed, erased=b""):
        """What was printed promises what its program has done, and the events that it names, whoever
        wrote them. Rows of views it does not promise: they follow the log again after a power cut."""
        for made_name, place in self.made.items():
            commits, counts = self.commits[made_name], self.counts[made_name]
            while place and counts[place - 1] == counts[place] and commits[place - 1] is not None:
                place -= 1
            self.promised[made_name] = max(self.promised[made_name], place)
        self.promise_what_is_named(name, printed)
        if erased and erased not in self.erased:
            self.erased.append(erased)

    def promise_what_is_named(self, name, printed):
        """A receipt that can be read promises its event, even if its program ends badly."""
        receipts = [RECEIPT.match(line) for line in printed.splitlines(keepends=True)
                    if line.endswith(b"\n")]
        for receipt in filter(None, receipts):
            position, identity = int(receipt[1]), receipt[2].decode().replace("-", "")
            if (name, position, identity) not in self.acknowledged:
                self.acknowledged.append((name, position, identity))
            self.promise_events(name, position)
        # A head that is signed must stand for ever: its log can sign no other history.
        if head := SIGNED.match(printed):
            self.promise_events(name, int(head[1]))
            self.signed = int(head[1])

    def promise_events(self, name, count):
        commit = next(place for place, found in enumerate(self.counts[name]) if found >= count)
        self.promised[name] = max(self.promised[name], commit)

    def cut(self, wanted):
        """Cuts the power here, until there are so many more states that had not come up before."""
        if wanted <= 0 or self.stage.disk.is_settled():
            return
        for _ in range(2 * wanted):
            self.cuts += 1
            state = self.stage.disk.crashed(self.random)
            # The same files under another promise are another state.
            key = state.digest(), *self.promised.values()
            if key in self.seen:
                continue
            self.seen.add(key)
            self.judge(state)
            wanted -= 1
            if wanted == 0:
                return

    def judge(self, state):
        state.write(self.folder)
        readings = {}
        self.check_memory(state)
        for secret in self.erased:
            if any(secret in content for content in state.contents.values()):
                self.complain(f"erased and still there: {secret.decode()}", state)
        for name, commits in self.commits.items():
            reading = self.read(name, state) if name in state.names else None
            readings[name] = reading
            if reading and reading.fault:
                self.complain(f"{name}: {reading.fault}", state)
                continue
            digest = reading and reading.digest
            if digest not in commits[self.promised[name]:]:
                place = commits.index(digest) if digest in commits else None
                self.complain(
                    f"{name} is lost" if reading is None
                    else f"{name} holds what no commit left" if place is None
                    else f"{name} is at commit {place} with {self.counts[name][place]} events, and"
                    f" {self.promised[name]} with {self.counts[name][self.promised[name]]} was"
                    " promised", state)
            if reading:
                self.check_acknowledged(name, reading, state)
        if self.is_unusual(state, readings) or self.random.randrange(self.options.sample) == 0:
            self.examine(state, readings)

    def is_unusual(self, state, readings):
        """True for the first few states with these very files beside this content of the stores."""
        usual = {name + suffix for name in self.stores for suffix in ("", "-wal", ".lock")}
        usual |= {workloads.KEY, workloads.KEY + ".signed"}
        if readings[STORE] is not None and usual.issuperset(state.names):
            return False
        # Of the stores beside the first, each is like the others.
        files = {re.sub(r"\.new-\w+|^other-\d+", "", name) for name in state.names}
        kind = *sorted(files), readings[STORE] and readings[STORE].digest
        self.kinds[kind] += 1
        return self.kinds[kind] <= (1 if self.options.short else 5)

    def check_acknowledged(self, name, reading, state):
        if reading.fault:
            return
        for store_name, position, identity in self.acknowledged:
            if store_name == name and reading.ids[position - 1:position] != [identity]:
                self.complain(f"acknowledged and not there: {identity} at #{position}", state)

    def check_memory(self, state):
        """The memory of the key knows the last head that was signed."""
        if not self.signed or workloads.KEY not in self.stage.disk.names:
            return
        number = state.names.get(workloads.KEY + ".signed")
        last = number is not None and SIGNED.search(state.contents[number])
        if not last or int(last[1]) < self.signed:
            self.complain(f"the head #{self.signed} was signed, and the key does not know it", state)

    def examine(self, state, readings):
        """The same with the program itself."""
        self.examined += 1
        state.write(self.folder)
        others = [name for name in readings if name in state.names and name != STORE]
        for name in [STORE, *self.random.sample(others, min(1, len(others)))]:
            path, reading = self.folder / name, readings[name]
            if reading is None and name == STORE:
                self.lab.must("init", str(path))
                reading = store.Reading(path)
            if reading is not None and not reading.fault:
                for fault in store.examine(self.lab, path, reading):
                    self.complain(f"{name}: {fault}", state)

    def complain(self, text, state):
        self.complaints += 1
        if self.options.forget_syncs:
            return
        kept = ""
        if len(self.lab.anomalies) < 20:
            folder = self.lab.folder / f"anomaly-{len(self.lab.anomalies) + 1}"
            state.write(folder)
            kept = f"; kept in {folder.name}: {sorted(state.names)}"
        self.lab.anomaly(f"{self.name}, at {self.command}: {text}{kept}")


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--states", type=int, help="100,000; --short: 1,500, or 1,000 of failed syncs")
    parser.add_argument(
        "--workload", action="append", choices=[*workloads.WORKLOADS, *workloads.FAILING])
    parser.add_argument("--failed-syncs", action="store_true")
    parser.add_argument("--size", type=int, help="how much each workload does: 3; --short: 1")
    parser.add_argument("--sample", type=int, default=50)
    parser.add_argument("--forget-syncs", action="store_true")
    options = parser.parse_args()
    options.size = options.size or (1 if options.short else 3)

    lab = program.Lab(program.find(options.annals), "power-cut")
    print(f"seed {options.seed}, {lab.annals}")
    recorder = workloads.need_recorder(lab)
    lab.must("init", str(lab.store), "--demo")
    options.failed_syncs |= any(name in workloads.FAILING for name in options.workload or ())
    if not options.states:
        options.states = 100_000 if not options.short else 1000 if options.failed_syncs else 1500
    names = options.workload or [
        name for name in (workloads.FAILING if options.failed_syncs else workloads.WORKLOADS)
        if not (options.short and name in workloads.LONG)
        and (name not in workloads.NEEDED or lab.knows(workloads.NEEDED[name]))]
    total = sum(workloads.SHARES[name] for name in names)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else lab.folder
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annals-power-cut-", dir=memory))
    states = cuts = examined = broken = 0
    start = time.monotonic()
    try:
        for name in names:
            before = time.monotonic()
            stage = workloads.record(lab, recorder, scratch, name, options)
            judge = Judge(lab, stage, name, options, scratch).run(
                int(options.states * workloads.SHARES[name] / total))
            seconds = time.monotonic() - before
            commits = sum(len(commits) for commits in judge.commits.values()) - len(judge.stores)
            print(
                f"{name:15} {commits:4,} commits, {len(judge.seen):6,} states of "
                f"{judge.cuts:7,} cuts, {judge.examined:5,} opened with the program, {seconds:.1f} s",
                flush=True)
            states, cuts = states + len(judge.seen), cuts + judge.cuts
            examined, broken = examined + judge.examined, broken + judge.complaints
    finally:
        shutil.rmtree(scratch)
    seconds = time.monotonic() - start
    print(
        f"{states:,} crash states ({cuts:,} cuts) in {seconds:.1f} s; "
        f"{examined:,} of them opened with the program as well")
    if options.forget_syncs:
        print(f"{broken:,} complaints, as there must be on a disk that forgets")
    if states == 0 or (options.forget_syncs and broken == 0):
        lab.anomaly("nothing was found out: this run has shown nothing")
    lab.finish()


main()
