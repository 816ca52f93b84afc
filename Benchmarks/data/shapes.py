#!/usr/bin/env python3
"""Records of one shape each, in the import format: many facts about one thing.

    data/shapes.py SHAPE COUNT > FILE

statements   statements of one actor on one topic, a day apart
corrections  corrections of one fact
chain        corrections, each of the one before it
mixed        corrections of one fact, every third of which is taken back
merges       actors, each merged into the next one
"""

import datetime
import json
import sys
import uuid


def event_id(number):
    return str(uuid.UUID(int=(0x33333333 << 96) | (8 << 76) | (8 << 60) | number))


def event(kind, data, **envelope):
    return {"type": kind, **envelope, "data": data}


def correction(number, target):
    return event(
        "fact.corrected", {"level": number % 5 - 2}, id=event_id(number), target=event_id(target),
        reason=f"reason {number}")


def start():
    yield event("actor.registered", {"actor": "ALA", "kind": "state", "name": "Aland"})
    yield event("topic.defined", {"topic": "t", "proposition": "It should be so."})


def stance():
    return event(
        "stance.changed", {"actor": "ALA", "topic": "t", "level": 1, "basis": "declared"},
        id=event_id(0), on="2020-01-01")


def statements(count):
    first = datetime.date(1700, 1, 1)
    for number in range(count):
        day = first + datetime.timedelta(days=number)
        yield event(
            "statement.made",
            {"speaker": "ALA", "kind": "quote", "text": f"words {number}",
             "stance": {"topic": "t", "level": number * 7 % 5 - 2}}, on=day.isoformat())


def corrections(count):
    yield stance()
    for number in range(1, count + 1):
        yield correction(number, 0)


def chain(count):
    yield stance()
    for number in range(1, count + 1):
        yield correction(number, number - 1)


def mixed(count):
    yield stance()
    for number in range(1, count + 1):
        if number % 3:
            yield correction(number, 0)
        else:
            yield event(
                "fact.retracted", {}, id=event_id(number), target=event_id(number - 1),
                reason=f"reason {number}")


def merges(count):
    for number in range(count + 1):
        yield event(
            "actor.registered", {"actor": f"a-{number}", "kind": "person", "name": f"A {number}"})
    for number in range(count):
        yield event("actor.merged", {"loser": f"a-{number}", "winner": f"a-{number + 1}"})
    yield event(
        "stance.changed", {"actor": "a-0", "topic": "t", "level": 1, "basis": "declared"},
        id=event_id(0), on="2020-01-01")


SHAPES = {
    make.__name__: make for make in (statements, corrections, chain, mixed, merges)
}


def events(shape, count):
    yield from start()
    yield from SHAPES[shape](count)


def write(shape, count, out):
    for one in events(shape, count):
        out.write(json.dumps(one) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in SHAPES or not sys.argv[2].isdigit():
        sys.exit(__doc__.strip())
    write(sys.argv[1], int(sys.argv[2]), sys.stdout)
