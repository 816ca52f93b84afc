"""What power-cut.py has the program do under the recorder."""

import collections
import json
import lzma
import os
import pathlib
import random
import shutil
import subprocess
import sys
import uuid

import disk
import program

STORE = "un.annals"
LOG = "example.org/log"
EARLIEST = program.ROOT / "Scripts" / "survival" / "stores" / "format-1.annals.xz"

# A reader that keeps a snapshot, and with it the write-ahead log, from being cleared away.
READER = """
import sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, isolation_level=None)
for line in sys.stdin:
    if line == "take\\n":
        database.execute("BEGIN")
        database.execute("SELECT count(*) FROM event").fetchone()
    else:
        database.execute("ROLLBACK")
    print("done", flush=True)
"""


class Stage:
    """A folder in which the program works under the recorder."""

    def __init__(self, lab, recorder, folder, name, seed, size):
        self.lab = lab
        self.recorder = recorder
        self.folder = folder
        self.store = folder / STORE
        self.trace = folder.with_suffix(".trace")
        self.random = random.Random(f"{seed}/{name}")
        self.size = size
        self.reader = None
        # Files beside the store that are stores themselves.
        self.copies = []

    def start(self):
        """From here on, everything is recorded."""
        self.disk = disk.Disk(self.folder)

    def run(self, *arguments, text="", kill_at=None, is_promise=True, erased=""):
        """Runs the program, or a part of its run. What it prints counts as a promise, also that
        what was to be erased stands nowhere any more."""
        environment = self.environment()
        if kill_at:
            environment["RECORDER_KILL_AT"] = str(kill_at)
        promise = b"promise " + erased.encode() if is_promise else b""
        self.mark("B", " ".join(arguments[:2]), promise)
        done = subprocess.run(
            [self.lab.annals, *arguments], input=text.encode(), capture_output=True,
            env=environment, cwd=self.folder)
        # What the replay must have arrived at here.
        self.mark("E", "", disk.Disk(self.folder).live().digest())
        if done.returncode not in ([0, -9] if kill_at else [0]):
            self.lab.anomaly(f"{arguments[:2]}: {done.returncode}: {done.stderr.decode().strip()}")
        return done.returncode

    def environment(self):
        return dict(
            self.lab.environment, LD_PRELOAD=str(self.recorder), ANNALS_STORE=str(self.store),
            RECORDER_FOLDER=str(self.folder), RECORDER_TRACE=str(self.trace))

    def mark(self, kind, name, data):
        with open(self.trace, "ab") as trace:
            trace.write(bytes(disk.Record(kind, 0, 0, name, data)))

    def snapshot(self, action):
        """Has the reader take a snapshot, or release it; what it sees is promised to nobody."""
        self.mark("B", action, b"")
        if self.reader is None:
            self.reader = subprocess.Popen(
                [sys.executable, "-c", READER, str(self.store)], text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environment())
        self.reader.stdin.write(action + "\n")
        self.reader.stdin.flush()
        self.reader.stdout.readline()

    def end(self):
        if self.reader:
            self.reader.stdin.close()
            self.reader.wait()

    # What is written

    def event(self):
        identity = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        on = f"{self.random.randint(1990, 2024)}-{self.random.randint(1, 12):02}-01"
        if self.random.random() < 0.3:
            data = {
                "actor": self.random.choice(["USA", "RUS", "CHN", "FRA"]),
                "topic": "ukraine-integrity", "level": self.random.randint(-2, 2),
                "basis": "declared",
            }
            return {"id": identity, "type": "stance.changed", "on": on, "data": data}
        data = {"speaker": "dmitry-peskov", "kind": "quote", "text": f"it was {identity}"}
        return {"id": identity, "type": "statement.made", "on": on, "data": data}

    def lines(self, count):
        return "".join(json.dumps(self.event()) + "\n" for _ in range(count))

    def append(self):
        event = self.event()
        fields = [f"{name}={value}" for name, value in event["data"].items()]
        return ["append", event["type"], *fields, "--on", event["on"], "--id", event["id"]]


# Workloads: what is done ahead of the record, with the store in place; then what is recorded.

def create(stage):
    stage.run("init", str(stage.store))
    for number in range(stage.size):
        stage.run("append", "actor.registered", f"actor=a{number}", "kind=person", f"name=A {number}")


def demo(stage):
    stage.run("init", str(stage.store), "--demo")
    stage.run(*stage.append())


def appends(stage):
    for _ in range(4 * stage.size):
        stage.run(*stage.append())


def batches(stage):
    for size in stage.random.sample([2, 3, 5, 8, 40, 400], min(6, 2 + stage.size)):
        stage.run("import", "-", text=stage.lines(size))


def snapshots(stage):
    for _ in range(stage.size):
        stage.snapshot("take")
        stage.run(*stage.append())
        stage.run("import", "-", text=stage.lines(40))
        stage.run("replay", "positions")
        stage.snapshot("release")
        stage.run(*stage.append())


def imports(stage):
    stage.run("import", "-", text=stage.lines(1000 * stage.size))


def bulk(stage):
    """Long enough for several commits, and for a checkpoint in the middle."""
    stage.run("import", "-", text=stage.lines(45_000))


def replay(stage):
    types = stage.lab.types()
    for version in range(1, stage.size + 1):
        stage.lab.write_view("every-event", program.every_event(types, version))
        stage.run("replay")
        stage.run(*stage.append())
    stage.lab.environment.pop("ANNALS_PROJECTIONS")


def killed(stage):
    """A program is killed at each of its calls in turn, and its command given again."""
    for with_reader in (False, True):
        if with_reader:
            stage.snapshot("take")
        command, number = stage.append(), 1
        while stage.run(*command, kill_at=number, is_promise=False) != 0:
            stage.run(*command)
            command, number = stage.append(), number + (1 if stage.size > 1 else 3)
    stage.snapshot("release")


def signed(stage):
    """A program is killed at each of its calls, and the head that it left is signed."""
    key = stage.folder.with_suffix(".key")
    stage.lab.must("key", "new", str(key), "--name", LOG)
    status, number = -9, 1
    while status != 0:
        status = stage.run(*stage.append(), kill_at=number, is_promise=False)
        stage.run("checkpoint", "--key", str(key))
        number += 3 // stage.size or 1


def backup(stage):
    stage.copies = ["copy.annals"]
    stage.run("backup", str(stage.folder / "copy.annals"))
    stage.run(*stage.append())


def upgrade(stage):
    """The first command that writes to a store of the earliest format makes it one of today's."""
    stage.run(*stage.append())
    stage.run(*stage.append())


def secret(stage):
    """Appends what will have to be erased; its id, and the text."""
    identity = str(uuid.UUID(int=stage.random.getrandbits(128), version=4))
    text = f"a secret {identity}"
    stage.run(
        "append", "statement.made", "speaker=dmitry-peskov", "kind=quote", f"text={text}",
        "--id", identity)
    return identity, text


def erase(stage):
    for number in range(stage.size):
        identity, text = secret(stage)
        if number % 2:
            stage.run(*stage.append())
        stage.run("erase", identity, "--reason", "asked for", erased=text)


def erase_killed(stage):
    status, number = -9, 1
    while status != 0:
        identity, text = secret(stage)
        command = "erase", identity, "--reason", "asked for"
        status = stage.run(*command, kill_at=number, is_promise=False)
        stage.run(*command, erased=text)
        number += 12 // stage.size


WORKLOADS = {
    "create": create, "demo": demo, "appends": appends, "batches": batches,
    "snapshots": snapshots, "imports": imports, "replay": replay, "killed": killed, "signed": signed,
    "bulk": bulk, "upgrade": upgrade, "backup": backup, "erase": erase, "erase-killed": erase_killed,
}

EMPTY = {"create", "demo"}
# Those that not every version of the program can do.
NEEDED = {
    "signed": "checkpoint", "backup": "backup", "erase": "erase", "erase-killed": "erase",
}
# How many of the states each is given; a state of the heaviest takes a hundred times longer.
SHARES = collections.defaultdict(lambda: 10, imports=2, bulk=0.1)


def record(lab, recorder, scratch, name, options):
    """Runs a workload under the recorder."""
    folder = scratch / name
    folder.mkdir()
    stage = Stage(lab, recorder, folder, name, options.seed, options.size)
    if name == "upgrade":
        with lzma.open(EARLIEST) as earliest:
            stage.store.write_bytes(earliest.read())
    elif name not in EMPTY:
        shutil.copyfile(lab.store, stage.store)
    stage.start()
    WORKLOADS[name](stage)
    stage.end()
    return stage


def compile_recorder(folder):
    """The recorder as a library; None where it cannot be had."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler or sys.platform != "linux":
        return None
    library = folder / "recorder.so"
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", library, pathlib.Path(__file__).parent / "recorder.c",
         "-ldl", "-lpthread"], check=True)
    return library
