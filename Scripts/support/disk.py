"""A disk that forgets: what a recorded program did to a folder, and what a power cut may leave of it.

What was synced is there. Of what was written since, sectors of 512 bytes got to the disk or not, in
any order; a sector that did holds what was written to it up to some point. Cuts and growth of a file
are known to the disk up to some point, names in the folder likewise, independently of each other: a
file may be longer than what reached it (and hold zeros there), or have lost its name though its
content was synced.

A sync that fails drops what it was to write, as Linux does (Rebello et al., "Can Applications Recover
from fsync Failures?", 2020): the pages that were dirty count as clean. Programs still read their
content, each of them reached the disk or did not, sector by sector, and no later sync writes them,
unless something is written to a page once more: then the whole page is dirty again, with all that
programs read there. The names in the folder are one such page. How long a file is stands in the file
system's journal, which the next sync that succeeds makes durable.
"""

import os
import pathlib
import shutil
import struct
import sys

SECTOR = 512
PAGE = 4096
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


def records(path, start=0):
    """The records of a trace, or those from some point on."""
    with open(path, "rb") as file:
        file.seek(start)
        trace = file.read()
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
        # At syncs that failed: writes to pages that are not dirty any more, in pieces of one page each,
        # and cuts.
        self.dropped = []
        self.dropped_pages = set()
        self.settled = None

    def write(self, offset, data):
        change(self.live, offset, data)
        if self.dropped:
            offset, data = self.whole_pages(offset, data)
        self.pending.append((offset, data))

    def whole_pages(self, offset, data):
        """The same write, with all that stands in each dropped page that it touches."""
        start, end = offset, offset + len(data)
        if start // PAGE in self.dropped_pages:
            start -= start % PAGE
        if (end - 1) // PAGE in self.dropped_pages:
            end = min(-(-end // PAGE) * PAGE, len(self.live))
        return start, bytes(self.live[start:end])

    def cut(self, length):
        resize(self.live, length)
        self.pending.append((length, None))

    def sync(self):
        written = set()
        for offset, data in [*(op for op in self.dropped if op[1] is None), *self.pending]:
            if data is None:
                resize(self.durable, offset)
            else:
                change(self.durable, offset, data)
                written.update(pages(offset, data))
        self.forget(written)
        self.pending.clear()
        self.settled = None

    def forget(self, written):
        """Forgets what was dropped and is written again, or was cut away."""
        ops = self.dropped + [op for op in self.pending if op[1] is None]
        kept, limit = [], sys.maxsize
        for place, data in reversed(ops):
            if data is None:
                limit = min(limit, place)
            elif place < limit and place // PAGE not in written:
                kept.append((place, data[:limit - place]))
        self.dropped = kept[::-1]
        self.dropped_pages = {place // PAGE for place, _ in kept}

    def fail_sync(self):
        for offset, data in self.pending:
            if data is None:
                self.dropped.append((offset, None))
                continue
            for page in pages(offset, data):
                start, end = max(offset, page * PAGE), min(offset + len(data), (page + 1) * PAGE)
                self.dropped.append((start, data[start - offset:end - offset]))
                self.dropped_pages.add(page)
        self.pending.clear()
        self.settled = None

    def is_settled(self):
        return not self.pending and not self.dropped

    def crashed(self, random):
        """What a power cut leaves."""
        if self.is_settled():
            if self.settled is None:
                self.settled = bytes(self.durable)
            return self.settled
        return bytes(reach(reach(self.durable, self.dropped, random), self.pending, random))


def reach(durable, pending, random):
    """What is on the disk when any part of what was pending gets there."""
    if not pending:
        return durable
    reached = reached_sectors(pending, random)
    # Up to here the disk knows of cuts and of growth.
    known = random.choice([0, len(pending), random.randint(0, len(pending))])
    content = bytearray(durable)
    size = len(content)
    # What is written behind a cut goes to other blocks, which no file has until the cut is known.
    limit = None
    for place, (offset, data) in enumerate(pending):
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
    return content


def reached_sectors(pending, random):
    """By sector, the last write that got to it."""
    writes = [place for place, (_, data) in enumerate(pending) if data is not None]
    whole, torn = choose(writes, random)
    last = {}
    for place in writes:
        if place in whole:
            last.update(dict.fromkeys(sectors(*pending[place]), place))
        elif place in torn:
            touched = sectors(*pending[place])
            last.update(dict.fromkeys(tear(touched, random), place))
    return last


def change(content, offset, data):
    if offset > len(content):
        resize(content, offset)
    content[offset:offset + len(data)] = data


def resize(content, length):
    del content[length:]
    content.extend(bytes(length - len(content)))


def pages(offset, data):
    return range(offset // PAGE, (offset + len(data) - 1) // PAGE + 1)


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
        self.dropped_names = []

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
        elif kind == "F":
            self.files[record.file].fail_sync()
        elif kind == "D":
            if self.pending_names or not self.dropped_names:
                self.durable_names = dict(self.names)
                self.dropped_names.clear()
            self.pending_names.clear()
        elif kind == "G":
            self.dropped_names += self.pending_names
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
        update(self.names, step)
        if self.dropped_names:
            # All names are dirty again.
            known = {*self.durable_names, *(name for step in self.dropped_names for name in step)}
            step = dict.fromkeys(known) | step | self.names
        self.pending_names.append(step)

    def live(self):
        """The folder as programs see it."""
        return State(self.names, {id(file): file.live for file in self.names.values()})

    def crashed(self, random):
        """The folder as a power cut leaves it."""
        names = dict(self.durable_names)
        for steps in self.dropped_names, self.pending_names:
            count = len(steps)
            for step in steps[:random.choice([0, count, random.randint(0, count)])]:
                update(names, step)
        return State(names, {id(file): file.crashed(random) for file in set(names.values())})

    def is_settled(self):
        """True when a power cut would change nothing."""
        has_names = not self.pending_names and not self.dropped_names
        return has_names and all(file.is_settled() for file in self.names.values())


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
