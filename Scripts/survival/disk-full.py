#!/usr/bin/env python3
"""Fills the disk under the program at every kind of work, and looks whether anything breaks.

    Scripts/survival/disk-full.py [--short | --long] [--trials 2000] [--largest 16384]
                                  [--seed N] [--annals PATH]

A store lies on a file system in memory (tmpfs) of 256 KiB to --largest KiB, in steps of a factor of
two, and takes about half of it. Another file leaves a random number of bytes free, down to none.
Then the program appends, imports, corrects, rebuilds its views, makes a backup, erases, until it
fails for want of space. Then

  the exit code is 74, and the error says that the disk is full (E1408, or E1412 where a commit had
  begun); everything acknowledged is there, no batch in part, and no half file is left behind;
  the record can be read, and its views equal the log, while the disk is still full;
  the same command works once there is space, and SQLite's integrity check passes.

Exit code 1 on any anomaly. Needs Linux, root and Python 3.
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
import program  # noqa: E402
import store  # noqa: E402

STORE = "un.annals"
RECEIPT = re.compile(r"^(\d+)\t([0-9a-f-]{36})\t", re.MULTILINE)
FULL = re.compile(r"error\[E(1408|1412)\]")
READS = (["export"], ["log"], ["list", "actors"], ["doctor"], ["replay", "--check"])
ACTORS = ["USA", "RUS", "CHN", "FRA"]


class Memory:
    """A small file system, and how much of it is free."""

    def __init__(self, folder, kibibytes):
        self.folder = folder
        self.kibibytes = kibibytes
        self.folder.mkdir(exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", str(folder)],
            capture_output=True, text=True)
        if done.returncode != 0:
            raise OSError(done.stderr.strip())
        self.ballast = folder / "ballast"

    def free(self):
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize

    def leave(self, size):
        """Leaves so many bytes free."""
        # Whole pages, as many as there are.
        self.ballast.write_bytes(bytes(max(0, self.free() - size)))

    def empty(self):
        for path in self.folder.iterdir():
            path.unlink()

    def unmount(self):
        subprocess.run(["umount", str(self.folder)], check=True)


class Trials:
    """Many disks that are full at different moments."""

    def __init__(self, lab, scratch, chance):
        self.lab = lab
        self.scratch = scratch
        self.random = chance
        self.count = self.refused = self.fitted = 0
        self.codes = collections.Counter()
        self.works = [
            work for work in (
                self.append, self.imports, self.correct, self.replay, self.backup, self.erase)
            if work.__name__ not in ("backup", "erase") or lab.knows(work.__name__)]

    def base(self, kibibytes):
        """A store of about half the size of its disk."""
        path = self.scratch / f"{kibibytes}.annals"
        self.lab.must("init", str(path))
        for actor in ACTORS:
            self.lab.must(
                "append", "actor.registered", f"actor={actor}", "kind=state", f"name={actor}",
                "-s", str(path))
        count = 20
        while count > 0:
            self.lab.must("import", "-", "-s", str(path), text=lines(self.random, count))
            count = (kibibytes * 512 - path.stat().st_size) // 1500
        return path

    def run(self, memory, base):
        """One trial of each kind of work."""
        for work in self.works:
            memory.empty()
            shutil.copyfile(base, memory.folder / STORE)
            # What a read needs: it makes the shared index of the write-ahead log.
            largest = self.random.choice([40_000, 100_000, 300_000, 3_000_000])
            memory.leave(self.random.randrange(largest))
            self.trial(memory, work)

    def trial(self, memory, work):
        self.count += 1
        self.memory = memory
        self.path = memory.folder / STORE
        before = self.read()
        free = memory.free()
        self.name = f"{work.__name__} with {free:,} bytes free of {memory.kibibytes} KiB"
        files = set(os.listdir(memory.folder))
        failed = None
        for arguments, text, ids in work(before):
            status, output, errors = self.command(*arguments, text=text)
            if status != 0:
                failed = arguments, text
                break
            files |= {argument for argument in arguments if argument == "copy.annals"}
            before = self.check(before, ids, output, is_acknowledged=True)
        if not failed:
            self.fitted += 1
            return
        self.refused += 1
        told = FULL.search(errors)
        self.codes[told[0] if told else errors.strip()[:60]] += 1
        if status != 74 or not told:
            self.anomaly(f"ended with {status}: {errors.strip()}")
        self.check(before, ids, output, is_acknowledged=False)
        left = set(os.listdir(memory.folder)) - files
        left -= {STORE + suffix for suffix in ("-wal", "-shm", ".lock")}
        if left:
            self.anomaly(f"left {sorted(left)}")
        for command in READS:
            status, _, errors = self.command(*command)
            if status != 0:
                self.anomaly(f"{' '.join(command)} while it is full: {status}: {errors.strip()}")
        memory.ballast.unlink()
        self.recover(memory, *failed)

    def recover(self, memory, arguments, text):
        """What failed must work when there is space."""
        subprocess.run(
            ["mount", "-o", f"remount,size={64 * 1024}k", str(memory.folder)], check=True)
        status, _, errors = self.command(*arguments, text=text)
        # What is stored already is not corrected or erased again, and that is said.
        if status not in (0, 3, 65):
            self.anomaly(f"once there is space: {status}: {errors.strip()}")
        for fault in store.examine(self.lab, self.path, self.read()):
            self.anomaly(f"once there is space: {fault}")
        memory.empty()
        subprocess.run(
            ["mount", "-o", f"remount,size={memory.kibibytes}k", str(memory.folder)], check=True)

    def check(self, before, ids, output, is_acknowledged):
        """The file after a command that was to add some events."""
        reading = self.read()
        added = reading.ids[len(before.ids):]
        if reading.fault:
            self.anomaly(reading.fault)
        if reading.ids[:len(before.ids)] != before.ids:
            self.anomaly("what was there before is not there any more")
        if ids is not None and added not in ([], ids):
            self.anomaly(f"{len(added)} of {len(ids)} events are there")
        if is_acknowledged and ids and added != ids:
            self.anomaly("acknowledged, and nothing was stored")
        for position, identity in RECEIPT.findall(output):
            if reading.ids[int(position) - 1:int(position)] != [identity.replace("-", "")]:
                self.anomaly(f"acknowledged and not there: {identity} at #{position}")
        return reading

    def read(self):
        """The store, read on a disk with space: SQLite's own reading needs some too."""
        copy = self.scratch / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for suffix in ("", "-wal"):
            if os.path.exists(f"{self.path}{suffix}"):
                shutil.copyfile(f"{self.path}{suffix}", copy / f"{STORE}{suffix}")
        return store.Reading(copy / STORE)

    def command(self, *arguments, text=""):
        done = subprocess.run(
            [self.lab.annals, *arguments, "-s", str(self.path)], input=text.encode(),
            capture_output=True, env=self.lab.environment, cwd=self.memory.folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def anomaly(self, text):
        self.lab.anomaly(f"{self.name}: {text}")

    # Kinds of work: commands, with what they read and the ids that they add (None: unknown)

    def append(self, _):
        for _ in range(60):
            added = event(self.random)
            fields = [f"{name}={value}" for name, value in added["data"].items()]
            yield (["append", added["type"], *fields, "--id", added["id"]], "",
                   [added["id"].replace("-", "")])

    def imports(self, _):
        for size in self.random.choices([2, 20, 200, 1000], k=4):
            text = lines(self.random, size)
            ids = [json.loads(line)["id"].replace("-", "") for line in text.splitlines()]
            yield ["import", "-"], text, ids

    def correct(self, before):
        for position in self.random.choices(range(5, len(before.ids)), k=20):
            text = f"text=it was {self.random.random()}"
            yield ["correct", str(position), "--set", text, "--reason", "misheard"], "", None

    def replay(self, _):
        for _ in range(3):
            yield ["replay"], "", []

    def backup(self, _):
        yield ["backup", "copy.annals"], "", []

    def erase(self, before):
        for position in self.random.sample(range(5, len(before.ids)), k=5):
            yield ["erase", str(position), "--reason", "asked for"], "", None


def event(chance):
    identity = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    text = f"it was {identity}" + " and so on" * chance.choice([0, 1, 10, 100])
    data = {"speaker": chance.choice(ACTORS), "kind": "quote", "text": text}
    return {"id": identity, "type": "statement.made", "data": data}


def lines(chance, count):
    return "".join(json.dumps(event(chance)) + "\n" for _ in range(count))


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--trials", type=int, help="2,000; --short: 24")
    parser.add_argument("--largest", type=int, metavar="KIB", help="16,384; --short: 1,024")
    options = parser.parse_args()
    options.trials = options.trials or (24 if options.short else 2000)
    options.largest = options.largest or (1024 if options.short else 16_384)

    lab = program.Lab(program.find(options.annals), "disk-full")
    print(f"seed {options.seed}, {lab.annals}")
    if sys.platform != "linux" or os.geteuid() != 0 or not store.IS_NEW_ENOUGH:
        lab.skip("this needs Linux, root, and a Python with SQLite 3.37 or newer")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annals-full-"))
    trials = Trials(lab, scratch, random.Random(options.seed))
    sizes = [size for size in (256 << step for step in range(20)) if size <= options.largest]
    start = time.monotonic()
    try:
        for place, size in enumerate(sizes, 1):
            try:
                memory = Memory(scratch / "disk", size)
            except OSError as error:
                lab.skip(f"no tmpfs could be mounted: {error}")
            try:
                base = trials.base(size)
                while trials.count < options.trials * place // len(sizes):
                    trials.run(memory, base)
            finally:
                memory.unmount()
    finally:
        shutil.rmtree(scratch)
    seconds = time.monotonic() - start
    codes = ", ".join(f"{count:,} with {code}" for code, count in trials.codes.most_common())
    print(
        f"{trials.count:,} trials on {len(sizes)} sizes of disk in {seconds:.1f} s: in "
        f"{trials.refused:,} the disk was full ({codes}), in {trials.fitted:,} all fitted")
    if trials.refused == 0:
        lab.anomaly("no disk was ever full: this run has shown nothing")
    lab.finish()


main()
