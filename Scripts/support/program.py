"""What the tests of survival share: options, finding the program, running it, reading a store back."""

import argparse
import json
import os
import pathlib
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def find(given):
    """The path of the program: --annals, ANNALS_BINARY, or what was built last in this folder."""
    named = given or os.environ.get("ANNALS_BINARY")
    if named:
        return os.path.abspath(named)
    built = [ROOT / ".build" / kind / "annals" for kind in ("release", "debug")]
    built = [path for path in built if path.exists()]
    if not built:
        sys.exit("annals is not built: run  swift build  or name it with --annals PATH")
    return str(max(built, key=lambda path: path.stat().st_mtime))


def parser(doc, lengths=True):
    """The options that these tests share, to which each adds its own."""
    made = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    if lengths:
        length = made.add_mutually_exclusive_group()
        length.add_argument("--short", action="store_true", help="seconds")
        length.add_argument("--long", action="store_true", help="up to hours")
    made.add_argument("--seed", type=int, default=secrets.randbits(32))
    made.add_argument("--annals", metavar="PATH")
    return made


def every_event(types, version=1):
    """A view of a user's own with one row per event: so many rows as its checkpoint says."""
    return f"""-- projection: every-event
-- version: {version}
CREATE TABLE every_event (seq INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT UNIQUE) STRICT;
-- on {", ".join(types)}
INSERT INTO every_event VALUES (:seq, :type, :id);
"""


class Lab:
    """A folder with one store, and the program that works on it."""

    def __init__(self, annals, recorder):
        self.annals = annals
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="annals-survival-"))
        self.store = self.folder / "un.annals"
        # Nothing of the tester's own settings may leak in.
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8",
            "ANNALS_STORE": str(self.store), "ANNALS_RECORDER": recorder,
        }
        self.anomalies = []
        self.commands = {}

    def start(self, *arguments):
        """Starts the program, with pipes on all three streams."""
        return subprocess.Popen(
            [self.annals, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.environment, cwd=self.folder)

    def run(self, *arguments, text=""):
        """Runs the program to its end: exit code, output, errors."""
        process = self.start(*arguments)
        output, errors = process.communicate(text.encode())
        return process.returncode, output.decode(), errors.decode()

    def must(self, *arguments, text=""):
        """Runs what has to work, and answers with its output."""
        status, output, errors = self.run(*arguments, text=text)
        if status != 0:
            self.anomaly(f"annals {' '.join(arguments)} ended with {status}: {errors.strip()}")
        return output

    def knows(self, command):
        """Whether the program has this command."""
        if command not in self.commands:
            self.commands[command] = self.run("help", command)[0] == 0
        return self.commands[command]

    def write_view(self, name, text):
        """Gives the program a view of its own from now on; no command reads half of its file."""
        folder = self.folder / "views"
        folder.mkdir(exist_ok=True)
        (folder / "new").write_text(text, encoding="utf-8")
        (folder / "new").rename(folder / f"{name}.sql")
        self.environment["ANNALS_PROJECTIONS"] = str(folder)

    def anomaly(self, text):
        self.anomalies.append(text)
        if len(self.anomalies) <= 20:
            print(f"ANOMALY: {text}", file=sys.stderr)

    def skip(self, reason):
        """Ends a test that cannot be made on this machine, which is no fault of the program."""
        shutil.rmtree(self.folder)
        print(f"skipped: {reason}")
        sys.exit(0)

    def finish(self):
        """Ends the test: the folder goes only where nothing is left to look into."""
        if self.anomalies:
            print(f"{len(self.anomalies)} anomalies; what they left is in {self.folder}")
            sys.exit(1)
        shutil.rmtree(self.folder)
        print("no anomaly")

    # What the store says

    def export(self):
        """The whole log, as the program hands it out."""
        return [json.loads(line) for line in self.must("export").splitlines()]

    def types(self):
        """The names of all types of event."""
        lines = self.must("list", "types", "-o", "ndjson").splitlines()
        return [json.loads(line)["id"] for line in lines]

    def check_whole(self, events):
        """Order, ids, batches and times of the log; its file; its views."""
        for place, event in enumerate(events, 1):
            if event["seq"] != place:
                self.anomaly(f"position {event['seq']} stands in place {place}")
        if len({event["id"] for event in events}) != len(events):
            self.anomaly("an id stands twice")
        for before, after in zip(events, events[1:]):
            same = before["batch"] == after["batch"]
            if not same and after["batch"] != after["seq"]:
                self.anomaly(f"batch {after['batch']} does not start at its own position")
            if same and before["recorded"] != after["recorded"]:
                self.anomaly(f"batch {after['batch']} was recorded at two times")
            if not same and before["recorded"] >= after["recorded"]:
                self.anomaly(f"recorded does not rise at #{after['seq']}")
        self.must("doctor")
        self.must("replay", "--check")
        self.check_file(events)

    def check_file(self, events):
        """The same once more with another reader: SQLite as Python brings it, on a copy."""
        if sqlite3.sqlite_version_info < (3, 37):
            print(f"not checked with SQLite {sqlite3.sqlite_version}: it is too old for the store")
            return
        copy = self.folder / "copy.annals"
        for suffix in ("", "-wal"):
            source = pathlib.Path(f"{self.store}{suffix}")
            if source.exists():
                shutil.copyfile(source, f"{copy}{suffix}")
        database = sqlite3.connect(copy)
        verdict = database.execute("PRAGMA integrity_check").fetchall()
        if verdict != [("ok",)]:
            self.anomaly(f"integrity_check: {verdict[:3]}")
        rows = database.execute("SELECT seq, lower(hex(id)) FROM event ORDER BY seq").fetchall()
        database.close()
        if rows != [(event["seq"], event["id"].replace("-", "")) for event in events]:
            self.anomaly("the file's own rows are not what export says")
