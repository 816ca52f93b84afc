"""Whether time grows in a straight line with the facts about one thing: records of one shape, twice as
large at each step."""

import sys

from measure import HERE, Failed

sys.path.insert(0, str(HERE / "data"))
import shapes  # noqa: E402

SIZES = (10_000, 20_000, 40_000, 80_000)
# Twice the facts take twice the time, and a quarter is left for chance.
MOST = 2.25
# What takes less is mostly the start of the program.
LEAST = 0.05


def measure(bench, sizes):
    for shape in shapes.SHAPES:
        before = {}
        for size in sizes or SIZES:
            bench.data, bench.size = shape, size
            bench.quiet()
            try:
                figures = at(bench, shape, size)
            except Failed as failure:
                bench.note(f"{shape}, {size:,}: {failure}")
                break
            bench.start(shape, size)
            for name, took in figures.items():
                last = before.get(name)
                bench.value(
                    name, took.cpu * 1000, "ms of CPU", "half as many" if last else "",
                    last.cpu * 1000 if last else None,
                    f">= {1 / MOST:.2f}" if last and last.cpu > LEAST else None, less=True)
            before = figures


def at(bench, shape, size):
    """What each command took."""
    path = bench.work / f"{shape}.ndjson"
    with open(path, "w", encoding="utf-8") as file:
        shapes.write(shape, size, file)
    store = bench.fresh("lines.annals")
    bench.ours("init", store)
    figures = {"import": bench.ours("import", path, "-q", "-s", store).took}
    path.unlink()
    actor = f"a-{size}" if shape == "merges" else "ALA"
    fact = 4 + 2 * size if shape == "merges" else 3
    for name, command in (
        ("show", ("show", actor, "t")),
        ("audit", ("audit", actor, "t")),
        ("event", ("event", fact)),
        ("timeline", ("timeline", actor)),
        ("list stances", ("list", "stances")),
        ("health", ("health",)),
        ("diff", ("diff", actor, "t", "--known-by", f"#{size // 2}..#{size}")),
        ("report", ("report", actor, "t")),
        ("verify", ("verify",)),
        ("append", ("append", "stance.changed", f"actor={actor}", "topic=t", "level=1",
                    "basis=declared", "--on", "1650-01-01")),
        ("correct", ("correct", fact, "--set", CHANGE[shape], "--reason", "test")),
        ("retract", ("retract", fact, "--reason", "test")),
    ):
        figures[name] = bench.ours(*command, "-s", store).took
    if not bench.options.keep:
        bench.fresh(store.name)
    return figures


CHANGE = {shape: "level=2" for shape in shapes.SHAPES} | {"statements": "text=other"}
