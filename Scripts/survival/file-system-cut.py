#!/usr/bin/env python3
"""Cuts the power under a real file system, and looks whether anything acknowledged is gone.

    Scripts/survival/file-system-cut.py [--short | --long] [--file-system ext4|xfs|btrfs]...
                                        [--cuts 2000] [--writers 2] [--sample 20] [--seed N]
                                        [--annals PATH]

A store lies on a file system in an image file. Writers append to it through the real program, one event or a
batch at a time, rebuild its views, and a reader now and then keeps a snapshot. At random moments all
of them are stopped and the image is copied: it holds what the file system had handed to its device
by then, and nothing that was still in memory. The copy is mounted, which replays the file system's
own journal, and then must

  pass SQLite's integrity check,
  have every event that was acknowledged before the cut, at the position that its receipt named,
  every batch whole or not there at all, and nothing that nobody has sent.

One copy in --sample is also opened with the program: doctor, export, replay --check, verify, and a
further append. In half of the cuts, parts of the files were being written out just before. Images of
ext4 differ in block size and in how ext4 orders data. Without --file-system, the images are of each file
system that this machine can make and mount, in turn.

The seed fixes what is written and when the cuts come; the machine's own timing it cannot fix. Exit
code 1 on any anomaly; the image is kept. Needs Linux, root, loop devices, and mkfs.ext4 (Debian's
e2fsprogs), mkfs.xfs (xfsprogs) or mkfs.btrfs (btrfs-progs); for btrfs Linux 6.7, which mounts a copy
beside its original.
"""

import collections
import ctypes
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import program  # noqa: E402
import store  # noqa: E402

TOOLS = os.environ["PATH"] + ":/usr/sbin:/sbin"
CUTS_PER_IMAGE = 50
MB = 1 << 20


class Kind:
    """How an image is made and mounted."""

    def __init__(self, file_system, size, make, options="", copy_options=""):
        self.file_system = file_system
        self.size = size
        self.make = make.split()
        self.options = ",".join(filter(None, ["loop", options]))
        # A copy has the same identity as its original, which is mounted too.
        self.copy_options = ",".join(filter(None, ["loop", copy_options]))

    def __str__(self):
        return " ".join([self.file_system, *self.make, "-o", self.options])


def ext4(block, order):
    # Everything is set up at once: the kernel has nothing left to write of its own accord.
    make = f"-b {block} -J size=4 -E lazy_itable_init=0,lazy_journal_init=0"
    return Kind("ext4", 48 * MB, f"-F {make}", f"data={order}")


# Of ext4: block size, and what it promises about data that is not synced.
KINDS = {
    "ext4": [ext4(4096, "ordered"), ext4(1024, "ordered"), ext4(4096, "writeback"), ext4(1024, "journal")],
    "xfs": [Kind("xfs", 320 * MB, "-f", copy_options="nouuid")],
    "btrfs": [Kind("btrfs", 128 * MB, "-f"), Kind("btrfs", 128 * MB, "-f", "max_inline=0")],
}

READER = """
import sqlite3, sys, time, random
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, isolation_level=None, timeout=30)
while True:
    database.execute("BEGIN")
    database.execute("SELECT count(*) FROM event").fetchone()
    time.sleep(random.uniform(0, 0.2))
    database.execute("ROLLBACK")
    time.sleep(random.uniform(0, 0.2))
"""


def tool(*command):
    return subprocess.run(
        command, capture_output=True, text=True, env=dict(os.environ, PATH=TOOLS))


def unmount(folder):
    for _ in range(100):
        if tool("umount", str(folder)).returncode == 0:
            return
        time.sleep(0.05)


class Image:
    """A file system in a file."""

    def __init__(self, scratch, kind):
        self.kind = kind
        self.path = scratch / "image"
        self.folder = scratch / "mounted"
        self.folder.mkdir(exist_ok=True)
        self.path.unlink(missing_ok=True)
        with open(self.path, "wb") as file:
            file.truncate(kind.size)
        self.must(f"mkfs.{kind.file_system}", "-q", *kind.make, str(self.path))
        self.must("mount", "-t", kind.file_system, "-o", kind.options, str(self.path), str(self.folder))
        self.device = tool("findmnt", "-no", "SOURCE", str(self.folder)).stdout.strip()
        self.counters = pathlib.Path("/sys/block", os.path.basename(self.device), "stat")

    @staticmethod
    def must(*command):
        done = tool(*command)
        if done.returncode != 0:
            raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")

    def writes(self):
        """How many writes the device has done, and how many requests are on their way."""
        counters = self.counters.read_text().split()
        return counters[4], counters[8]

    def copy(self, path):
        """Copies the image as it is at one moment: nothing is written while that goes on."""
        while True:
            before = self.writes()
            subprocess.run(["cp", "--sparse=always", str(self.path), str(path)], check=True)
            if before == self.writes() and before[1] == "0":
                return



class Work:
    """What the writers do, and what they were promised; shared by all of one image."""

    def __init__(self, lab, image, scratch, seed, writers):
        self.lab = lab
        self.path = image.folder / "un.annals"
        self.scratch = scratch
        self.gate = threading.Lock()
        self.is_over = False
        # Commands under way: the process, and the file that its receipts go to.
        self.running = {}
        self.batches = []
        self.acknowledged = {}
        lab.must("init", str(self.path), "--demo")
        self.shipped = len(store.Reading(self.path).ids)
        self.threads = [
            threading.Thread(target=self.write, args=(number, random.Random(f"{seed}/{number}")))
            for number in range(writers)]
        self.reader = subprocess.Popen([sys.executable, "-c", READER, str(self.path)])

    def start(self):
        for thread in self.threads:
            thread.start()

    def write(self, number, chance):
        receipts = self.scratch / f"receipts-{number}"
        while not self.is_over:
            if chance.random() < 0.05:
                arguments, text = ["replay"], ""
            else:
                size = chance.choice([1, 1, 1, 2, 5, 20, 200])
                events = [self.event(chance) for _ in range(size)]
                arguments = ["import", "-"]
                text = "".join(json.dumps(event) + "\n" for event in events)
                self.batches.append([event["id"].replace("-", "") for event in events])
            with open(receipts, "w+b") as output:
                with self.gate:
                    process = subprocess.Popen(
                        [self.lab.annals, *arguments, "-s", str(self.path)], cwd=self.lab.folder,
                        stdin=subprocess.PIPE, stdout=output, stderr=subprocess.PIPE,
                        env=self.lab.environment)
                    self.running[number] = process, receipts
                _, errors = process.communicate(text.encode())
                with self.gate:
                    self.collect(receipts)
                    del self.running[number]
                if process.returncode != 0:
                    self.lab.anomaly(f"{arguments}: {process.returncode}: {errors.decode()}")

    @staticmethod
    def event(chance):
        identity = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        data = {"speaker": "dmitry-peskov", "kind": "quote", "text": f"it was {identity}"}
        return {"id": identity, "type": "statement.made", "data": data}

    def collect(self, receipts):
        """Whatever was printed is a promise."""
        for line in receipts.read_bytes().split(b"\n")[:-1]:
            parts = line.decode().split("\t")
            if parts[0].isdigit():
                self.acknowledged[parts[1].replace("-", "")] = int(parts[0])

    def stop(self):
        """Stops everything where it is; the gate stays shut until `go_on`."""
        self.gate.acquire()
        stopped = [process for process, _ in self.running.values()] + [self.reader]
        for process in stopped:
            if process.poll() is None:
                process.send_signal(signal.SIGSTOP)
        for process in stopped:
            while not is_stopped(process.pid):
                time.sleep(0.0005)
        for _, receipts in self.running.values():
            self.collect(receipts)

    def go_on(self):
        for process in [process for process, _ in self.running.values()] + [self.reader]:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
        self.gate.release()

    def end(self):
        self.is_over = True
        for thread in self.threads:
            thread.join()
        self.reader.kill()
        self.reader.wait()


def is_stopped(process):
    """True when no thread of a process runs any more, not even within the kernel."""
    try:
        threads = list(pathlib.Path("/proc", str(process), "task").iterdir())
        states = [(thread / "stat").read_text().rpartition(")")[2].split()[0] for thread in threads]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return all(state in "TtZX" for state in states)


def write_out(path, chance):
    """Has the kernel start to write out a part of a file; nobody waits for it."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return
    size = os.fstat(descriptor).st_size
    first = chance.randrange(size + 1) & ~4095
    start_writing = 2  # SYNC_FILE_RANGE_WRITE
    ctypes.CDLL(None).sync_file_range(
        descriptor, ctypes.c_int64(first), ctypes.c_int64(chance.choice([4096, 65536, 0])),
        start_writing)
    os.close(descriptor)


class Cutter:
    """Cuts, and looks at what is left."""

    def __init__(self, lab, scratch, options):
        self.lab = lab
        self.scratch = scratch
        self.sample = options.sample
        self.random = random.Random(options.seed)
        self.copy = scratch / "copy"
        self.folder = scratch / "after"
        self.folder.mkdir()
        self.cuts = self.examined = 0

    def cut(self, image, work):
        time.sleep(self.random.uniform(0.002, 0.060))
        if self.random.random() < 0.5:
            for suffix in ("", "-wal"):
                write_out(f"{work.path}{suffix}", self.random)
        before = len(self.lab.anomalies)
        # All stay where they are until the copy has been looked at: they would only be in its way.
        work.stop()
        try:
            image.copy(self.copy)
            kind = image.kind
            Image.must(
                "mount", "-t", kind.file_system, "-o", kind.copy_options, str(self.copy),
                str(self.folder))
            try:
                self.look(self.folder / work.path.name, work)
            finally:
                unmount(self.folder)
        finally:
            work.go_on()
        self.cuts += 1
        if len(self.lab.anomalies) > before:
            kept = self.lab.folder / f"image-{self.cuts}"
            shutil.copyfile(self.copy, kept)
            print(f"{image.kind}; kept as {kept}")

    def look(self, path, work):
        names = sorted(os.listdir(path.parent))
        if not path.exists():
            self.lab.anomaly(f"the store is gone: {names}")
            return
        # The program comes first where it comes: SQLite's own reading would recover the file.
        is_sample = self.random.randrange(self.sample) == 0
        if is_sample:
            kept = self.scratch / "sample"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(path.parent, kept, ignore=shutil.ignore_patterns("lost+found", "*-shm"))
        reading = store.Reading(path)
        if reading.fault:
            self.lab.anomaly(f"{reading.fault}: {names}")
            return
        place = {identity: position for position, identity in enumerate(reading.ids, 1)}
        for identity, position in work.acknowledged.items():
            if place.get(identity) != position:
                self.lab.anomaly(
                    f"acknowledged at #{position}, found at {place.get(identity)}: {identity}")
        known = work.shipped
        for batch in work.batches:
            found = [place[identity] for identity in batch if identity in place]
            known += len(found)
            if not found:
                continue
            if found != list(range(found[0], found[0] + len(batch))):
                self.lab.anomaly(f"a batch of {len(batch)} is there in part: {found[:9]}")
            elif {reading.batches[position - 1] for position in found} != {found[0]}:
                self.lab.anomaly(f"one append is in several batches, at #{found[0]}")
        if known != len(reading.ids):
            self.lab.anomaly(f"{len(reading.ids) - known} events were sent by nobody")
        if is_sample:
            self.examined += 1
            for fault in store.examine(self.lab, kept / path.name, reading):
                self.lab.anomaly(fault)


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--file-system", action="append", choices=list(KINDS))
    parser.add_argument("--cuts", type=int, help="2,000; --short: 60")
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--sample", type=int, default=20)
    options = parser.parse_args()
    options.cuts = options.cuts or (60 if options.short else 2000)

    lab = program.Lab(program.find(options.annals), "file-system-cut")
    print(f"seed {options.seed}, {lab.annals}")
    if sys.platform != "linux" or os.geteuid() != 0:
        lab.skip("this needs Linux, and root")
    wanted = options.file_system or list(KINDS)
    usable = [name for name in wanted if shutil.which(f"mkfs.{name}", path=TOOLS)]
    for name in wanted:
        if name not in usable:
            print(f"without {name}: mkfs.{name} is missing")
    if not usable or not store.IS_NEW_ENOUGH:
        lab.skip("there is no file system to make, or Python's SQLite is older than 3.37")
    # Of each file system in turn.
    longest = max(len(KINDS[name]) for name in usable)
    kinds = [KINDS[name][turn % len(KINDS[name])] for turn in range(longest) for name in usable]
    cuts_per_image = min(CUTS_PER_IMAGE, -(-options.cuts // len(usable)))
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else lab.folder
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annals-cut-", dir=memory))
    cutter = Cutter(lab, scratch, options)
    start = time.monotonic()
    events = number = 0
    done = collections.Counter()
    try:
        while cutter.cuts < options.cuts:
            number += 1
            kind = kinds[(number - 1) % len(kinds)]
            try:
                image = Image(scratch, kind)
            except OSError as error:
                print(f"without {kind.file_system}: {error}")
                kinds = [other for other in kinds if other.file_system != kind.file_system]
                if not kinds and cutter.cuts == 0:
                    lab.skip("no image could be mounted")
                continue
            before = cutter.cuts
            work = Work(lab, image, scratch, f"{options.seed}/{number}", options.writers)
            work.start()
            try:
                for _ in range(min(cuts_per_image, options.cuts - cutter.cuts)):
                    cutter.cut(image, work)
            finally:
                work.end()
                unmount(image.folder)
            events += len(work.acknowledged)
            done[image.kind.file_system] += cutter.cuts - before
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    seconds = time.monotonic() - start
    print(
        f"{cutter.cuts:,} cuts ({', '.join(f'{count:,} {name}' for name, count in done.items())}) "
        f"in {seconds:.1f} s; {events:,} events acknowledged; "
        f"{cutter.examined:,} copies opened with the program as well")
    if events == 0:
        lab.anomaly("nothing was acknowledged: this run has shown nothing")
    lab.finish()


main()
