#!/usr/bin/env python3
"""Lets two writers, a reader and a checkpointer work on one store in turns, in an order drawn from a seed.

    Scripts/survival/schedules.py [--short | --long] [--rounds N] [--round NUMBER] [--cuts 16]
                                  [--without-lock] [--forget-syncs] [--seed N] [--annals PATH]

Every program runs under the recorder (../support/recorder.c). Each of its threads asks for a turn ahead
of each call to a file of the store, and waits for it. The next turn begins when all threads wait. So a
round is one order of all these calls, and the seed draws it. The clock is simulated: it moves with each
turn, stands still, and jumps. Syncs fail, programs are killed, and the disk drops
what a failed sync was to write (../support/disk.py). The power is cut at random places, on paper.

What must hold in each round:

  Before a cut and after it, the log is whole and holds every event that was acknowledged, at its
  position. A batch is there whole or not at all.
  A program ends with 0, if nothing was done to it. On a slow machine it may give up the lock (E1407).
  Where no fault was made, the log only grows, and a cut leaves a beginning of it.
  An export shows a beginning of the log, no less than what was acknowledged before it began, and
  recorded times that rise.
  In the end, the program itself finds nothing wrong (in one round of 10).

--short does 25 rounds, --long 2,000. --round does one of them, --rounds times (1): the programs, their
faults and the order of the programs are the same each time, but a program's own threads may meet in
another order, because the system chooses which thread does which work. On an anomaly the record of all
calls is kept, from which the state can be made again. With --without-lock the file lock locks nothing,
and with --forget-syncs the disk ignores each sync: then the test fails if it finds nothing. Exit code 1
on any anomaly. Needs Linux, Python 3 and a C compiler.
"""

import json
import os
import pathlib
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import disk  # noqa: E402
import program  # noqa: E402
import store  # noqa: E402
import workloads  # noqa: E402

STORE = workloads.STORE
# No program takes longer from one turn to the next, on any machine.
PATIENCE = 120
# A program that waits for the lock gives up after 10 seconds of real time, however the turns are drawn.
LOCK_PATIENCE = 10
SECOND = 1_000_000_000
# The part of a file's name that is drawn at random.
RANDOM = re.compile(r"(?<=\.new-)\w+")
STATE = re.compile(rb"\nState:\t(\w)")
SLEEPS = re.compile(rb"\nvoluntary_ctxt_switches:\t(\d+)")
# A request for a turn: its kind, how many nanoseconds later it is wanted, and for which file.
REQUEST = struct.Struct("=qq48s")


class Command:
    """What an actor is to do next: arguments, input, and faults."""

    def __init__(self, arguments, text="", batch=(), faults=None):
        self.arguments = arguments
        self.text = text
        self.batch = batch
        self.faults = faults or {}
        self.output = b""
        self.known = 0
        self.begun = 0
        self.status = None


class Actor:
    """One program at a time, until its commands are done."""

    def __init__(self, name, commands):
        self.name = name
        self.commands = commands
        self.done = []
        self.process = None
        self.threads = []

    @property
    def command(self):
        return self.done[-1]


class Thread:
    """A thread of a program, and the turn that it asks for: its kind and file, "" for none; and when."""

    def __init__(self, connection):
        self.connection = connection
        self.wanted = ""
        self.wakes = 0


class Round:
    """One store and one schedule."""

    def __init__(self, lab, recorder, template, scratch, number, options):
        self.lab = lab
        self.recorder = recorder
        self.options = options
        self.number = number
        self.folder = scratch / f"round-{number}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        shutil.copyfile(template, self.folder / STORE)
        self.trace = self.folder.with_suffix(".trace")
        self.trace.unlink(missing_ok=True)
        self.random = random.Random(f"{options.seed}/{number}")
        # Time that passes, and by how much the clock is wrong.
        self.now = time.time_ns()
        self.error = 0
        self.turns = []
        self.cuts = 0
        self.marks = {}
        self.batches = []
        self.has_faults = self.random.random() < 0.7
        self.actors = self.make_actors()
        self.listener = socket.socket(socket.AF_UNIX)
        self.address = f"{self.folder}.turns"
        pathlib.Path(self.address).unlink(missing_ok=True)
        self.listener.bind(self.address)
        self.listener.listen()
        self.listener.setblocking(False)

    # What is done

    def make_actors(self):
        known = self.import_of(1)
        self.first = known
        writers = [
            Actor(name, [self.write(known) for _ in range(self.random.randint(2, 4))])
            for name in ("writer-1", "writer-2")]
        exports = [Command(["export"]) for _ in range(self.random.randint(1, 3))]
        # It has nothing to append: it checkpoints at its end, and does nothing else.
        checkpoints = [
            self.with_faults(Command(known.arguments, known.text, known.batch))
            for _ in range(self.random.randint(1, 3))]
        return [*writers, Actor("reader", exports), Actor("checkpointer", checkpoints)]

    def write(self, known):
        way = self.random.random()
        if way < 0.1:
            return self.with_faults(Command(known.arguments, known.text, known.batch))
        return self.with_faults(self.import_of(1 if way < 0.5 else self.random.randint(2, 60)))

    def import_of(self, count):
        identities = [
            str(uuid.UUID(int=self.random.getrandbits(128), version=4)) for _ in range(count)]
        lines = [
            json.dumps({
                "id": identity, "type": "statement.made",
                "data": {"speaker": "dmitry-peskov", "kind": "quote",
                         "text": "it was " + "said " * self.random.randint(1, 60)}})
            for identity in identities]
        batch = [identity.replace("-", "") for identity in identities]
        self.batches.append(batch)
        return Command(["import", "-"], "\n".join(lines) + "\n", batch)

    def with_faults(self, command):
        if not self.has_faults:
            return command
        way = self.random.random()
        if way < 0.25:
            number = self.random.randint(1, 6)
            command.faults["RECORDER_FAIL_SYNC"] = self.random.choice(workloads.FAILURES).format(number)
        elif way < 0.4:
            command.faults["RECORDER_KILL_AT"] = str(self.random.randint(1, 60))
        elif way < 0.5:
            command.faults["RECORDER_KILL_BEHIND_OUTPUT"] = "1"
        return command

    # The schedule

    def run(self):
        """Has all actors do their commands."""
        self.disk = disk.Disk(self.folder)
        self.only(Actor("first", [self.first]))
        for actor in self.actors:
            self.start(actor)
        working = list(self.actors)
        while working := [actor for actor in working if actor.threads]:
            awake = [actor for actor in working if self.awake(actor)]
            if not awake:
                self.now = min(thread.wakes for actor in working for thread in actor.threads if thread.wanted)
                continue
            actor = self.random.choice(awake)
            # Turns come in runs: of one call, and of many.
            for _ in range(self.random.choice([1, 1, 1, 3, 10, 50, 200])):
                if not self.turn(actor):
                    break
        self.listener.close()
        os.unlink(self.address)

    def only(self, actor):
        self.start(actor)
        while actor.threads:
            if not self.turn(actor):
                self.now += SECOND // 100

    def start(self, actor):
        """Starts the actor's next command, up to its first turn, if there is one."""
        if not actor.commands:
            return
        command = actor.commands.pop(0)
        actor.done.append(command)
        environment = dict(
            self.lab.environment, LD_PRELOAD=str(self.recorder), ANNALS_STORE=str(self.folder / STORE),
            RECORDER_FOLDER=str(self.folder), RECORDER_TRACE=str(self.trace),
            RECORDER_TURNS=self.address, SWIFT_DETERMINISTIC_HASHING="1", **command.faults)
        if self.options.without_lock:
            environment["RECORDER_WITHOUT_LOCK"] = "1"
        files = [open(f"{self.folder}.{actor.name}.{stream}", "wb+") for stream in ("in", "out", "err")]
        files[0].write(command.text.encode())
        files[0].seek(0)
        actor.process = subprocess.Popen(
            [self.lab.annals, *command.arguments], stdin=files[0], stdout=files[1], stderr=files[2],
            env=environment, cwd=self.folder)
        actor.files = files
        command.begun = time.monotonic()
        self.marks[actor.process.pid] = command
        self.wait(actor)

    def awake(self, actor):
        """Those of its threads that may go on now. Which thread does which work is left to the system, so
        they are in the order of what they want to do."""
        awake = [thread for thread in actor.threads if thread.wanted and thread.wakes <= self.now]
        return sorted(awake, key=lambda thread: thread.wanted)

    def turn(self, actor):
        """Gives one of the actor's threads a turn; False when none wants one now."""
        awake = self.awake(actor)
        if not awake:
            return False
        thread = self.random.choice(awake)
        self.turns.append(f"{actor.name} {thread.wanted}")
        self.now += self.random.choice([0, 0, 1000, 1_000_000, 5_000_000])
        if self.random.random() < 0.002:
            self.error += self.random.choice([-SECOND, -60 * SECOND, 60 * SECOND])
        if thread.wanted == "h " and actor.name == "reader":
            actor.command.known = self.count_acknowledged()
        thread.wanted = ""
        thread.connection.send(struct.pack("=q", self.now + self.error))
        self.wait(actor)
        return True

    def wait(self, actor):
        """Waits until all threads of the actor's program wait, and one of them for a turn; starts the
        next command where the program has ended."""
        end = time.monotonic() + PATIENCE
        states = {}
        while time.monotonic() < end:
            before, states = states, self.states(actor.process.pid)
            if states is None:
                self.end(actor)
                self.start(actor)
                return
            # Twice the same: no thread has run meanwhile.
            if states == before and self.listen(actor):
                return
        actor.process.kill()
        raise SystemExit(f"round {self.number}: {actor.name} does not go on, after {len(self.turns)} turns")

    def states(self, process):
        """How often each thread of the program has gone to sleep; a new answer each time while one is awake,
        and None once the program has ended."""
        found = {}
        try:
            for task in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{task}/status", "rb", buffering=0) as file:
                    status = file.read(4000)
                state = STATE.search(status)[1]
                # The first thread may end before the others.
                if state != b"Z":
                    found[task] = SLEEPS.search(status)[1] if state == b"S" else time.monotonic()
        except (FileNotFoundError, ProcessLookupError):
            return {"": time.monotonic()}
        return found or None

    def listen(self, actor):
        """Takes what the threads have asked for; whether any asks for something."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except BlockingIOError:
                break
            connection.recv(8)
            connection.setblocking(False)
            actor.threads.append(Thread(connection))
        for thread in actor.threads:
            try:
                request = thread.connection.recv(REQUEST.size)
            except BlockingIOError:
                continue
            if request:
                kind, delay, name = REQUEST.unpack(request)
                thread.wanted = f"{chr(kind)} {RANDOM.sub('', name.rstrip(bytes(1)).decode())}"
                thread.wakes = self.now + delay
        return any(thread.wanted for thread in actor.threads)

    def end(self, actor):
        command = actor.command
        for thread in actor.threads:
            thread.connection.close()
        actor.threads = []
        command.status = actor.process.wait()
        command.output = pathlib.Path(actor.files[1].name).read_bytes()
        errors = pathlib.Path(actor.files[2].name).read_text(errors="replace")
        for file in actor.files:
            file.close()
        usual = {0}
        if "RECORDER_FAIL_SYNC" in command.faults:
            usual |= {73, 74, 75}
        if any("KILL" in fault for fault in command.faults):
            usual.add(-9)
        if "error[E1407]" in errors and time.monotonic() - command.begun > LOCK_PATIENCE:
            usual.add(75)
        if command.status not in usual:
            self.complain(f"{actor.name}: {command.arguments} ended with {command.status}: {errors}")

    def count_acknowledged(self):
        """How many events a reader that begins now must see: up to the last that was acknowledged."""
        last = 0
        for record in disk.records(self.trace):
            if record.kind == "A":
                for position, _ in receipts(record.data):
                    last = max(last, position)
        return last

    # What is judged

    def judge(self):
        records = disk.records(self.trace)
        places = self.places(records)
        live, acknowledged, printed = [], {}, {}
        for place, record in enumerate(records):
            if record.kind == "A":
                command = self.marks[record.file]
                if command.batch:
                    text = printed.get(record.file, b"") + record.data
                    printed[record.file] = text
                    acknowledged.update(receipts(text))
            elif not (record.kind in "SD" and self.options.forget_syncs):
                self.disk.apply(record)
            if place in places:
                live = self.check_live(live, acknowledged)
                self.cut(live, acknowledged)
        live = self.check_live(live, acknowledged)
        self.check_exports(live)
        if self.number % 10 == 0 and not self.lab.anomalies:
            self.check_with_program(live)

    def places(self, records):
        """Where the power is cut: half of the cuts come right behind what a program prints."""
        outputs = [place for place, record in enumerate(records) if record.kind == "A"]
        half = self.options.cuts // 2
        chosen = self.random.sample(outputs, min(half, len(outputs)))
        return {*chosen, *self.random.sample(range(len(records)), min(half, len(records)))}

    def read(self, state):
        folder = self.folder.with_suffix(".state")
        state.write(folder)
        return store.Reading(folder / STORE)

    def check_live(self, before, acknowledged):
        """What programs read at this point, without a cut."""
        reading = self.read(self.disk.live())
        if reading.fault:
            self.complain(f"without a cut: {reading.fault}")
        elif not self.has_faults and reading.ids[:len(before)] != before:
            self.complain("without a cut: the log has changed what it held")
        else:
            self.check_reading(reading, acknowledged, "without a cut")
            return reading.ids
        return before

    def cut(self, live, acknowledged):
        state = self.disk.crashed(self.random)
        reading = self.read(state)
        self.cuts += 1
        if reading.fault:
            self.complain(f"after a cut: {reading.fault}", state)
            return
        if not self.has_faults and live[:len(reading.ids)] != reading.ids:
            self.complain("after a cut: it is no beginning of the log before the cut", state)
        self.check_reading(reading, acknowledged, "after a cut", state)

    def check_reading(self, reading, acknowledged, when, state=None):
        for position, identity in acknowledged.items():
            if reading.ids[position - 1:position] != [identity]:
                self.complain(f"{when}: acknowledged at #{position}, and not there: {identity}", state)
                return
        there = {identity: place for place, identity in enumerate(reading.ids)}
        for batch in self.batches:
            found = [there[identity] for identity in batch if identity in there]
            if found and found != list(range(found[0], found[0] + len(batch))):
                self.complain(f"{when}: {len(found)} events of a batch of {len(batch)}", state)

    def check_exports(self, live):
        for actor in self.actors:
            for command in actor.done:
                if command.arguments != ["export"] or command.status != 0:
                    continue
                events = [json.loads(line) for line in command.output.splitlines()]
                ids = [event["id"].replace("-", "") for event in events]
                if ids != live[:len(ids)]:
                    self.complain("an export is no beginning of the log")
                if len(ids) < command.known:
                    self.complain(f"an export has {len(ids)} events; {command.known} were acknowledged")
                for one, other in zip(events, events[1:]):
                    same = one["batch"] == other["batch"]
                    if (one["recorded"] >= other["recorded"]) != same:
                        self.complain(f"recorded time at #{other['seq']}: {other['recorded']}")

    def check_with_program(self, live):
        path = self.folder.with_suffix(".state") / STORE
        self.disk.live().write(path.parent)
        for fault in store.examine(self.lab, path, store.Reading(path)):
            self.complain(fault)

    def complain(self, text, state=None):
        kept = ""
        if state and len(self.lab.anomalies) < 5 and not self.is_to_fail:
            folder = self.lab.folder / f"anomaly-{len(self.lab.anomalies) + 1}"
            state.write(folder)
            shutil.copyfile(self.trace, folder.with_suffix(".trace"))
            folder.with_suffix(".turns").write_text("\n".join(self.turns))
            kept = f"; kept in {folder.name}"
        text = f"round {self.number}: {text}{kept}"
        if self.is_to_fail:
            self.lab.anomalies.append(text)
        else:
            self.lab.anomaly(text)

    @property
    def is_to_fail(self):
        return self.options.without_lock or self.options.forget_syncs

    def remove(self):
        for path in self.folder.parent.glob(f"{self.folder.name}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def receipts(text):
    """Position and id of each receipt that can be read."""
    found = []
    for line in text.splitlines(keepends=True):
        parts = line.rstrip(b"\n").split(b"\t")
        if line.endswith(b"\n") and len(parts) > 2 and parts[0].isdigit() and len(parts[1]) == 36:
            found.append((int(parts[0]), parts[1].decode().replace("-", "")))
    return found


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--rounds", type=int, help="2,000; --short: 25")
    parser.add_argument("--round", type=int, help="only this one")
    parser.add_argument("--cuts", type=int, default=16, help="in each round")
    parser.add_argument("--without-lock", action="store_true")
    parser.add_argument("--forget-syncs", action="store_true")
    options = parser.parse_args()
    numbers = range(options.rounds or (25 if options.short else 2000))
    if options.round is not None:
        numbers = [options.round] * (options.rounds or 1)

    lab = program.Lab(program.find(options.annals), "schedules")
    print(f"seed {options.seed}, {lab.annals}")
    recorder = workloads.need_recorder(lab)
    lab.must("init", str(lab.store), "--demo")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else lab.folder
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annals-schedules-", dir=memory))
    turns = cuts = events = 0
    start = time.monotonic()
    try:
        for number in numbers:
            one = Round(lab, recorder, lab.store, scratch, number, options)
            one.run()
            one.judge()
            turns, cuts = turns + len(one.turns), cuts + one.cuts
            one.remove()
    finally:
        shutil.rmtree(scratch)
    seconds = time.monotonic() - start
    print(f"{len(numbers):,} rounds with {turns:,} turns and {cuts:,} cuts in {seconds:.1f} s")
    if options.without_lock:
        return workloads.finish_without_lock(lab, seconds)
    if options.forget_syncs:
        found, lab.anomalies = len(lab.anomalies), []
        print(f"{found:,} complaints, as there must be on a disk that forgets")
        if not found:
            lab.anomaly("nothing was found on a disk that forgets: this test would not notice its loss")
    lab.finish()


main()
