"""Durable appends within one process: one caller, and 64 at once."""

from measure import Failed


def measure(bench, store, peer):
    if not bench.options.in_process:
        return
    singles, group = min(2000, bench.size // 2), min(12_800, bench.size // 2)
    swift, limit = bench.options.in_process, bench.options.limits
    best = {}
    try:
        # In turns, so that what else writes to the disk disturbs all of them alike.
        for _ in range(3):
            for name, program, count, at_once in (
                ("ours", swift, singles, 1), ("bare", limit, singles, 1),
                ("ours 64", swift, group, 64), ("bare 64", limit, group, 64),
            ):
                copy = bench.fresh("append.annals", store)
                run = bench.run(program, "append", copy, count, at_once)
                rate = float(run.values["events"]) / run.part().seconds
                best[name] = max(best.get(name, 0), rate)
            if peer:
                best["peer"] = max(best.get("peer", 0), 1 / peer.singles())
    except Failed as failure:
        bench.note(f"appends: {failure}")
        return
    for what, ours, baseline, theirs, target in (
        ("single durable append", "ours", "C, one to a commit", "bare", ">= 0.9"),
        ("single durable append", "ours", "eventsourcing, one at a time", "peer", None),
        ("64 callers", "ours 64", "one caller", "ours", ">= 5"),
        ("64 callers", "ours 64", "C, 64 to a commit", "bare 64", ">= 0.7"),
    ):
        if theirs in best:
            bench.value(what, best[ours], "events/s", baseline, best[theirs], target)
    bench.fresh("append.annals")
    bench.fresh("peer.db")
