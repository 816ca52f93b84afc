#!/usr/bin/env python3
"""Syncs that fail for real: the disk under a file system has no room, and has room again later.

    Scripts/survival/lost-writes.py [--short | --long] [--rounds 300] [--file-system ext4]
                                    [--seed N] [--annals PATH]

The file system lies in an image file, and the image on a tmpfs of its own. Every block that the file
system does not use is given back (fstrim), and then the tmpfs is filled to its last page: what is
written to a new block cannot reach the "disk", and the sync that waits for it fails. The kernel takes
the pages for written then. A round does this:

  commands run while the disk is full: appends, imports, erasures, backups; each must succeed, or end
  with an error;
  there is room again, and each command that failed is repeated, as its error advises;
  more commands follow; some are killed right behind their receipts;
  the image is copied as it is, and the copy is mounted: what the disk holds after a power cut.

Every event that was acknowledged must be in the copy, at its position, and the store must verify.

Exit code 1 on any anomaly. Needs Linux, root, loop devices, fstrim, and mkfs.ext4, mkfs.xfs or
mkfs.btrfs; a file system without its tool is passed over.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import uuid

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import program  # noqa: E402
import store  # noqa: E402

TOOLS = os.environ["PATH"] + ":/usr/sbin:/sbin"
# By file system: the size of the image, and how it is made.
KINDS = {
    "ext4": (24, ["mkfs.ext4", "-q", "-F", "-b", "4096", "-J", "size=4", "-E",
                  "nodiscard,lazy_itable_init=0,lazy_journal_init=0"]),
    "ext4-1k": (24, ["mkfs.ext4", "-q", "-F", "-b", "1024", "-J", "size=4", "-E",
                     "nodiscard,lazy_itable_init=0,lazy_journal_init=0"]),
    "xfs": (320, ["mkfs.xfs", "-q", "-f", "-K"]),
    "btrfs": (128, ["mkfs.btrfs", "-q", "-f", "-K"]),
}


def tool(*command):
    done = subprocess.run(
        command, capture_output=True, text=True, env=dict(os.environ, PATH=TOOLS))
    return done.returncode, done.stdout.strip() or done.stderr.strip()


def must(*command):
    status, output = tool(*command)
    if status != 0:
        raise OSError(f"{' '.join(command)}: {output}")
    return output


class FullDisk:
    """A file system whose device has no room for new blocks."""

    def __init__(self, scratch, kind):
        size, make = KINDS[kind]
        self.ram, self.folder = scratch / "ram", scratch / "mounted"
        self.ram.mkdir(exist_ok=True)
        self.folder.mkdir(exist_ok=True)
        must("mount", "-t", "tmpfs", "-o", f"size={size + 8}m", "tmpfs", str(self.ram))
        self.image = self.ram / "disk"
        # Without a hole: the file system itself must be able to write.
        with open(self.image, "wb") as file:
            for _ in range(size):
                file.write(bytes(1 << 20))
        must(*make, str(self.image))
        self.device = must("losetup", "-f", "--show", str(self.image))
        # ext4 would end the whole file system at the first failure of some kinds.
        options = ["-o", "errors=continue"] if kind.startswith("ext4") else []
        must("mount", *options, self.device, str(self.folder))

    def fill(self):
        must("sync", "-f", str(self.folder))
        must("fstrim", str(self.folder))
        with open(self.ram / "ballast", "ab", buffering=0) as file:
            for piece in (1 << 20, 1 << 16, 4096):
                try:
                    while file.write(bytes(piece)) == piece:
                        pass
                except OSError:
                    pass

    def is_read_only(self):
        try:
            (self.folder / "probe").write_bytes(b"")
            (self.folder / "probe").unlink()
            return False
        except OSError:
            return True

    def make_room(self):
        (self.ram / "ballast").unlink(missing_ok=True)

    def close(self):
        for folder in (self.folder, self.ram):
            for _ in range(50):
                if tool("umount", str(folder))[0] == 0:
                    break
            if folder == self.folder:
                tool("losetup", "-d", self.device)


class Round:
    def __init__(self, lab, scratch, kind, chance):
        self.lab, self.scratch, self.random = lab, scratch, chance
        self.kind = kind
        self.disk = FullDisk(scratch, kind)
        self.path = self.disk.folder / "un.annals"
        self.acknowledged = {}
        self.failed = 0
        self.is_dead = False

    def run(self):
        self.lab.must("init", str(self.path), "--demo", "-q")
        for _ in range(self.random.randrange(3)):
            self.command(self.some_work())
        self.disk.fill()
        retries = []
        for _ in range(self.random.randint(1, 3)):
            work = self.some_work()
            if self.command(work, is_full=True) != 0:
                retries.append(work)
        self.failed += len(retries)
        self.disk.make_room()
        for work in retries:
            if self.is_dead:
                break
            self.command(work, is_killed=self.random.random() < 0.5)
        for _ in range(0 if self.is_dead else self.random.randint(0, 4)):
            self.command(self.some_work(), is_killed=self.random.random() < 0.5)
        self.look()

    def some_work(self):
        size = self.random.choice([1, 1, 1, 5, 50, 400])
        events = []
        for _ in range(size):
            identity = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
            data = {"speaker": "dmitry-peskov", "kind": "quote", "text": f"it was {identity}"}
            events.append({"id": identity, "type": "statement.made", "data": data})
        return "".join(json.dumps(event) + "\n" for event in events)

    def command(self, text, is_full=False, is_killed=False):
        """Imports the events. Each receipt that can be read is a promise."""
        process = subprocess.Popen(
            [self.lab.annals, "import", "-", "-s", str(self.path)], cwd=self.lab.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.lab.environment)
        process.stdin.write(text.encode())
        process.stdin.close()
        wanted = text.count("\n")
        for line in iter(process.stdout.readline, b""):
            parts = line.decode().split("\t")
            if parts[0].isdigit():
                self.acknowledged[parts[1].replace("-", "")] = int(parts[0])
                wanted -= 1
            if is_killed and wanted == 0:
                process.kill()
        errors = process.stderr.read().decode().strip()
        status = process.wait()
        # btrfs may go on to refuse writes when there is room again.
        usual = [0, 74, 75] if is_full or self.kind == "btrfs" else [0]
        if is_killed:
            usual.append(-9)
        # Some failures end the whole file system: it can only be read from then on.
        if self.disk.is_read_only():
            self.is_dead = True
            usual = [0, 74, -9]
        if status not in usual:
            self.lab.anomaly(f"{self.kind}: import ended with {status}: {errors}")
        return status

    def look(self):
        """Mounts what the disk holds now."""
        copy, folder = self.scratch / "copy", self.scratch / "after"
        folder.mkdir(exist_ok=True)
        must("cp", "--sparse=always", str(self.disk.image), str(copy))
        options = ["-o", "loop,nouuid"] if self.kind == "xfs" else ["-o", "loop"]
        if self.kind == "btrfs":
            # The kernel mounts no second device of the same identity beside the first.
            self.disk.close()
        must("mount", *options, str(copy), str(folder))
        try:
            reading = store.Reading(folder / self.path.name)
            if reading.fault:
                self.lab.anomaly(f"{self.kind}: {reading.fault}")
            place = {identity: position for position, identity in enumerate(reading.ids, 1)}
            for identity, position in self.acknowledged.items():
                if place.get(identity) != position:
                    self.lab.anomaly(
                        f"{self.kind}: acknowledged at #{position}, found at"
                        f" {place.get(identity)}: {identity}")
            if not self.lab.anomalies:
                for fault in store.examine(self.lab, folder / self.path.name, reading):
                    self.lab.anomaly(f"{self.kind}: {fault}")
        finally:
            tool("umount", str(folder))


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--rounds", type=int, help="300; --short: 4")
    parser.add_argument("--file-system", action="append", choices=KINDS)
    options = parser.parse_args()
    rounds = options.rounds or (4 if options.short else 300)
    lab = program.Lab(program.find(options.annals), "lost-writes")
    if sys.platform != "linux" or os.geteuid() != 0:
        lab.skip("needs Linux and root")
    if not store.IS_NEW_ENOUGH:
        lab.skip("needs SQLite 3.37 or newer in Python")
    wanted = options.file_system or (["ext4", "ext4-1k"] if options.short else list(KINDS))
    kinds = [kind for kind in wanted if shutil.which(KINDS[kind][1][0], path=TOOLS)]
    if not kinds or not shutil.which("fstrim", path=TOOLS):
        lab.skip("needs mkfs and fstrim")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annals-disk-"))
    print(f"seed {options.seed}, {rounds} rounds on {', '.join(kinds)}")
    failed = acknowledged = 0
    try:
        for number in range(rounds):
            chance = random.Random(f"{options.seed}/{number}")
            try:
                one = Round(lab, scratch, kinds[number % len(kinds)], chance)
            except OSError as error:
                lab.skip(str(error))
            try:
                one.run()
            finally:
                one.disk.close()
            failed += one.failed
            acknowledged += len(one.acknowledged)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"{failed} commands failed on a full disk, {acknowledged} events acknowledged in all")
    lab.finish()


if __name__ == "__main__":
    main()
