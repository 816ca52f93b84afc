#!/usr/bin/env python3
"""Has one system call after the other fail, in every command, and looks how the program takes it.

    Scripts/survival/syscall-faults.py [--short | --long] [--faults N] [--command NAME]...
                                       [--failed-syncs] [--seed N] [--annals PATH]

A command is run under strace once to count its calls, and then again and again: each time the Nth
call of one kind fails with one error, once or from then on, for every N, kind, error and command
(or for --faults of them, chosen at random; 150 with --short). Whatever fails, the program must

  end by itself, in time, and with an exit code that its manual knows, never the one for a bug;
  when it ends with 0, have done all and said all that it does and says without a fault;
  have stored every event that it printed a receipt for, and no batch in part;
  leave a file that passes SQLite's integrity check, with everything in it that was there before;
  and do its work when the same command is given once more.

With --failed-syncs, syncs fail on a disk that drops what they were to write, as Linux does
(../support/disk.py): there, the power is cut behind everything that the program prints, and behind its
end, in both runs. All of the above must hold after each cut. A quarter of the faults are such syncs,
or all that there are.

Exit code 1 on any anomaly. Needs Linux, Python 3 and strace; a C compiler for the cuts.
"""

import collections
import json
import os
import pathlib
import random
import re
import shutil
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

# The errors that a call can end with.
ERRORS = {
    "openat": ["EIO", "EACCES", "EMFILE", "ENOSPC", "EINTR"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "write": ["EIO", "ENOSPC", "EINTR", "EAGAIN"],
    "pwrite64": ["EIO", "ENOSPC", "EINTR"],
    "fsync": ["EIO", "ENOSPC", "EINTR"],
    "fdatasync": ["EIO", "ENOSPC", "EINTR"],
    "ftruncate": ["EIO", "EINTR"],
    "newfstatat": ["EIO"],
    "fchown": ["EPERM"],
    "fcntl": ["EIO", "EAGAIN", "EINTR", "ENOLCK"],
    "flock": ["EIO", "EAGAIN", "EINTR", "ENOLCK"],
    "mmap": ["ENOMEM"],
    "unlink": ["EIO", "EACCES"],
    "link": ["EIO", "ENOSPC"],
    "rename": ["EIO", "ENOSPC"],
    "renameat2": ["EIO", "ENOSPC", "EINVAL"],
}
# Errors that are waited out when they come: one that never goes away is a busy store.
PASSING = ("EINTR", "EAGAIN")
PATIENT = ("fcntl",)
SYNCS = ("fsync", "fdatasync")
# At each place where the power is cut, what the disk may hold is put together so many times.
CUTS = 6
# Where calls are counted: on the files of a store; in the whole program, with what happens ahead of
# its first line and on files with names of the moment; and where it says what it has done.
SCOPES = {
    "files": [call for call in ERRORS if call != "write"],
    "program": [call for call in ERRORS if call != "mmap"],
    "output": ["write"],
}

# Exit codes of `annals help exit-codes`, without 0 and 2, and 127: a library could not be loaded.
HONEST = {1, 3, 4, 64, 65, 66, 73, 74, 75, 78, 127}
RECEIPT = re.compile(r"^(\d+)\t([0-9a-f-]{36})\t", re.MULTILINE)
IDENTITY = str(uuid.UUID(int=1, version=4))
# A lock that is never granted is waited for ten seconds each time that a command asks for it.
PATIENCE = 180


class Command:
    """A command, the files it starts from, and what it does when nothing fails."""

    def __init__(
        self, name, *arguments, text="", base="demo", is_writing=False,
        scopes=("files", "output"), erased=""
    ):
        self.name = name
        self.scopes = scopes
        self.erased = erased.encode()
        self.arguments = arguments
        self.text = text
        self.base = base
        self.is_writing = is_writing

    def learn(self, bench):
        bench.reset(self.base)
        self.before = store.Reading(bench.store) if bench.store.exists() else None
        self.status, self.output, errors, _ = bench.run(self, "output")
        if self.status != 0:
            bench.lab.anomaly(f"{self.name} without a fault: {self.status}: {errors}")
        self.after = store.Reading(bench.store)
        self.files = set(os.listdir(bench.folder))


STATEMENT = ["statement.made", "speaker=dmitry-peskov", "kind=quote", "text=heard"]


def commands(lab, events):
    """All commands that are tried."""
    lines = "".join(json.dumps(event) + "\n" for event in events)
    statement = next(event for event in lab.export() if event["type"] == "statement.made")
    found = [
        Command("init", "init", base="nothing", is_writing=True, scopes=["program"]),
        Command("append", "append", *STATEMENT, "--id", IDENTITY, is_writing=True),
        Command("append-recovering", "append", *STATEMENT, "--id", IDENTITY, base="left open",
                is_writing=True),
        Command("import", "import", "-", text=lines, is_writing=True),
        Command("correct", "correct", str(statement["seq"]), "--set", "text=said", "--reason", "misheard",
                is_writing=True),
        Command("retract", "retract", str(statement["seq"]), "--reason", "not said", is_writing=True),
        Command("replay", "replay", is_writing=True),
        Command("replay-check", "replay", "--check"),
        Command("export", "export"),
        Command("export-recovering", "export", base="left open"),
        Command("show", "show", "USA", "ukraine-integrity", scopes=("files", "output", "program")),
        Command("doctor", "doctor"),
    ]
    if lab.knows("verify"):
        found.append(Command("verify", "verify"))
    if lab.knows("erase"):
        found.append(
            Command("erase", "erase", str(statement["seq"]), "--reason", "asked for",
                    is_writing=True, erased=statement["data"]["text"]))
    if lab.knows("backup"):
        found.append(Command("backup", "backup", "copy.annals", is_writing=True, scopes=["program"]))
    return found


class Bench:
    """A folder in which commands are run and fail."""

    def __init__(self, lab, scratch, recorder):
        self.lab = lab
        self.recorder = recorder
        self.trace = scratch / "trace"
        self.after_cut = scratch / "after a cut"
        self.copied = scratch / "copied"
        self.folder = scratch / "bench"
        self.store = self.folder / "un.annals"
        self.log = scratch / "log"
        self.bases = scratch / "bases"
        # A program that traps ends at once: its backtrace would need the calls that fail.
        self.environment = dict(
            lab.environment, ANNALS_STORE=str(self.store), SWIFT_BACKTRACE="enable=no")
        self.make_bases()

    def make_bases(self):
        for base in ("nothing", "demo", "left open"):
            (self.bases / base).mkdir(parents=True)
        shutil.copyfile(self.lab.store, self.bases / "demo" / "un.annals")
        # As a crash leaves it: a committed append stands in the write-ahead log only.
        self.reset("demo")
        reader = store.sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        reader.execute("BEGIN").execute("SELECT count(*) FROM event").fetchone()
        subprocess.run(
            [self.lab.annals, "append", "actor.named", "actor=USA", "name=left open"],
            env=self.environment, check=True, capture_output=True)
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{self.store}{suffix}", self.bases / "left open" / f"un.annals{suffix}")
        reader.close()

    def reset(self, base):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.bases / base, self.folder)

    def copy(self):
        """A copy of the store as it is, which reading may change."""
        disk.Disk(self.folder).live().write(self.copied)
        return self.copied / self.store.name

    def run(self, command, scope, call=None, error=None, when=None):
        """Exit code, output, errors, and the calls that strace saw."""
        traced = call or ",".join(SCOPES[scope])
        arguments = ["strace", "-f", "-qq", "-o", str(self.log), "-e", f"trace={traced}"]
        if call:
            arguments += ["-e", f"inject={call}:error={error}:when={when}"]
        if scope == "files":
            paths = [f"{self.store}{suffix}" for suffix in ("", "-wal", "-shm", "-journal", ".lock")]
            for path in [*paths, str(self.folder), "annals.yaml"]:
                arguments += ["-P", path]
        try:
            done = subprocess.run(
                [*arguments, self.lab.annals, *command.arguments], input=command.text.encode(),
                capture_output=True, env=self.environment, cwd=self.folder, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return None, "", "", []
        lines = self.log.read_text(errors="replace").splitlines()
        return (
            done.returncode, done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"), lines)

    def run_recorded(self, command, arguments, fail_sync=None):
        """Exit code, output, errors, and what the program did to the disk."""
        self.trace.unlink(missing_ok=True)
        environment = dict(
            self.environment, LD_PRELOAD=str(self.recorder), RECORDER_FOLDER=str(self.folder),
            RECORDER_TRACE=str(self.trace))
        if fail_sync:
            environment["RECORDER_FAIL_SYNC"] = fail_sync
        try:
            done = subprocess.run(
                [self.lab.annals, *arguments], input=command.text.encode(), capture_output=True,
                env=environment, cwd=self.folder, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return None, "", "", []
        return (
            done.returncode, done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"), disk.records(self.trace))


class Sweep:
    """All faults of all commands."""

    def __init__(self, bench, chance):
        self.bench = bench
        self.lab = bench.lab
        self.random = chance
        self.injected = self.cuts = 0
        self.ends = collections.Counter()
        self.unknown = 0

    def plan(self, command, scope):
        """Every call, error and place of a command. strace counts by thread, and so do we."""
        self.bench.reset(command.base)
        *_, lines = self.bench.run(command, scope)
        counts = collections.Counter()
        for line in lines:
            thread, _, rest = line.partition(" ")
            counts[rest.strip().partition("(")[0], thread] += 1
        most = collections.Counter()
        for (name, _), count in counts.items():
            most[name] = max(most[name], count)
        for call in (ERRORS.keys() - self.recorded_calls()) & most.keys():
            for error in ERRORS[call]:
                for number in range(1, most[call] + 1):
                    yield command, scope, call, error, str(number)
                    if call not in PATIENT:
                        last = f"..{number + 3}" if error in PASSING else "+"
                        yield command, scope, call, error, f"{number}{last}"

    def recorded_calls(self):
        """The calls that fail within the recorder, and not within strace."""
        return set(SYNCS if self.bench.recorder else ())

    def plan_syncs(self, command):
        """Every sync of a command."""
        if not self.bench.recorder:
            return
        self.bench.reset(command.base)
        *_, records = self.bench.run_recorded(command, command.arguments)
        for number in range(1, 1 + sum(record.kind in "SD" for record in records)):
            for error in ERRORS["fsync"]:
                for when in str(number), f"{number}+":
                    yield command, "disk", "sync", error, when

    def inject(self, command, scope, call, error, when):
        bench = self.bench
        bench.reset(command.base)
        platter = disk.Disk(bench.folder)
        if scope == "disk":
            status, output, errors, records = bench.run_recorded(
                command, command.arguments, f"{when}:{error}")
            was_injected = any(record.kind in "FG" for record in records)
        else:
            status, output, errors, lines = bench.run(command, scope, call, error, when)
            failed = [line for line in lines if "(INJECTED)" in line]
            # The Dispatch library reads the state of its threads, and ends the program where it cannot.
            was_injected = bool(failed) and not any('"/proc/' in line for line in failed)
            if failed and not was_injected:
                return
        if status is not None and not was_injected:
            return
        self.injected += 1
        self.ends[status] += 1
        self.unknown += "E1412" in errors
        name = f"{command.name}, {call} = {error} at {when} of the {scope}"
        told = f"{name}: ended with {status}: {errors.strip()[:300]}"
        if status is None:
            self.lab.anomaly(f"{name}: did not end within {PATIENCE} seconds")
        elif status != 0 and status not in HONEST:
            self.lab.anomaly(told)
        elif status == 0 and not says_as_much(output, command.output):
            self.lab.anomaly(f"{name}: ended well, but printed {output[:200]!r}")
        if status == 0:
            self.check_erased(command, name)
        reading = self.check_file(command, name, is_copied=scope == "disk")
        if reading and (command.is_writing or reading.ids != command.after.ids):
            self.check_events(command, reading, status, output, told)
        leftovers = set(os.listdir(bench.folder)) - command.files
        leftovers -= {"un.annals-wal", "un.annals-shm", "un.annals.lock"}
        if leftovers and call != "unlink":
            self.lab.anomaly(f"{name}: left {sorted(leftovers)}")
        if scope == "disk":
            self.check_cuts(command, name, platter, records, reading, status == 0)
        self.repeat(command, name, reading, platter if scope == "disk" else None)

    def check_file(self, command, name, is_copied):
        """What the fault left, once it can be read; of a copy where the disk must not be written to."""
        path = self.bench.copy() if is_copied else self.bench.store
        if not path.exists():
            if command.before is not None:
                self.lab.anomaly(f"{name}: the store is gone")
            return None
        reading = store.Reading(path)
        if reading.fault:
            self.lab.anomaly(f"{name}: {reading.fault}")
            return None
        return reading

    def check_events(self, command, reading, status, output, told):
        before = command.before.ids if command.before else []
        if reading.ids[:len(before)] != before:
            self.lab.anomaly(f"{told}; what was there before is not there any more")
        added, wanted = reading.ids[len(before):], command.after.ids[len(before):]
        if command.erased:
            # That something was erased is told under another id each time.
            wanted = added if len(added) == len(wanted) else wanted
        if added not in ([], wanted):
            self.lab.anomaly(f"{told}; {len(added)} of {len(wanted)} events are there")
        if status == 0 and added != wanted:
            self.lab.anomaly(f"{told}; nothing was stored")
        self.check_receipts(reading, output, told)

    def check_receipts(self, reading, output, told):
        for position, identity in RECEIPT.findall(output):
            place = int(position) - 1
            if reading.ids[place:place + 1] != [identity.replace("-", "")]:
                self.lab.anomaly(f"{told}; acknowledged and not there: {identity}")
                return

    def check_erased(self, command, name):
        """What was erased stands nowhere in the files, not even in what is free."""
        for path in self.bench.folder.iterdir() if command.erased else ():
            if command.erased in path.read_bytes():
                self.lab.anomaly(f"{name}: what was erased is still in {path.name}")

    def check_cuts(self, command, name, platter, records, reading, is_done):
        """Cuts the power behind each line that was printed, and at the end. `reading` is what the
        program left; a cut may take the end of it, but nothing that was acknowledged."""
        printed = ""
        for record in records:
            if record.kind == "A":
                printed += record.data.decode(errors="replace")
                self.cut(command, f"{name}, then a power cut", platter, printed, reading, False)
            else:
                platter.apply(record)
        if platter.live().digest() != disk.Disk(self.bench.folder).live().digest():
            raise SystemExit(f"the record of {name} does not lead to its files")
        self.cut(command, f"{name}, then its end and a power cut", platter, printed, reading, is_done)

    def cut(self, command, name, platter, printed, whole, is_done):
        for _ in range(1 if platter.is_settled() else CUTS):
            self.cuts += 1
            state = platter.crashed(self.random)
            state.write(self.bench.after_cut)
            told = f"{name} that leaves {sorted(state.names)}"
            if is_done and command.erased:
                if any(command.erased in content for content in state.contents.values()):
                    self.lab.anomaly(f"{told}: what was erased is there")
            if is_done and command.name == "backup":
                copy = store.Reading(self.bench.after_cut / "copy.annals")
                if copy.fault or copy.ids != command.before.ids:
                    self.lab.anomaly(f"{told}: the copy: {copy.fault}, {len(copy.ids)} events")
            if "un.annals" not in state.names:
                if is_done or command.before is not None:
                    self.lab.anomaly(f"{told}: the store is gone")
                continue
            reading = store.Reading(self.bench.after_cut / "un.annals")
            count, before = len(reading.ids), len(command.before.ids) if command.before else 0
            if reading.fault:
                self.lab.anomaly(f"{told}: {reading.fault}")
            elif whole is None and not is_done and count == 0:
                # A store that could not be made was removed again, and the removal was not synced.
                pass
            elif whole is None or reading.ids != whole.ids[:count] or count < before:
                self.lab.anomaly(f"{told}: {count} events that are not the first ones")
            elif is_done and count < len(whole.ids):
                self.lab.anomaly(f"{told}: {count} of {len(whole.ids)} events")
            elif count < len(whole.ids) and whole.batches[count] in reading.batches:
                self.lab.anomaly(f"{told}: a batch is there in part")
            self.check_receipts(reading, printed, told)

    def repeat(self, command, name, reading, platter=None):
        """The same once more, without a fault."""
        bench = self.bench
        if command.name == "init" and reading:
            # It is made already, and must be as good as any.
            arguments = store.SURVIVOR
        elif command.name == "backup" and (bench.folder / "copy.annals").exists():
            arguments = ("doctor", "-s", "copy.annals")
        else:
            arguments = command.arguments
        if platter:
            status, _, errors, records = bench.run_recorded(command, arguments)
        else:
            done = subprocess.run(
                [self.lab.annals, *arguments], input=command.text.encode(), capture_output=True,
                env=bench.environment, cwd=bench.folder)
            status, errors = done.returncode, done.stderr.decode()
        after = store.Reading(bench.copy() if platter else bench.store)
        wanted = command.before.ids if command.erased else command.after.ids
        is_stored = after.ids[:len(wanted)] == wanted and len(after.ids) >= len(command.after.ids)
        # What is corrected, retracted or erased already is not corrected again, and that is said.
        is_done = status == 0 or (status in (3, 65) and reading.ids == after.ids)
        if not is_done or not is_stored or after.fault:
            self.lab.anomaly(f"{name}; then once more: {status}: {errors} {after.fault}")
        if status == 0:
            self.check_erased(command, f"{name}; then once more")
        if platter and is_done and arguments == command.arguments:
            self.check_cuts(
                command, f"{name}; then once more", platter, records, after, is_done)


def says_as_much(output, whole):
    """True for the same answer, or one that says of a line that it is unknown (doctor)."""
    lines, whole_lines = output.splitlines(), whole.splitlines()
    return len(lines) == len(whole_lines) and all(
        line == other or (line.split()[1:] == ["unknown"] and line.split()[0] == other.split()[0])
        for line, other in zip(lines, whole_lines))


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--faults", type=int, help="all of them; --short: 150")
    parser.add_argument("--command", action="append", metavar="NAME")
    parser.add_argument("--failed-syncs", action="store_true")
    options = parser.parse_args()
    if options.short and options.faults is None:
        options.faults = 150

    lab = program.Lab(program.find(options.annals), "syscall-faults")
    print(f"seed {options.seed}, {lab.annals}")
    if not shutil.which("strace"):
        lab.skip("strace is missing")
    if subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True).returncode:
        lab.skip("strace may not trace here")
    if not store.IS_NEW_ENOUGH:
        lab.skip("Python's SQLite is older than 3.37")
    lab.must("init", str(lab.store), "--demo")
    chance = random.Random(options.seed)
    events = [
        {"id": str(uuid.UUID(int=chance.getrandbits(128), version=4)), "type": "statement.made",
         "data": {"speaker": "dmitry-peskov", "kind": "quote", "text": f"statement {number}"}}
        for number in range(20)]
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else lab.folder
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annals-faults-", dir=memory))
    try:
        recorder = workloads.compile_recorder(lab.folder) if options.failed_syncs else None
        if options.failed_syncs and not recorder:
            lab.skip("there is no C compiler, or this is not Linux")
        sweep = Sweep(Bench(lab, scratch, recorder), chance)
        start = time.monotonic()
        chosen = [
            command for command in commands(lab, events)
            if not options.command or command.name in options.command]
        plan, syncs = [], []
        for command in chosen:
            command.learn(sweep.bench)
            for scope in command.scopes:
                plan += sweep.plan(command, scope)
            syncs += sweep.plan_syncs(command)
        if options.faults is not None and options.faults < len(plan) + len(syncs):
            syncs = chance.sample(syncs, min(len(syncs), options.faults // 4))
            plan = chance.sample(plan, min(len(plan), options.faults - len(syncs)))
        for fault in plan + syncs:
            sweep.inject(*fault)
        seconds = time.monotonic() - start
    finally:
        shutil.rmtree(scratch)
    ends = ", ".join(f"{count:,} with {status}" for status, count in sweep.ends.most_common())
    print(
        f"{sweep.injected:,} faults in {len(chosen)} commands in {seconds:.1f} s; ended {ends}; "
        f"{sweep.unknown:,} said that it is unclear whether it was written; {sweep.cuts:,} power cuts "
        "behind syncs that failed")
    if sweep.injected == 0:
        lab.anomaly("no call failed: this run has shown nothing")
    lab.finish()


main()
