"""A disk that forgets: what a recorded program did to a folder, and what a power cut may leave of it.

What was synced is there. Of what was written since, sectors of 512 bytes got to the disk or not, in
any order; a sector that did holds what was written to it up to some point. Cuts and growth of a file
are known to the disk up to some point, names in the folder likewise, independently of each other: a
file may be longer than what reached it (and hold zeros there), or have lost its name though its
content was synced.
"""

import os
import pathlib
import shutil
import struct

SECTOR = 512
HEAD = struct.Struct("=QQqQQ")


class Record:
    """One call, as Scripts/support/recorder.c wrote it; or a mark between two programs."""

    def __init__(self, kind, file, offset, name, data):
        self.kind = kind
        self.file = file
        self.offset = offset
        self.name = name
        self.data = data

    def __bytes__(self):
        name = os.fsencode(self.name)
        head = HEAD.pack(ord(self.kind), self.file, self.offset, len(name), len(self.data))
        return head + name + self.data


def records(path):
    """The records of a trace."""
    trace = pathlib.Path(path).read_bytes()
    found, place = [], 0
    while place < len(trace):
        kind, file, offset, name, length = HEAD.unpack_from(trace, place)
        place += HEAD.size + name
        name = os.fsdecode(trace[place - name:place])
        found.append(Record(chr(kind), file, offset, name, trace[place:place + length]))
        place += length
    return found


class File:
    """What the disk is known to hold, and what was written since."""

    def __init__(self, content=b""):
        self.durable = bytearray(content)
        self.live = bytearray(content)
        self.pending = []
        self.settled = None

    def write(self, offset, data):
        change(self.live, offset, data)
        self.pending.append((offset, data))

    def cut(self, length):
        resize(self.live, length)
        self.pending.append((length, None))

    def sync(self):
        for offset, data in self.pending:
            if data is None:
                resize(self.durable, offset)
            else:
                change(self.durable, offset, data)
        self.pending.clear()
        self.settled = None

    def crashed(self, random):
        """What a power cut leaves."""
        if not self.pending:
            if self.settled is None:
                self.settled = bytes(self.durable)
            return self.settled
        reached = self.reached(random)
        # Up to here the disk knows of cuts and of growth.
        known = random.choice([0, len(self.pending), random.randint(0, len(self.pending))])
        content = bytearray(self.durable)
        size = len(content)
        # What is written behind a cut goes to other blocks, which no file has until the cut is known.
        limit = None
        for place, (offset, data) in enumerate(self.pending):
            if data is None:
                if place < known:
                    size = offset
                    resize(content, size)
                else:
                    limit = offset if limit is None else min(limit, offset)
                continue
            end = offset + len(data)
            if place < known:
                size = max(size, end)
            for sector in sectors(offset, data):
                start = sector * SECTOR
                if reached.get(sector, -1) < place or (limit is not None and start >= limit):
                    continue
                first, last = max(start, offset), min(start + SECTOR, end)
                change(content, first, data[first - offset:last - offset])
        resize(content, size)
        return bytes(content)

    def reached(self, random):
        """By sector, the last write that got to it."""
        writes = [place for place, (_, data) in enumerate(self.pending) if data is not None]
        whole, torn = choose(writes, random)
        last = {}
        for place in writes:
            if place in whole:
                last.update(dict.fromkeys(sectors(*self.pending[place]), place))
            elif place in torn:
                touched = sectors(*self.pending[place])
                last.update(dict.fromkeys(tear(touched, random), place))
        return last


def change(content, offset, data):
    if offset > len(content):
        resize(content, offset)
    content[offset:offset + len(data)] = data


def resize(content, length):
    del content[length:]
    content.extend(bytes(length - len(content)))


def sectors(offset, data):
    return range(offset // SECTOR, (offset + len(data) - 1) // SECTOR + 1)


def choose(writes, random):
    """Which writes reach the disk whole, and which in part: in one of the ways that disks have."""
    if not writes:
        return set(), set()
    way = random.randrange(6)
    some = random.choice(writes)
    if way == 0:  # none
        return set(), set()
    if way == 1:  # up to some point
        return {place for place in writes if place < some}, {some}
    if way == 2:  # all but one
        return {place for place in writes if place != some}, random.choice([set(), {some}])
    if way == 3:  # only one
        return {some}, set()
    share, broken = random.random(), random.choice([0, 0.1, 0.5])
    chosen = {place for place in writes if random.random() < share}
    torn = {place for place in chosen if random.random() < broken}
    return chosen - torn, torn


def tear(touched, random):
    way = random.randrange(3)
    middle = random.randint(0, len(touched))
    if way == 0:
        return touched[:middle]
    if way == 1:
        return touched[middle:]
    return [sector for sector in touched if random.random() < 0.5]


class Disk:
    """One folder."""

    def __init__(self, folder):
        """Starts with what is in the folder now."""
        self.names = {
            path.name: File(path.read_bytes()) for path in pathlib.Path(folder).iterdir()
            if path.is_file() and not path.name.endswith("-shm")}
        self.files = {
            (pathlib.Path(folder) / name).stat().st_ino: file for name, file in self.names.items()}
        self.durable_names = dict(self.names)
        self.pending_names = []

    def apply(self, record):
        kind, name = record.kind, record.name
        if kind == "C":
            self.files[record.file] = File()
            self.rename(name, self.files[record.file])
        elif kind == "W":
            self.files[record.file].write(record.offset, record.data)
        elif kind == "T":
            self.files[record.file].cut(record.offset)
        elif kind == "S":
            self.files[record.file].sync()
        elif kind == "D":
            self.durable_names = dict(self.names)
            self.pending_names.clear()
        elif kind == "U":
            self.rename(name, None)
        elif kind == "L":
            self.rename(os.fsdecode(record.data), self.names[name])
        elif kind == "R":
            # Both names change in one step.
            moved = self.names[name]
            self.rename(os.fsdecode(record.data), moved, without=name)

    def rename(self, name, file, without=None):
        """Gives a name to a file, or takes it from it; in the same step, takes another away."""
        step = {name: file} if without is None else {without: None, name: file}
        self.pending_names.append(step)
        update(self.names, step)

    def live(self):
        """The folder as programs see it."""
        return State(self.names, {id(file): file.live for file in self.names.values()})

    def crashed(self, random):
        """The folder as a power cut leaves it."""
        names = dict(self.durable_names)
        count = len(self.pending_names)
        for step in self.pending_names[:random.choice([0, count, random.randint(0, count)])]:
            update(names, step)
        return State(names, {id(file): file.crashed(random) for file in set(names.values())})

    def is_settled(self):
        """True when a power cut would change nothing."""
        return not self.pending_names and not any(file.pending for file in self.names.values())


def update(names, step):
    for name, file in step.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


class State:
    """The files of a folder at one moment; a file may have several names."""

    def __init__(self, names, contents):
        self.names = {name: id(file) for name, file in names.items()}
        self.contents = {number: bytes(contents[number]) for number in self.names.values()}

    def digest(self):
        """Tells states apart, within one run."""
        order = {}
        parts = [
            (name, order.setdefault(number, len(order)), hash(self.contents[number]))
            for name, number in sorted(self.names.items())]
        return repr(parts).encode()

    def write(self, folder):
        """Makes a folder that holds this, and nothing else."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        first = {}
        for name, number in self.names.items():
            path = os.path.join(folder, name)
            if number in first:
                os.link(first[number], path)
                continue
            first[number] = path
            with open(path, "wb") as file:
                file.write(self.contents[number])
