"""What power-cut.py has the program do under the recorder."""

import collections
import itertools
import json
import lzma
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import uuid

import disk
import program
import store

STORE = "un.annals"
LOG = "example.org/log"
KEY = "log.key"
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
        # Of the syncs of a command, every how many-th fails, in trials of their own.
        # Each trial of the heaviest writes some 200 MB, and its record is held in memory.
        self.step = 8 if name in LONG else 1 if size > 1 else 3
        self.first = self.random.randint(1, self.step)
        self.has_failed = False
        self.reader = None
        # Files beside the store that are stores themselves.
        self.copies = []

    def start(self):
        """From here on, everything is recorded."""
        self.disk = disk.Disk(self.folder)

    def run(
        self, *arguments, text="", kill_at=None, is_killed_behind_output=False, fail_sync=None,
        is_promise=True, erased="", store=STORE
    ):
        """Runs the program, or a part of its run, or with a sync that fails; answers with its status.

        What it prints counts as a promise, also that what was to be erased stands nowhere any more.
        If it is not to be a promise (`is_promise`), the receipts are one all the same, and the whole
        where the program ends well."""
        environment = dict(self.environment(), ANNALS_STORE=str(self.folder / store))
        if kill_at:
            environment["RECORDER_KILL_AT"] = str(kill_at)
        if is_killed_behind_output:
            environment["RECORDER_KILL_BEHIND_OUTPUT"] = "1"
        if fail_sync:
            environment["RECORDER_FAIL_SYNC"] = fail_sync
        kind = "promise" if is_promise else "receipts"
        how = f", sync {fail_sync} failed" if fail_sync else ""
        self.mark("B", " ".join(arguments[:2]) + how, f"{kind}\t{store}\t{erased}".encode())
        start = self.trace.stat().st_size
        done = subprocess.run(
            [self.lab.annals, *arguments], input=text.encode(), capture_output=True,
            env=environment, cwd=self.folder)
        self.has_failed = any(record.kind in "FG" for record in disk.records(self.trace, start))
        # What the replay must have arrived at here.
        self.mark("E", str(done.returncode), disk.Disk(self.folder).live().digest())
        usual = [0, 73, 74, 75] if fail_sync else [0]
        if done.returncode not in usual + ([-9] if kill_at or is_killed_behind_output else []):
            errors = done.stderr.decode().strip()
            self.lab.anomaly(f"{arguments[:2]}{how}: {done.returncode}: {errors}")
        return done.returncode

    def environment(self):
        return dict(
            self.lab.environment, LD_PRELOAD=str(self.recorder), ANNALS_STORE=str(self.store),
            RECORDER_FOLDER=str(self.folder), RECORDER_TRACE=str(self.trace))

    def mark(self, kind, name, data):
        with open(self.trace, "ab") as trace:
            trace.write(bytes(disk.Record(kind, 0, 0, name, data)))

    def count(self):
        """How many events there are, read from a copy: nothing of it is recorded."""
        copy = self.folder.with_suffix(".copy")
        disk.Disk(self.folder).live().write(copy)
        return len(store.Reading(copy / STORE).ids)

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

    def numbers(self):
        """Which of the syncs of a command fail, one after the other."""
        return itertools.count(self.first, self.step)

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
        stage.run("replay", "stances")
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


def erase_left(stage):
    """An erasure is killed at each of its calls, and nobody gives it again: where it was committed, the
    next append leaves no trace of what it erased."""
    status, number = -9, 1
    while status != 0:
        identity, text = secret(stage)
        before = stage.count()
        status = stage.run(
            "erase", identity, "--reason", "asked for", kill_at=number, is_promise=False)
        is_committed = stage.count() > before
        stage.run(*stage.append(), is_promise=False, erased=text if is_committed else "")
        number += 36 // stage.size


# The same under a disk whose syncs fail.

FAILURES = ["{}", "{}:ENOSPC", "{}+", "{}:EINTR", "{}+:ENOSPC", "{}:EDQUOT"]


def failing(stage, command, trials=("plain", "killed", "killed", "read")):
    """Has each sync of a command fail in turn, the first of those that come, or all from there on.

    `command` makes it anew for each trial, and answers with what `Stage.run` takes. It is given once
    more then, and other commands follow. In every other trial, all of these are killed as soon as they
    have printed something, and so none of them moves the write-ahead log into the file; in others, a
    reader keeps them from that. Now and then, the command fails or is killed a second time."""
    for number in stage.numbers():
        trial = stage.random.choice(trials)
        made, options = command()
        if trial == "read":
            stage.snapshot("take")
        stage.run(*made, **options, fail_sync=failure(stage, number), is_promise=False)
        has_failed = stage.has_failed
        second = stage.random.choice(["none", "none", "fails", "killed"])
        if second == "fails":
            again = failure(stage, stage.random.randint(1, 6))
            stage.run(*made, **options, fail_sync=again, is_promise=False)
        elif second == "killed":
            stage.run(*made, **options, kill_at=stage.random.randint(1, 40), is_promise=False)
        stage.run(*made, **options, **behind(trial))
        for _ in range(2):
            stage.run(*stage.append(), **behind(trial))
        if trial == "read":
            stage.snapshot("release")
        if not has_failed:
            return


def failure(stage, number):
    return stage.random.choice(FAILURES).format(number)


def behind(trial):
    return {"is_killed_behind_output": True, "is_promise": False} if trial == "killed" else {}


def failing_appends(stage):
    failing(stage, lambda: (stage.append(), {}))


def failing_batches(stage):
    def command():
        return ["import", "-"], {"text": stage.lines(stage.random.choice([2, 40, 400]))}
    failing(stage, command)


def failing_bulk(stage):
    failing(stage, lambda: (["import", "-"], {"text": stage.lines(45_000)}))


def failing_replay(stage):
    types = stage.lab.types()
    versions = iter(range(1, 1000))

    def command():
        stage.lab.write_view("every-event", program.every_event(types, next(versions)))
        return ["replay"], {}
    failing(stage, command)
    stage.lab.environment.pop("ANNALS_PROJECTIONS")


def failing_erase(stage):
    def command():
        identity, text = secret(stage)
        return ["erase", identity, "--reason", "asked for"], {"erased": text}
    # A reader's older pages keep what was erased: the program says so.
    failing(stage, command, ("plain", "killed"))


def failing_signed(stage):
    """A head is signed over an append that failed, and signing fails itself."""
    def command():
        stage.run(*stage.append(), fail_sync=str(stage.random.randrange(1, 5)), is_promise=False)
        return ["checkpoint", "--key", str(stage.folder / KEY)], {}
    failing(stage, command)


def failing_create(stage):
    """Stores are made, and whoever makes one goes on with what is there then."""
    for number, name in zip(stage.numbers(), stage.copies):
        made = {"store": name}
        first = ["append", "actor.registered", "actor=a", "kind=person", "name=A"]
        stage.run("init", str(stage.folder / name), fail_sync=str(number), is_promise=False)
        has_failed = stage.has_failed
        if not (stage.folder / name).exists():
            stage.run("init", str(stage.folder / name))
        stage.run(*first, **made, **behind(stage.random.choice(["plain", "killed"])))
        if not has_failed:
            return


def failing_backup(stage):
    for number, name in zip(stage.numbers(), stage.copies):
        copy = stage.folder / name
        stage.run("backup", str(copy), fail_sync=str(number), is_promise=False)
        has_failed = stage.has_failed
        if not copy.exists():
            stage.run("backup", str(copy))
        stage.run(*stage.append(), **behind(stage.random.choice(["plain", "killed"])))
        if not has_failed:
            return


def failing_upgrade(stage):
    for number, name in zip(stage.numbers(), stage.copies):
        command = stage.append()
        stage.run(*command, store=name, fail_sync=str(number), is_promise=False)
        stage.run(*command, store=name, **behind(stage.random.choice(["plain", "killed"])))
        stage.run(*stage.append(), store=name)


FAILING = {
    "failing-appends": failing_appends, "failing-batches": failing_batches,
    "failing-replay": failing_replay, "failing-signed": failing_signed,
    "failing-create": failing_create, "failing-backup": failing_backup,
    "failing-upgrade": failing_upgrade, "failing-erase": failing_erase, "failing-bulk": failing_bulk,
}

WORKLOADS = {
    "create": create, "demo": demo, "appends": appends, "batches": batches,
    "snapshots": snapshots, "imports": imports, "replay": replay, "killed": killed, "signed": signed,
    "bulk": bulk, "upgrade": upgrade, "backup": backup, "erase": erase, "erase-killed": erase_killed,
    "erase-left": erase_left,
}

EMPTY = {"create", "demo"}
# Left out of a short run.
LONG = {"bulk", "erase-killed", "erase-left", "failing-bulk"}
# How many stores a workload makes, or finds, beside the first.
OTHERS = {"failing-create": 12, "failing-backup": 12, "failing-upgrade": 12}
# Those that not every version of the program can do.
NEEDED = {
    "signed": "checkpoint", "backup": "backup", "erase": "erase", "erase-killed": "erase",
    "erase-left": "erase", "failing-signed": "checkpoint", "failing-backup": "backup", "failing-erase": "erase",
}
# How many of the states each is given; a state of the heaviest takes a hundred times longer.
SHARES = collections.defaultdict(lambda: 10, {"imports": 2, "bulk": 0.1, "failing-bulk": 0.1})


def record(lab, recorder, scratch, name, options):
    """Runs a workload under the recorder."""
    folder = scratch / name
    folder.mkdir()
    stage = Stage(lab, recorder, folder, name, options.seed, options.size)
    stage.copies = [f"other-{number}.annals" for number in range(1, OTHERS.get(name, 0) // stage.step + 1)]
    if name.endswith("upgrade"):
        with lzma.open(EARLIEST) as earliest:
            content = earliest.read()
        for path in [STORE, *stage.copies]:
            (folder / path).write_bytes(content)
    elif name not in EMPTY:
        shutil.copyfile(lab.store, stage.store)
    if name == "failing-signed":
        lab.must("key", "new", str(folder / KEY), "--name", LOG)
    stage.start()
    {**WORKLOADS, **FAILING}[name](stage)
    stage.end()
    return stage


def compile_recorder(folder):
    """The recorder as a library; None where it cannot be had."""
    return compile_library(folder, "recorder.c")


def need_recorder(lab):
    """The recorder as a library; ends a test that needs it where it cannot be had, or where Python's SQLite
    cannot read a store."""
    if not store.IS_NEW_ENOUGH:
        lab.skip("Python's SQLite is older than 3.37")
    recorder = compile_recorder(lab.folder)
    if not recorder:
        lab.skip("there is no C compiler, or this is not Linux")
    return recorder


def compile_library(folder, source, *arguments):
    """A file beside this one as a library that can be preloaded; None where that cannot be had."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler or sys.platform != "linux":
        return None
    library = folder / f"{source}.so"
    done = subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", library, pathlib.Path(__file__).parent / source,
         *arguments, "-ldl", "-lpthread"], capture_output=True, text=True)
    if done.returncode != 0 and "sqlite3.h" not in done.stderr:
        sys.exit(done.stderr)
    return library if done.returncode == 0 else None


# The version of SQLite that needs the file lock less.
FIXED = (3, 51, 3)


def take_lock_away(lab):
    """Has all programs run without the file lock, and wait where that matters; see schedule.c."""
    library = compile_library(lab.folder, "schedule.c", "-lsqlite3")
    if not library:
        lab.skip("there is no C compiler or no sqlite3.h, or this is not Linux")
    lab.environment.update(
        LD_PRELOAD=str(library), SCHEDULE_WITHOUT_LOCK="1", SCHEDULE_HUNT="900",
        SCHEDULE_FOLDER=str(lab.folder))


def finish_without_lock(lab, seconds):
    """Ends a test that must find something, because the file lock was taken away."""
    found, lab.anomalies = len(lab.anomalies), []
    if found:
        print(f"{found} anomalies within {seconds:.0f} s, as there must be without the file lock")
    elif sqlite3.sqlite_version_info >= FIXED:
        print("nothing was found without the file lock: this SQLite has the fix")
    else:
        lab.anomaly("nothing was found without the file lock: this test would not notice its loss")
    lab.finish()
