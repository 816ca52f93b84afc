"""How what one event takes changes as the log grows: votes, ten times as many at each step."""

import math

import datasets
import imports
import questions
import replays
from measure import MEGABYTE, Failed

SINGLES = 1000


def measure(bench, sizes):
    before, last = {}, 0
    for size in sizes:
        bench.data, bench.size = "votes", size
        bench.quiet()
        try:
            data = datasets.votes(bench, size)
            figures = at(bench, data)
        except Failed as failure:
            bench.note(f"growth: {failure}")
            return
        report(bench, figures, before, last)
        before, last = figures, bench.size


def at(bench, data):
    """Name to (value, unit, how it may grow) at this size."""
    store, run = imports.imported(bench, data)
    events = imports.head(store)
    figures = {
        "import": (run.seconds / events * 1e6, "µs/event", "linear"),
        "import, of CPU": (run.cpu / events * 1e6, "µs/event", "linear"),
        "import, peak memory": (run.memory / MEGABYTE, "MB", "memory"),
        "store": (store.stat().st_size / events, "bytes/event", "linear"),
    }
    datasets.link_topic(bench, store)
    bench.start("growth", events)
    for view in replays.views(bench, store):
        firsts, _ = replays.runs(bench, store, view, compares=False)
        run = min(firsts, key=lambda run: run.cpu)
        figures[f"replay {view}"] = (run.seconds / events * 1e6, "µs/event", "linear")
        figures[f"replay {view}, of CPU"] = (run.cpu / events * 1e6, "µs/event", "linear")
        figures[f"replay {view}, peak memory"] = (run.memory / MEGABYTE, "MB", "memory")
    for name, command in (
        ("event", ("event", events // 2)),
        ("show --known-by", ("show", data.actor, data.topic, f"--known-by=#{events // 2}")),
    ):
        took = bench.best(7, lambda: bench.ours("-q", "-s", store, *command).took)
        figures[f"{name}, whole command"] = (took.seconds * 1000, "ms", "logarithmic")
        figures[f"{name}, of CPU"] = (took.cpu * 1000, "ms", "logarithmic")
    if bench.options.in_process:
        asked = questions.asked(bench, data, store)
        for name in ("lookup", "show-known-by"):
            figures[f"{name}, in process"] = (asked[name].seconds * 1e6, "µs", "logarithmic")
        # The store itself: a copy of gigabytes would still be on its way to the disk meanwhile.
        run = bench.run(bench.options.in_process, "append", store, SINGLES, 1)
        took = run.part()
        figures["single durable append"] = (took.seconds / SINGLES * 1e6, "µs", "logarithmic")
        if took.cpu is not None:
            figures["single append, of CPU"] = (took.cpu / SINGLES * 1e6, "µs", "logarithmic")
    if not bench.options.keep:
        bench.fresh(store.name)
        bench.fresh("replay.annals")
    return figures


def report(bench, figures, before, last):
    """Each figure beside that of the step before; a tenth is left for chance."""
    for name, (value, unit, growth) in figures.items():
        if growth == "memory":
            bench.limit(name, value, unit, 400 if bench.size > 5_000_000 else 200)
        elif name in before:
            allowed = 1 if growth == "linear" else math.log(last) / math.log(bench.size)
            bench.value(
                name, value, unit, f"at {last:,} events ({growth})", before[name][0],
                f">= {0.9 * allowed:.2f}", less=True)
        else:
            bench.value(name, value, unit, "", None)
