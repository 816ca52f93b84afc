"""Agreement of all pairs of voters per year, beside programs that work it out from the same CSV."""

import csv

from measure import MEGABYTE, Failed, least

SUMS = ("n", "same", "half", "opposite")


def measure(bench, data, store):
    what = "agreement, all pairs, per year"
    out, database = bench.work / "agreement.csv", bench.work / "agreement.duckdb"
    command = ("-q", "-s", store, "agreement", "--every", "year", "-o", "csv")
    try:
        runs = [bench.ours(*command, into=out) for _ in range(5)]
    except Failed as failure:
        bench.note(f"agreement: left out: {failure}")
        return
    ours = least([run.took for run in runs])
    bench.time_limit(what, ours, 300)
    bench.limit(f"{what}, memory", runs[0].memory / MEGABYTE, "MB", 200)
    limit = bench.best(5, lambda: bench.limits("agreement", store).took)
    bench.time(what, ours, "C, the same view, counts only", limit)
    sums = totals(out)
    for module, name, target, extra in (
        ("duckdb", "DuckDB, whole run over the CSV", ">= 7", ()),
        ("duckdb", "DuckDB, from a table stored before", None, (database,)),
        ("numpy", "numpy, matrix product, from the CSV", None, ()),
        ("polars", "polars, join, from the CSV", None, ()),
    ):
        if not bench.has(module):
            bench.note(f"{name.split(',')[0]} is not installed: left out")
            continue
        script = f"{module}_agreement.py"
        try:
            database.unlink(missing_ok=True)
            if extra:
                bench.peer(script, data.ballots, out, *extra)
            theirs = bench.best(
                bench.repeats, lambda: bench.peer(script, data.ballots, out, *extra).took)
        except Failed as failure:
            bench.note(f"{name}: {failure}")
            continue
        bench.time(what, ours, name, theirs, target)
        found = totals(out)
        if found != sums:
            bench.note(f"{name} comes to other sums: {found}, and ours are {sums}")
    database.unlink(missing_ok=True)
    out.unlink(missing_ok=True)


def totals(path):
    """Roll calls of all pairs and years, and how they voted in them: the same whoever counts."""
    sums = dict.fromkeys(SUMS, 0)
    with open(path, newline="") as lines:
        for row in csv.DictReader(lines):
            for name in SUMS:
                sums[name] += int(row[name])
    return sums
