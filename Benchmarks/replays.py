"""Folding the whole log into each view."""

import sqlite3

from measure import MEGABYTE, least


def measure(bench, store, fold=None):
    """`fold`: what the peer takes to read all with JSON and a small fold."""
    for view in views(bench, store):
        firsts, again = runs(bench, store, view)
        copy = bench.work / "replay.annals"
        ours, what = least([run.took for run in firsts]), f"replay {view}"
        if view == "timeline":
            limit = bench.best(bench.repeats, lambda: bench.limits("amended", copy).part())
            bench.rate(what, ours, "C reads amendments, targets", limit)
        else:
            for columns, name, target in (
                ("body", "C scan with payloads", ">= 0.5"), ("fold", "C scan without payloads", None)
            ):
                limit = bench.best(bench.repeats, lambda: bench.limits("scan", copy, columns).part())
                bench.rate(what, ours, name, limit, target)
        if fold:
            bench.rate(what, ours, "eventsourcing, JSON and a fold", fold, ">= 10")
        memory = min(run.memory for run in firsts) / MEGABYTE
        bench.limit(f"{what}, peak memory", memory, "MB", 200 if bench.size < 5e6 else 400)
        second = least([run.took for run in again])
        bench.rate(f"{what}, compared", second, "without stored rows", ours)
    bench.fresh("replay.annals")


def views(bench, store):
    rows = bench.ours("-s", store, "-o", "tsv", "replay", "--list").output.splitlines()[1:]
    return [row.split("\t")[0] for row in rows]


def runs(bench, store, view, compares=True):
    """The view folded where none was stored, and again beside the rows that are there by then."""
    firsts, again = [], []
    for _ in range(bench.repeats):
        copy = bench.fresh("replay.annals", store)
        forget_views(copy)
        firsts.append(bench.ours("-q", "-s", copy, "replay", view))
        if compares:
            again.append(bench.ours("-q", "-s", copy, "replay", view))
    return firsts, again


def forget_views(store):
    """Leaves the log alone, as if no view had ever been run."""
    with sqlite3.connect(store) as database:
        for (tables,) in database.execute("SELECT tables FROM projection").fetchall():
            for table in tables.split():
                database.execute(f"DROP TABLE {table}")
        database.execute("DELETE FROM projection")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
