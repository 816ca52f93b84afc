#!/usr/bin/env python3
"""Kills  annals erase  at every step, and looks for traces of the erased text in the files.

    Scripts/survival/erase-kill.py [--short | --long] [--seed N] [--annals PATH]

The record holds a word in one payload, in a correction of it, and in pages that a view of an earlier
time has left free. The erasure of that payload is run once under strace to count the calls that
change files, and then killed right before one of them: some of them, spread evenly (--long: each).
After each kill

  the record says that the payload is there, or that it was erased, and never half of it;
  while it says "erased" and the files hold the word, verify and doctor say that a purge is due;
  the next append completes what is due: no file holds the word, and neither verify nor doctor says
    that a purge is due; verify finds no fault, and a payload that was not erased is still there.

Exit code 1 on any anomaly. Needs Linux, Python 3 and strace.
"""

import json
import pathlib
import random
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import program  # noqa: E402

WORD = "quokkafish"
CALLS = ("pwrite64", "write", "ftruncate", "fdatasync", "fsync", "unlink", "flock")
VIEW = """-- projection: said
-- version: 1
CREATE TABLE said (seq INTEGER PRIMARY KEY, text TEXT) STRICT;
-- on statement.made
INSERT INTO said (seq, text) VALUES (:seq, $text);
"""


def make(lab):
    """The record, and the position of the event that is to be erased."""
    lab.must("init", str(lab.store), "--demo")
    lab.write_view("said", VIEW)
    lab.must(
        "append", "statement.made", "speaker=dmitry-peskov", "kind=quote", f"text=the {WORD} swims")
    position = len(lab.export())
    lab.must(
        "correct", str(position), "--set", f"text=the {WORD} sleeps", "--reason", f"a {WORD} error")
    # The rows of the view go to free pages, which nothing overwrites.
    lab.must("replay")
    del lab.environment["ANNALS_PROJECTIONS"]
    lab.must("replay", "--forget", "said")
    return position


def files(lab):
    return sorted(lab.folder.glob(f"{lab.store.name}*"))


def has_traces(lab):
    return any(WORD.encode() in path.read_bytes() for path in files(lab))


def says_due(lab):
    """Whether a purge is due, as verify and doctor say it."""
    verified = json.loads(lab.must("verify", "-o", "json"))["purge_due"]
    healthy = any(
        row["name"] == "purge" for row in json.loads(lab.must("doctor", "-o", "json"))["rows"])
    if verified != healthy:
        lab.anomaly(f"verify says that a purge is due: {verified}; doctor: {healthy}")
    return verified


def is_erased(lab, position):
    events = [event for event in lab.export() if event["seq"] in (position, position + 1)]
    erased = ["erased" in event for event in events]
    if len(set(erased)) != 1:
        lab.anomaly(f"one of #{position} and its correction was erased, and not the other")
    return all(erased)


def trace(lab, command, *options):
    return subprocess.run(
        ["strace", "-f", "-qq", *options, lab.annals, *command], env=lab.environment,
        cwd=lab.folder, capture_output=True, check=False)


def count(lab, command):
    """How often each of the calls is made, by the thread that makes most of them."""
    log = lab.folder / "calls"
    trace(lab, command, "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    counts = {}
    for line in log.read_text().splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found:
            key = found.groups()
            counts[key] = counts.get(key, 0) + 1
    log.unlink()
    most = {}
    for (_, call), number in counts.items():
        most[call] = max(most.get(call, 0), number)
    return most


def main():
    parser = program.parser(__doc__)
    options = parser.parse_args()
    lab = program.Lab(program.find(options.annals), "eraser")
    print(f"seed {options.seed}, {lab.annals}")
    if not shutil.which("strace"):
        lab.skip("strace is missing")
    if subprocess.run(
            ["strace", "-qq", "-e", "trace=none", "true"], capture_output=True).returncode:
        lab.skip("strace may not trace here")
    chance = random.Random(options.seed)
    position = make(lab)
    command = ["erase", str(position), "--reason", "law"]
    originals = {path.name: path.read_bytes() for path in files(lab)}

    def restore():
        for path in files(lab):
            path.unlink()
        for name, content in originals.items():
            (lab.folder / name).write_bytes(content)

    counts = count(lab, command)
    if not is_erased(lab, position) or has_traces(lab):
        lab.anomaly("an erasure that nothing stops leaves traces")
    steps = [(call, number) for call in CALLS for number in range(1, counts.get(call, 0) + 1)]
    if not options.long:
        size = max(1, len(steps) // (10 if options.short else 60))
        steps = steps[chance.randrange(size)::size]
    found = {"kept": 0, "due": 0, "done": 0}
    for call, number in steps:
        restore()
        trace(
            lab, command, "-o", "/dev/null", "-e", f"trace={call}", "-e",
            f"inject={call}:signal=KILL:when={number}")
        place = f"killed at {call} {number}"
        erased, traces, due = is_erased(lab, position), has_traces(lab), says_due(lab)
        if erased and traces and not due:
            lab.anomaly(f"{place}: traces are left, and no purge is due")
        if due and not erased:
            lab.anomaly(f"{place}: a purge is due, and nothing was erased")
        found["due" if due else "done" if erased else "kept"] += 1
        lab.must("append", "statement.made", "speaker=dmitry-peskov", "kind=quote", "text=later")
        if erased and has_traces(lab):
            lab.anomaly(f"{place}: the next append leaves traces")
        if says_due(lab):
            lab.anomaly(f"{place}: a purge is due behind the next append")
        if is_erased(lab, position) != erased:
            lab.anomaly(f"{place}: the next append changed what was erased")
        if not erased and not has_traces(lab):
            lab.anomaly(f"{place}: the payload is gone, and nothing says so")
        lab.must("verify")
    print(
        f"{len(steps)} kills at {len(counts)} kinds of calls: payload kept {found['kept']} times,"
        f" erased with a purge due {found['due']}, erased and purged {found['done']}")
    if min(found["kept"], found["due"]) == 0 and len(steps) > 8:
        lab.anomaly("no kill was between the commit and the purge")
    lab.check_whole(lab.export())
    lab.finish()


main()
