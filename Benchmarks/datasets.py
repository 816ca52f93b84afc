"""What is recorded: made on the spot, or real files."""

import json
import lzma
import pathlib
import shutil
import sqlite3
import subprocess
import sys
from typing import NamedTuple

from measure import HERE

# A topic that bears on so many roll calls, whatever the size of the record.
TOPIC, LINKED = "benchmark", 50
SOURCE = "un-digital-library"


class Data(NamedTuple):
    name: str
    # What follows `annals import`.
    arguments: tuple
    # About whom and what is asked.
    actor: str
    topic: str
    # What new facts rest on.
    source: str
    # Who is compared with the actor, and the ballots in CSV, where it is about votes only.
    other: str | None = None
    ballots: pathlib.Path | None = None


def record(bench, count):
    """Votes, motions, statements, stances, sources and amendments, in the import format."""
    path = bench.work / f"record-{count}.ndjson"
    if not path.exists():
        with open(path, "wb") as out:
            subprocess.run(
                [sys.executable, HERE / "data/record.py", str(count)], stdout=out, check=True)
    return Data("record", (path,), "SAE", "security-1", "register")


def votes(bench, count):
    """So many votes and their roll calls, in CSV."""
    folder = bench.work / f"votes-{count}"
    if not folder.exists():
        made = folder.with_suffix(".part")
        shutil.rmtree(made, ignore_errors=True)
        subprocess.run([sys.executable, HERE / "data/votes.py", str(count), made], check=True)
        made.rename(folder)
    return _of_files("votes", folder)


def real_votes(bench, folder):
    """The files of a folder, unpacked if need be."""
    unpacked = bench.work / folder.resolve().name
    unpacked.mkdir(exist_ok=True)
    for name in ("rollcalls.csv", "ballots.csv"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, unpacked / name)
        elif not (unpacked / name).exists():
            part = unpacked / (name + ".part")
            with lzma.open(folder / (name + ".xz")) as packed, open(part, "wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
            part.rename(unpacked / name)
    return _of_files(folder.resolve().name, unpacked)


def _of_files(name, folder):
    files = folder / "rollcalls.csv", folder / "ballots.csv"
    return Data(name, (*files, "--map", "un-votes"), "USA", TOPIC, SOURCE, "RUS", files[1])


def link_topic(bench, store):
    """Adds a topic and its links to motions that are spread over the years: of itself a record of
    votes takes no position on anything."""
    with sqlite3.connect(store) as database:
        motions = database.execute(
            "SELECT motion, on_text FROM vote_rollcall WHERE body = 'un-ga' AND motion IS NOT NULL"
            " AND length(on_text) = 10 AND yes + no + abstain > 0 ORDER BY earliest, number"
        ).fetchall()
    source = [{"source": SOURCE}]
    facts = [
        {
            "type": "topic.defined", "sources": source,
            "data": {"topic": TOPIC, "proposition": "More should be measured."},
        }
    ]
    for motion, day in motions[:: max(1, len(motions) // LINKED)][:LINKED]:
        facts.append(
            {
                "type": "topic.linked", "on": day, "basis": "inferred", "sources": source,
                "data": {
                    "topic": TOPIC, "motion": motion, "supporting": "yes", "strength": "strong",
                    "rationale": "The text asks for more of it.",
                },
            }
        )
    path = bench.work / "topic.ndjson"
    path.write_text("".join(json.dumps(fact) + "\n" for fact in facts))
    bench.ours("-q", "-s", store, "import", path)
