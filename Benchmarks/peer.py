#!/usr/bin/env python3
"""The same payloads in Python's `eventsourcing`, in SQLite (WAL, synchronous FULL).

    peer.py STORE NEW            in batches; read back; read back with JSON and a fold
    peer.py STORE NEW mapped     in batches, as its users record: JSON read, made into domain
                                 events, mapped to what is stored
    peer.py STORE NEW singles    one event to a commit

Prints "name value" lines: seconds and counts. It neither validates, tags nor hashes.
"""

import json
import os
import sqlite3
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


def chunks(store):
    """The events of the store, some at a time, ready to be recorded."""
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    names = dict(database.execute("SELECT id, text FROM name WHERE kind = 1"))
    rows = database.execute("SELECT id, type, body FROM event ORDER BY seq")
    while batch := rows.fetchmany(CHUNK):
        yield [StoredEvent(UUID(bytes=id), 1, names[type], body) for id, type, body in batch]


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


def batches(store, log):
    seconds, events = 0.0, 0
    for chunk in chunks(store):
        start = time.perf_counter()
        for at in range(0, len(chunk), BATCH):
            log.insert_events(chunk[at : at + BATCH])
        seconds += time.perf_counter() - start
        events += len(chunk)
    print("events", events)
    print("batches", seconds)


class Recorded(DomainEvent):
    name: str
    data: dict


def mapped(store, path):
    transcoder = JSONTranscoder()
    transcoder.register(UUIDAsHex())
    transcoder.register(DatetimeAsISO())
    mapper = Mapper(transcoder=transcoder)
    log = recorder(path)

    def stored(event):
        return mapper.to_stored_event(
            Recorded(
                originator_id=event.originator_id,
                originator_version=1,
                timestamp=datetime.now(timezone.utc),
                name=event.topic,
                data=json.loads(event.state),
            )
        )

    seconds = 0.0
    for chunk in chunks(store):
        start = time.perf_counter()
        for at in range(0, len(chunk), BATCH):
            log.insert_events([stored(event) for event in chunk[at : at + BATCH]])
        seconds += time.perf_counter() - start
    print("mapped", seconds)


def read(log):
    start = time.perf_counter()
    for _ in pages(log):
        pass
    print("read", time.perf_counter() - start)


def fold(log):
    """The newest choice of every voter, and how often each voted: less than `positions` does."""
    start = time.perf_counter()
    choices, counts = {}, {}
    for page in pages(log):
        for notification in page:
            data = json.loads(notification.state)["data"]
            if notification.topic.startswith("vote.cast"):
                voter = data["voter"]
                choices[voter] = data["choice"]
                counts[voter] = counts.get(voter, 0) + 1
    print("fold", time.perf_counter() - start)


def main(store, path, part="bulk"):
    print("version", version("eventsourcing"))
    if part == "singles":
        singles(next(chunks(store))[:SINGLES], path)
        return
    if part == "mapped":
        mapped(store, path)
        return
    log = recorder(path)
    batches(store, log)
    read(log)
    fold(log)
    with log.datastore.get_connection(commit=True) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print("bytes", os.path.getsize(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
