#!/usr/bin/env python3
"""Grows one store round by round while it is read, and prints what a round costs.

    Scripts/survival/endurance.py [--short | --long] [--events N] [--rounds 20] [--seed N]
                                  [--annals PATH]

--short imports 50,000 events, --long 10 million: roll calls with 200 votes each, about motions of their
own. During each import two readers ask for the newest events and for a roll call, one after the other;
after it one event is appended, the whole log is verified, then only what is new, and a fact of the first
round is proved. For each round: events per second, the memory that each of these commands took at most,
the size of the file and the largest size of its write-ahead log, how long readers waited, and the times.

An anomaly is: an event too few or too many; a view that differs from the log; a proof that is longer
than the tree is high or does not verify; a write-ahead log that is not emptied in the end. Exit code 1
on any. Needs Python 3, and `cryptography` for the proofs.
"""

import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "verifier")]
import annals_verify  # noqa: E402
import program  # noqa: E402

VOTERS = 200
CHOICES = ["yes"] * 6 + ["no"] * 3 + ["abstain"] * 2 + ["absent"]


class Course:
    """The store, and what has gone into it so far."""

    def __init__(self, lab, seed):
        self.lab = lab
        self.random = random.Random(seed)
        self.rollcalls = self.stored_rollcalls = 0
        self.log = pathlib.Path(f"{lab.store}-wal")
        lab.must("init", str(lab.store), "--demo")
        self.key = lab.must("key", "new", str(lab.folder / "key"), "--name", "example.org/log").strip()
        lab.must("import", "-", text="".join(
            json.dumps({"type": "actor.registered", "data": {
                "actor": f"v{number}", "kind": "state", "name": f"Voter {number}"}}) + "\n"
            for number in range(VOTERS)))
        self.events = len(lab.export())

    def measure(self, *arguments):
        """Runs a command: its output, seconds, and the megabytes that it had in memory at most."""
        start = time.monotonic()
        process = subprocess.Popen(
            [self.lab.annals, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL, env=self.lab.environment, cwd=self.lab.folder)
        complaints = []
        listener = threading.Thread(target=lambda: complaints.append(process.stderr.read()))
        listener.start()
        output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        listener.join()
        process.stdout.close()
        process.stderr.close()
        if process.returncode != 0:
            self.lab.anomaly(
                f"{arguments[:3]} ended with {process.returncode}: {complaints[0].decode().strip()}")
        return output, seconds, usage.ru_maxrss / 1024

    def write_round(self, path, count):
        """Events of a round, as a file to import; about `count` of them."""
        with open(path, "w", encoding="utf-8") as file:
            for _ in range(max(1, round(count / (VOTERS + 2)))):
                self.rollcalls += 1
                name = f"e/{self.rollcalls}"
                on = f"{1990 + self.rollcalls % 35}-{self.rollcalls % 12 + 1:02}-15"
                file.write(
                    f'{{"type":"motion.tabled","on":"{on}","data":{{"motion":"m/{self.rollcalls}",'
                    f'"body":"un-ga","title":"Motion {self.rollcalls}"}}}}\n'
                    f'{{"type":"rollcall.held","on":"{on}","data":{{"rollcall":"{name}","motion":'
                    f'"m/{self.rollcalls}","body":"un-ga","method":"recorded","result":"adopted"}}}}\n')
                for voter in range(VOTERS):
                    file.write(
                        f'{{"type":"vote.cast","on":"{on}","data":{{"rollcall":"{name}","voter":'
                        f'"v{voter}","choice":"{self.random.choice(CHOICES)}"}}}}\n')
                self.events += VOTERS + 2


class Watch(threading.Thread):
    """Reads while an import is running, and looks how large the write-ahead log becomes."""

    def __init__(self, course):
        super().__init__()
        self.course = course
        self.is_over = threading.Event()
        self.largest_log = 0
        self.waits = []

    def run(self):
        readers = [threading.Thread(target=self.read, args=(question,)) for question in (
            ["log", "-n", "20"], ["rollcall", f"e/{self.course.stored_rollcalls}"])]
        if self.course.stored_rollcalls:
            for reader in readers:
                reader.start()
        while not self.is_over.wait(0.02):
            if self.course.log.exists():
                self.largest_log = max(self.largest_log, self.course.log.stat().st_size)
        for reader in readers:
            if reader.ident:
                reader.join()

    def read(self, question):
        while not self.is_over.wait(0.2):
            self.waits.append(self.course.measure(*question)[1])


COLUMNS = (
    ("events", "{:,}"), ("per second", "{:,.0f}"), ("import MB", "{:.0f}"), ("file MB", "{:.0f}"),
    ("wal MB", "{:.0f}"), ("read s", "{:.2f}"), ("append s", "{:.2f}"), ("append MB", "{:.0f}"),
    ("verify s", "{:.2f}"), ("verify MB", "{:.0f}"), ("new s", "{:.2f}"), ("prove s", "{:.2f}"),
    ("prove MB", "{:.0f}"), ("hashes", "{}"))


def run_round(course, count):
    """One row of the table."""
    lab, file = course.lab, course.lab.folder / "round.ndjson"
    before = course.events
    watch = Watch(course)
    course.write_round(file, count)
    watch.start()
    _, seconds, memory = course.measure("import", str(file), "-q")
    watch.is_over.set()
    watch.join()
    course.stored_rollcalls = course.rollcalls
    file.unlink()
    row = {
        "events": course.events, "per second": (course.events - before) / seconds,
        "import MB": memory, "wal MB": watch.largest_log / 1e6,
        "read s": max(watch.waits, default=0)}
    _, row["append s"], row["append MB"] = course.measure(
        "append", "statement.made", "speaker=dmitry-peskov", "kind=quote",
        f"text=behind {course.events}")
    course.events += 1
    row["file MB"] = lab.store.stat().st_size / 1e6
    if course.log.exists() and course.log.stat().st_size > 1 << 20:
        lab.anomaly(f"{course.log.stat().st_size:,} bytes stay in the write-ahead log")
    _, row["verify s"], row["verify MB"] = course.measure("verify")
    _, row["new s"], _ = course.measure("verify", "--new")
    proof, row["prove s"], row["prove MB"] = course.measure(
        "prove", "#7", "--key", str(lab.folder / "key"))
    row["hashes"] = proof.split("\n\n")[0].count("\n") - 2
    try:
        policy = annals_verify.Policy(keys=[course.key])
        _, _, checkpoint = annals_verify.check_proof(proof.encode(), policy)
        if checkpoint.size != course.events:
            lab.anomaly(f"{checkpoint.size} events are signed, of {course.events}")
    except annals_verify.Refused as error:
        lab.anomaly(f"the proof of #7: {error}")
    if row["hashes"] > (course.events - 1).bit_length():
        lab.anomaly(f"a proof of {row['hashes']} hashes in a log of {course.events} events")
    return row


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--events", type=int)
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args()
    events = options.events or (10_000_000 if options.long else 50_000)
    rounds = options.rounds or (20 if options.long else 5)

    lab = program.Lab(program.find(options.annals), "endurance")
    print(f"seed {options.seed}, {lab.annals}")
    if importlib.util.find_spec("cryptography") is None:
        lab.skip("the independent verifier needs the Python package cryptography")
    course = Course(lab, options.seed)
    widths = [max(10, len(name)) for name, _ in COLUMNS]
    print("  ".join(name.rjust(width) for (name, _), width in zip(COLUMNS, widths)))
    for _ in range(rounds):
        row = run_round(course, events / rounds)
        print("  ".join(
            form.format(row[name]).rjust(width) for (name, form), width in zip(COLUMNS, widths)),
            flush=True)
    head = json.loads(lab.must("log", "-n", "1", "-o", "ndjson"))["seq"]
    if head != course.events:
        lab.anomaly(f"the log has {head} events, and {course.events} were appended")
    lab.must("replay", "--check")
    lab.must("doctor")
    lab.finish()


main()
