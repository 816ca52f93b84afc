#!/usr/bin/env python3
"""The same facts in Python's `eventsourcing`, in SQLite (WAL, synchronous FULL).

    eventsourcing_peer.py FACTS NEW            in batches; read back with JSON and a fold
    eventsourcing_peer.py FACTS NEW mapped     in batches, as its users record: JSON read, made into
                                               domain events, mapped to what is stored
    eventsourcing_peer.py FACTS NEW singles    one event to a commit

FACTS is what `annals export` writes. Prints "name value" lines: seconds, of the processor too
("cpu-"), and counts. It neither validates, tags nor hashes.
"""

import itertools
import json
import os
import sys
import time
from datetime import datetime, timezone
from importlib.metadata import version
from uuid import UUID

from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import (
    DatetimeAsISO,
    JSONTranscoder,
    Mapper,
    StoredEvent,
    UUIDAsHex,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

BATCH = 1000
PAGE = 1000
SINGLES = 2000
CHUNK = 50_000


# What the log adds to a fact.
ADDED = ("id", "type", "seq", "recorded", "recorder", "note")


def chunks(facts):
    """The facts, some at a time, ready to be recorded."""
    with open(facts, "rb") as lines:
        while batch := list(itertools.islice(lines, CHUNK)):
            yield [stored(json.loads(line)) for line in batch]


def stored(fact):
    own = {name: value for name, value in fact.items() if name not in ADDED}
    state = json.dumps(own, separators=(",", ":"), ensure_ascii=False).encode()
    return StoredEvent(UUID(fact["id"]), 1, fact["type"], state)


class Watch:
    """Adds up what stretches of work took."""

    def __init__(self):
        self.seconds = self.cpu = 0.0

    def __enter__(self):
        self.start = time.perf_counter(), time.process_time()

    def __exit__(self, *_):
        self.seconds += time.perf_counter() - self.start[0]
        self.cpu += time.process_time() - self.start[1]

    def print(self, name):
        print(name, self.seconds)
        print(f"cpu-{name}", self.cpu)


def recorder(path):
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(path))
    recorder.create_table()
    with recorder.datastore.get_connection(commit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2, "not FULL"
    return recorder


def pages(recorder):
    start = 1
    while page := recorder.select_notifications(start=start, limit=PAGE):
        yield page
        start = page[-1].id + 1


def singles(first, path):
    log = recorder(path)
    start = time.perf_counter()
    for event in first:
        log.insert_events([event])
    print("singles", (time.perf_counter() - start) / len(first))


def batches(facts, log):
    watch = Watch()
    for chunk in chunks(facts):
        with watch:
            for at in range(0, len(chunk), BATCH):
                log.insert_events(chunk[at : at + BATCH])
    watch.print("batches")


class Recorded(DomainEvent):
    name: str
    data: dict


def mapped(facts, path):
    transcoder = JSONTranscoder()
    transcoder.register(UUIDAsHex())
    transcoder.register(DatetimeAsISO())
    mapper = Mapper(transcoder=transcoder)
    log = recorder(path)

    def made(event):
        return mapper.to_stored_event(
            Recorded(
                originator_id=event.originator_id,
                originator_version=1,
                timestamp=datetime.now(timezone.utc),
                name=event.topic,
                data=json.loads(event.state),
            )
        )

    watch = Watch()
    for chunk in chunks(facts):
        with watch:
            for at in range(0, len(chunk), BATCH):
                log.insert_events([made(event) for event in chunk[at : at + BATCH]])
    watch.print("mapped")


def fold(log):
    """The newest choice of every voter, and how often each voted: less than any view does."""
    watch = Watch()
    choices, counts = {}, {}
    with watch:
        for page in pages(log):
            for notification in page:
                data = json.loads(notification.state)["data"]
                if notification.topic.startswith("vote.cast"):
                    voter = data["voter"]
                    choices[voter] = data["choice"]
                    counts[voter] = counts.get(voter, 0) + 1
    watch.print("fold")


def main(facts, path, part="bulk"):
    print("version", version("eventsourcing"))
    if part == "singles":
        singles(next(chunks(facts))[:SINGLES], path)
    elif part == "mapped":
        mapped(facts, path)
    else:
        log = recorder(path)
        batches(facts, log)
        fold(log)
        with log.datastore.get_connection(commit=True) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        print("bytes", os.path.getsize(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
