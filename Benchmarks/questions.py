"""What it takes to ask one question: whole commands, and within one process."""

import sqlite3

from measure import Failed, Took

PAST_DAY = "2005-06-30"


def measure(bench, data, store):
    start = bench.best(20, lambda: bench.ours("--version").took)
    bench.time_limit("annals --version", start, 15)
    for name, command, limit, most in commands(bench, data, store):
        try:
            ours = bench.best(7, lambda: bench.ours("-q", "-s", store, *command).took)
        except Failed as failure:
            bench.note(f"{name}: left out: {failure}")
            continue
        if most:
            bench.time_limit(name, ours, most)
        if limit:
            theirs = bench.best(7, lambda: bench.limits(limit[0], store, *limit[1:]).took)
            bench.time(name, ours, "C reads the rows, whole process", theirs)
        else:
            bench.time(name, ours, "annals --version", start)
    one_more(bench, data, store, start)
    in_process(bench, data, store)


def commands(bench, data, store):
    """Name, command, what C does beside it, milliseconds it should stay under."""
    half = bench.size // 2
    about = (data.actor, data.topic)
    known = f"--known-by=#{half}"
    show, both = ("show", *about), ("both", *about)
    yield "show", ("show", *about), show, 50
    yield "show --on", ("show", *about, "--on", PAST_DAY), show, 50
    yield "show --known-by", ("show", *about, known), show, 50
    yield "audit", ("audit", *about), show, 50
    yield "audit --known-by", ("audit", *about, known), show, 50
    yield "event", ("event", half), ("event", half), 50
    yield "timeline", ("timeline", *about), both, 50
    yield "timeline --on", ("timeline", *about, "--on", PAST_DAY), both, 50
    yield "timeline --known-by", ("timeline", *about, known), both, 50
    if data.ballots:
        pair = ("agreement", data.actor, data.other)
        yield "agreement A B", pair, None, 50
        yield "agreement A B --every year", (*pair, "--every", "year"), None, None
        yield "agreement A B --known-by", (*pair, known), None, None
        yield "agreement A --top 20", ("agreement", data.actor, "--top", 20), None, None
        yield "rollcall", ("rollcall", some_rollcall(store)), None, 50
        yield "rollcalls --topic", ("rollcalls", "--topic", data.topic), None, 50
    yield "swings", ("swings",), None, None


def some_rollcall(store):
    """One in the middle, that of the assembly with the most votes."""
    with sqlite3.connect(store) as database:
        return database.execute(
            "SELECT rollcall FROM vote_rollcall WHERE number > (SELECT max(number) / 2 FROM"
            " vote_rollcall) ORDER BY yes + no + abstain + absent DESC, number LIMIT 1"
        ).fetchone()[0]


def one_more(bench, data, store, start):
    """An event that is appended, and one that is corrected, with the views brought up."""
    copy = bench.fresh("append.annals", store)
    rounds = iter(range(1_000_000))
    votes = late_votes(copy)

    def append():
        return bench.ours(
            "-q", "-s", copy, "append", "topic.defined", f"topic=more-{next(rounds)}",
            "proposition=More should be measured.", "--source", data.source)

    def correct():
        return bench.ours(
            "-q", "-s", copy, "correct", next(votes), "--set", "choice=ineligible", "--reason",
            "measured", "--source", data.source)

    for name, command in (("append", append), ("correct a vote", correct)):
        try:
            ours = bench.best(bench.repeats, lambda: command().took)
            bench.time(name, ours, "annals --version", start)
        except Failed as failure:
            bench.note(f"{name}: {failure}")
    bench.fresh(copy.name)


def late_votes(store):
    """Some late votes, about which nothing was said later."""
    with sqlite3.connect(store) as database:
        return iter([
            seq for (seq,) in database.execute(
                "SELECT seq FROM event JOIN name ON name.id = event.type WHERE text = 'vote.cast.v1'"
                " AND NOT EXISTS (SELECT 1 FROM tag WHERE tag.name = -seq) ORDER BY seq DESC"
                " LIMIT 10")
        ])


def asked(bench, data, store, rounds=20):
    """What questions take within one process."""
    values = bench.run(
        bench.options.in_process, "ask", store, data.actor, data.topic, rounds).values
    return {name: Took(float(seconds)) for name, seconds in values.items()}


def in_process(bench, data, store):
    if not bench.options.in_process:
        bench.note("the Swift part is not built: in-process figures left out")
        return
    try:
        for name, took in asked(bench, data, store).items():
            bench.time_limit(f"{name}, in process", took, 5)
    except Failed as failure:
        bench.note(f"in process: {failure}")
