#!/usr/bin/env python3
"""Takes the figures of Annals beside raw limits and peers, on the same data in the same run.

Run it through `Benchmarks/run`, which builds and installs what it needs.
"""

import argparse
import functools
import pathlib

import agreement
import appends
import datasets
import growth
import imports
import lines
import questions
import replays
import verifying
from measure import Bench, Failed


def everything(bench):
    options = bench.options
    if options.growth:
        growth.measure(bench, options.events or [100_000, 1_000_000, 10_000_000])
        return
    if options.lines:
        lines.measure(bench, options.events)
        return
    sizes = options.events or [100_000, 1_000_000]
    sets = []
    if options.votes:
        sets.append((functools.partial(datasets.real_votes, bench, options.votes), 1_000_000))
    elif "votes" in options.data:
        sets += [(functools.partial(datasets.votes, bench, size), size) for size in sizes]
    if "record" in options.data:
        sets += [(functools.partial(datasets.record, bench, size), size) for size in sizes]
    for make, size in sets:
        bench.data, bench.size = "", size
        measure(bench, make())


def measure(bench, data):
    """All figures of one set of data."""
    bench.quiet()
    try:
        store, ours = imports.measure(bench, data)
    except Failed as failure:
        bench.note(f"{data.name}: {failure}")
        return
    peer = imports.peer(bench, store, ours)
    parts = [
        lambda: replays.measure(bench, store, peer and peer.fold),
        lambda: questions.measure(bench, data, store),
        lambda: verifying.measure(bench, store),
        lambda: appends.measure(bench, store, peer),
    ]
    if data.ballots:
        parts.insert(1, lambda: agreement.measure(bench, data, store))
    for part in parts:
        bench.quiet()
        try:
            part()
        except Failed as failure:
            bench.note(str(failure))
    if not bench.options.keep:
        bench.fresh(store.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="votes,record", help="votes, record, or both")
    parser.add_argument("--votes", type=pathlib.Path, help="folder with real votes in CSV")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--lines", action="store_true")
    parser.add_argument(
        "--events", default=[], type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--annals", required=True)
    parser.add_argument("--commit", default="", help="from which the program was built")
    parser.add_argument("--limits", required=True)
    parser.add_argument("--in-process", default="")
    parser.add_argument("--python", default="", help="a Python that has the peers")
    parser.add_argument("--peers", default="", help="those that it has")
    parser.add_argument("--work", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--max-load", type=float, default=2.5)
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for quiet")
    parser.add_argument("--keep", action="store_true", help="keep the stores")
    bench = Bench(parser.parse_args())
    try:
        everything(bench)
    finally:
        if bench.rows:
            bench.save(bench.options.out)
            print(f"\n{len(bench.rows)} rows were added to {bench.options.out}")


if __name__ == "__main__":
    main()
