#!/usr/bin/env python3
"""Eight clients work on one store at once, and every history they see must be one and the same.

    Scripts/survival/processes.py [--short | --long] [--appending | --without-lock] [--minutes N]
                                  [--clients 8] [--seed N] [--annals PATH]

Each client is a thread that runs one command of the real program after the other, with pauses of
random length: appends of one event, batches, the same event once more, reads of the whole log, questions
about a past state, snapshots that are kept for a while, `verify`, `checkpoint`, `backup`; with
--appending the appends and batches alone. What must hold:

  order       an event that was acknowledged before another was sent stands before it; the events of
              each client stand in the order in which it wrote them, none lost, none twice
  reads       a read holds everything that anybody had been acknowledged when it began, and is a
              beginning of the log as it is in the end, byte for byte: there is one history
  snapshots   an answer --known-by a position is the same whenever it is asked for
  proofs      verify finds nothing at any moment; every checkpoint is one of the final log; every
              backup is a whole store, and a beginning of the final log

The wait of an append is measured twice: of the whole command, with the start of a process in it (the
same for a command that only prints the version is printed beside), and from the moment at which a
process that has started is handed its event until it has answered.

With --without-lock, the file lock is taken away (flock answers 0 and locks nothing), programs wait where
that matters (../support/schedule.c), and only such clients work as append and checkpoint, with one that
keeps snapshots. Then there must be an anomaly, and the test ends with the first: this shows that it would
notice the loss of the lock. Where SQLite has the fix for the race that the lock prevents, there may be
none.

--short takes 15 seconds, --long 30 minutes; without the lock, up to 3 and 30 minutes. Exit code 1 on any
anomaly. Needs Python 3 only; --without-lock a C compiler and sqlite3.h.
"""

import collections
import hashlib
import json
import pathlib
import random
import sqlite3
import sys
import threading
import time
import uuid

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "verifier")]
import annals_verify  # noqa: E402
import program  # noqa: E402
import workloads  # noqa: E402

# How often a client does what.
WORK = {
    "append": 40, "fed": 20, "batch": 12, "again": 10, "read": 8, "past": 10, "keep": 10, "verify": 4,
    "checkpoint": 4, "backup": 2}
APPENDING = ["append", "fed", "batch"]
# What makes checkpoints, and comes into the way of them.
RACING = ["fed", "batch", "again"]


class History:
    """What all clients together have been told so far."""

    def __init__(self, lab, events):
        self.lab = lab
        self.lock = threading.Lock()
        self.head = events
        self.answers = {}
        self.reads = {}
        self.checkpoints = []
        self.waits = collections.defaultdict(list)
        self.done = collections.Counter()

    def acknowledged(self, position):
        with self.lock:
            self.head = max(self.head, position)

    def hold(self, question, answer):
        """The same question about the past always has the same answer."""
        digest = hashlib.sha256(answer.encode()).hexdigest()
        with self.lock:
            first = self.answers.setdefault(question, digest)
        if first != digest:
            self.lab.anomaly(f"{question} was answered in two ways")

    def hold_read(self, text):
        """A read of the whole log; what it must be a beginning of is known in the end."""
        data = text.encode()
        with self.lock:
            self.reads[len(data)] = self.reads.get(len(data), set()) | {hashlib.sha256(data).digest()}


class Client(threading.Thread):
    """One who writes and reads until the time is up."""

    def __init__(self, history, number, kinds, seed, end, pause):
        super().__init__()
        self.history = history
        self.lab = history.lab
        self.number = number
        self.kinds = kinds
        self.random = random.Random(f"{seed}/{number}")
        self.end = end
        self.pause = pause
        self.ends_early = False
        self.sent = 0
        self.last = 0
        # The line that was imported last, and its receipt.
        self.known = None

    def run(self):
        try:
            self.work()
        except Exception as error:  # what the program said could not even be read
            self.lab.anomaly(f"client {self.number} was stopped by {error!r}")

    def work(self):
        # Each begins with something else, so that even a short run has tried everything.
        kind = self.kinds[self.number % len(self.kinds)]
        while time.monotonic() < self.end and not (self.ends_early and self.lab.anomalies):
            getattr(self, kind)()
            with self.history.lock:
                self.history.done[kind] += 1
            kind = self.random.choices(self.kinds, [WORK[kind] for kind in self.kinds])[0]
            if self.random.random() < 0.7:
                time.sleep(self.random.expovariate(1 / self.pause))

    # Writing

    def texts(self, count):
        self.sent += count
        return [
            f"client {self.number}, {n}" for n in range(self.sent - count + 1, self.sent + 1)]

    def append(self):
        head = self.history.head
        text = self.texts(1)[0]
        start = time.monotonic()
        output = self.lab.must(
            "append", "statement.made", "speaker=dmitry-peskov", "kind=quote", f"text={text}")
        self.history.waits["append, whole command"].append(time.monotonic() - start)
        self.receive(output, 1, head)

    def batch(self):
        head = self.history.head
        texts = self.texts(self.random.choice([2, 5, 50]))
        lines = [self.line(text) for text in texts]
        output = self.lab.must("import", "-", text="".join(lines))
        self.receive(output, len(texts), head)
        self.known = lines[-1], output.splitlines()[-1:]

    def again(self):
        """What is there already is found at its position."""
        if self.known is None:
            return
        line, receipt = self.known
        output = self.lab.must("import", "-", text=line)
        if output.splitlines() != receipt:
            self.lab.anomaly(f"client {self.number} was told {receipt}, and then {output!r}")

    def fed(self):
        """One event, handed to a process that has had time to start and waits for it."""
        process = self.lab.start("import", "-")
        time.sleep(0.25)
        head = self.history.head
        text = self.texts(1)[0]
        start = time.monotonic()
        event = self.line(text)
        process.stdin.write(event.encode())
        process.stdin.close()
        line = process.stdout.readline()
        self.history.waits["append, process has started"].append(time.monotonic() - start)
        output = line + process.stdout.read()
        errors = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        if process.wait() != 0:
            self.lab.anomaly(f"import - ended with {process.returncode}: {errors.decode()}")
        self.receive(output.decode(), 1, head)
        self.known = event, output.decode().splitlines()

    def line(self, text):
        identity = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        data = {"speaker": "dmitry-peskov", "kind": "quote", "text": text}
        return json.dumps({"id": identity, "type": "statement.made", "data": data}) + "\n"

    def receive(self, output, count, head):
        """Receipts: positions behind all that was acknowledged when the append was started."""
        positions = [int(line.split("\t")[0]) for line in output.splitlines()]
        if len(positions) != count:
            self.lab.anomaly(f"client {self.number} has {len(positions)} receipts of {count}")
            return
        if positions != list(range(positions[0], positions[0] + count)):
            self.lab.anomaly(f"client {self.number}: one batch at {positions}")
        if positions[0] <= max(head, self.last):
            self.lab.anomaly(
                f"client {self.number}: #{positions[0]} is not behind #{head} and #{self.last}")
        self.last = positions[-1]
        self.history.acknowledged(self.last)

    # Reading

    def keep(self):
        """Another program keeps a snapshot, and so the write-ahead log from being emptied."""
        head = self.history.head
        database = sqlite3.connect(f"file:{self.lab.store}?mode=ro", uri=True, isolation_level=None)
        try:
            count, = database.execute("BEGIN").execute("SELECT count(*) FROM event").fetchone()
            time.sleep(self.random.uniform(0, 0.2))
            again, = database.execute("SELECT count(*) FROM event").fetchone()
        finally:
            database.close()
        if again != count or count < head:
            self.lab.anomaly(f"a snapshot has {count} events, then {again}, and #{head} was there")

    def read(self):
        head = self.history.head
        text = self.lab.must("export")
        if text.count("\n") < head:
            self.lab.anomaly(f"a read has {text.count(chr(10))} events, and #{head} was there")
        self.history.hold_read(text)

    def past(self):
        position = self.random.randint(1, self.history.head)
        if self.random.random() < 0.5:
            # Positions that were asked for before are asked for again.
            position = self.random.choice(list(self.history.answers) or [(None, position)])[1]
        for _ in range(2):
            answer = self.lab.must(
                "log", "--known-by", f"#{position}", "-n", "20", "-o", "json")
            self.history.hold(("log", position), answer)
            time.sleep(self.random.uniform(0, 0.05))

    def verify(self):
        self.lab.must("verify")

    def checkpoint(self):
        head = self.history.head
        note = annals_verify.Checkpoint(
            self.lab.must("checkpoint", "--key", str(self.lab.folder / "key")).encode())
        if note.size < head:
            self.lab.anomaly(f"a checkpoint of {note.size} events, and #{head} was there")
        with self.history.lock:
            self.history.checkpoints.append(note)

    def backup(self):
        head = self.history.head
        path = self.lab.folder / f"backup-{self.number}-{self.sent}.annals"
        self.lab.must("backup", str(path))
        self.lab.must("verify", "--store", str(path))
        text = self.lab.must("export", "--store", str(path))
        if text.count("\n") < head:
            self.lab.anomaly(f"a backup has {text.count(chr(10))} events, and #{head} was there")
        self.history.hold_read(text)
        for file in self.lab.folder.glob(f"{path.name}*"):
            file.unlink()


def compare(history, clients):
    """All that was seen, against the log as it is in the end."""
    lab = history.lab
    text = lab.must("export")
    data = text.encode()
    for length, digests in history.reads.items():
        if digests != {hashlib.sha256(data[:length]).digest()} or data[length - 1:length] != b"\n":
            lab.anomaly(f"a read of {length} bytes is no beginning of the log")
    events = [json.loads(line) for line in text.splitlines()]
    seen = collections.defaultdict(list)
    for event in events:
        who, _, n = event["data"].get("text", "").partition(", ")
        if who.startswith("client "):
            seen[who].append(int(n))
    for client in clients:
        if seen[f"client {client.number}"] != list(range(1, client.sent + 1)):
            lab.anomaly(f"client {client.number} wrote 1 to {client.sent}, and it reads otherwise")
    try:
        leaves = [
            annals_verify.export_leaf(line, place) for place, line in enumerate(data.splitlines(), 1)]
        for checkpoint in history.checkpoints:
            annals_verify.check_export(leaves, checkpoint)
    except annals_verify.Refused as error:
        lab.anomaly(f"the export: {error}")
    return events


def print_waits(name, waits):
    waits = sorted(waits)
    if waits:
        of = [waits[len(waits) // 2], waits[int(len(waits) * 0.99)], waits[-1]]
        print(
            f"  {name}: {len(waits):,} times, median {of[0] * 1000:.0f} ms, p99 {of[1] * 1000:.0f} ms,"
            f" worst {of[2] * 1000:.0f} ms")


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--appending", action="store_true", help="no client reads")
    parser.add_argument("--without-lock", action="store_true")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds, on average")
    options = parser.parse_args()
    minutes = options.minutes or (30 if options.long else 3 if options.without_lock else 0.25)

    lab = program.Lab(program.find(options.annals), "processes")
    lab.must("init", str(lab.store), "--demo")
    lab.must("key", "new", str(lab.folder / "key"), "--name", "example.org/processes")
    if options.without_lock:
        workloads.take_lock_away(lab)
    print(f"seed {options.seed}, {lab.annals}")
    history = History(lab, len(lab.export()))
    start = time.monotonic()
    end = start + 60 * minutes
    kinds = APPENDING if options.appending else RACING if options.without_lock else list(WORK)
    clients = [
        Client(history, number, kinds, options.seed, end, options.pause)
        for number in range(options.clients)]
    if options.without_lock:
        clients.append(Client(history, options.clients, ["keep"], options.seed, end, 3 * options.pause))
    for client in clients:
        client.ends_early = options.without_lock
        client.start()
    while any(client.is_alive() for client in clients):
        began = time.monotonic()
        lab.must("--version")
        history.waits["a command that only prints the version"].append(time.monotonic() - began)
        time.sleep(0.5)
    for client in clients:
        client.join()
    seconds = time.monotonic() - start

    if options.without_lock and lab.anomalies:
        return workloads.finish_without_lock(lab, seconds)
    events = compare(history, clients)
    lab.check_whole(events)
    lab.must("verify")
    if options.without_lock:
        return workloads.finish_without_lock(lab, seconds)
    if any(not history.done[kind] for kind in APPENDING) or not options.appending and not (
            history.checkpoints and history.reads):
        lab.anomaly("not everything was tried: this run has shown too little")
    done = ", ".join(f"{count:,} {kind}" for kind, count in sorted(history.done.items()))
    print(f"{options.clients} clients, {seconds:.0f} s, {len(events):,} events: {done}")
    for name, waits in sorted(history.waits.items()):
        print_waits(name, waits)
    return lab.finish()


main()
