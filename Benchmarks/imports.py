"""What it takes to record all of it: the clock, the processor, memory and bytes."""

import sqlite3

import datasets
from measure import HERE, MEGABYTE, Failed, least

SCHEMA = HERE.parent / "Schema/sqlite"


def measure(bench, data):
    """Imports the data, and leaves the store for what is asked next."""
    guarded, bare = [], []
    limit = "limit.annals"
    runs = []
    # In turns, so that what else runs on the machine disturbs all of them alike.
    for _ in range(bench.repeats):
        store, run = imported(bench, data)
        runs.append(run)
        if bench.size <= 2_000_000:
            guarded.append(copied(bench, store, limit))
            bare.append(copied(bench, store, limit, "bare"))
    bench.fresh(limit)
    ours, run = least([run.took for run in runs]), min(runs, key=lambda run: run.seconds)
    events, size = head(store), store.stat().st_size
    bench.start(data.name, events)
    if guarded:
        bench.rate("import", ours, "C writes the same rows, guards", least(guarded), ">= 0.7")
        bench.rate("import", ours, "C, without guards", least(bare))
    bench.value("import, cores busy", run.cpu / run.seconds, "cores", "of two", 2)
    bench.limit("import, peak memory", run.memory / MEGABYTE, "MB", 200 if events < 5e6 else 400)
    bench.limit("store, per event", size / events, "bytes", 210)
    again(bench, data, store, ours)
    if data.ballots:
        datasets.link_topic(bench, store)
    return store, ours


def imported(bench, data):
    store = bench.fresh(f"{data.name}-{bench.size}.annals")
    bench.ours("init", store)
    return store, bench.ours("-q", "-s", store, "import", *data.arguments)


def copied(bench, store, limit, *bare):
    ddl = bench.work / "schema.sql"
    ddl.write_text("".join(file.read_text() for file in sorted(SCHEMA.glob("*.sql"))))
    return bench.limits("copy", store, bench.fresh(limit), ddl, *bare).part()


def again(bench, data, store, first):
    """The same import once more must add nothing."""
    before = head(store)
    second = bench.ours("-q", "-s", store, "import", *data.arguments)
    if head(store) != before:
        bench.note(f"a second import added {head(store) - before} events")
    bench.rate("import again, nothing new", second.took, "the first import", first)


def head(store):
    with sqlite3.connect(store) as database:
        return database.execute("SELECT max(seq) FROM event").fetchone()[0]


class Peer:
    """Python's eventsourcing, which records the same facts."""

    script = "eventsourcing_peer.py"

    def __init__(self, bench, store):
        self.bench = bench
        self.facts = bench.work / "facts.ndjson"
        bench.ours("-q", "-s", store, "export", into=self.facts)
        self.fold = None

    def measure(self, ours, store):
        """Recording in batches, rows made beforehand and as its users do; what a fold takes."""
        bench = self.bench
        run = bench.peer(self.script, self.facts, bench.fresh("peer.db"))
        name = f"eventsourcing {run.values['version']}"
        mapped = bench.peer(self.script, self.facts, bench.fresh("peer.db"), "mapped")
        bench.rate(
            "import", ours, f"{name}, JSON and events",
            mapped.part("mapped", "cpu-mapped"), ">= 3")
        bench.rate("import", ours, f"{name}, rows ready", run.part("batches", "cpu-batches"))
        bench.value(
            "store, per event", store.stat().st_size / bench.size, "bytes", name,
            float(run.values["bytes"]) / bench.size, less=True)
        self.fold = run.part("fold", "cpu-fold")
        bench.fresh("peer.db")

    def singles(self):
        """Seconds of one event in a commit of its own."""
        run = self.bench.peer(self.script, self.facts, self.bench.fresh("peer.db"), "singles")
        return float(run.values["singles"])


def peer(bench, store, ours):
    """The peer after it was measured, or none."""
    if not bench.has("eventsourcing"):
        bench.note("eventsourcing (Python) is not installed: left out")
        return None
    peer = Peer(bench, store)
    try:
        peer.measure(ours, store)
    except Failed as failure:
        bench.note(f"eventsourcing: {failure}")
    return peer
