#!/usr/bin/env python3
"""Takes the figures of Annals beside raw limits and a peer, on the same data in the same run.

Run it through `Benchmarks/run`, which builds what it needs.
"""

import argparse
import csv
import datetime
import os
import pathlib
import platform
import shutil
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
DDL = HERE.parent / "Schema/sqlite/0001_log.sql"
ACTOR, TOPIC = "SAE", "security-1"
PAST_DAY = "2005-06-30"
MEGABYTE = 1 << 20

COLUMNS = (
    "date", "cores", "cpu", "kernel", "load", "commit", "events", "what", "ours", "unit",
    "baseline", "figure", "ratio", "target",
)


class Failed(Exception):
    """A command that did not end well: its message."""


class Run:
    """What one command took."""

    def __init__(self, arguments, cwd):
        arguments = [str(argument) for argument in arguments]
        read, write = os.pipe()
        errors = os.open(cwd / "stderr", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNALS_")}
        environment["ANNALS_RECORDER"] = "bench"
        actions = [
            (os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_DUP2, errors, 2),
            (os.POSIX_SPAWN_CLOSE, read),
        ]
        start = time.perf_counter()
        process = os.posix_spawnp(arguments[0], arguments, environment, file_actions=actions)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            self.output = pipe.read().decode()
        _, status, usage = os.wait4(process, 0)
        self.seconds = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        message = os.pread(errors, 2000, 0).decode(errors="replace").strip()
        os.close(errors)
        if status != 0:
            raise Failed(f"{' '.join(arguments[1:3])}: {message or status}")

    @property
    def values(self):
        """The "name value" lines that the helpers print."""
        pairs = (line.split(" ", 1) for line in self.output.splitlines())
        return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}

    def value(self, name="seconds"):
        return float(self.values[name])


class Bench:
    def __init__(self, options):
        self.options = options
        self.work = pathlib.Path(options.work)
        self.annals = pathlib.Path(options.annals).resolve()
        self.rows = []
        self.size = 0
        self.machine = machine()
        self.commit = options.commit or commit()

    # MARK: running

    def run(self, *arguments):
        return Run(arguments, self.work)

    def ours(self, *arguments):
        return self.run(self.annals, *arguments)

    def limits(self, *arguments):
        return self.run(self.options.limits, *arguments)

    def best(self, times, measure):
        """The least of several values: what disturbs a measurement only ever adds to it."""
        return min(measure() for _ in range(times))

    def quiet(self):
        """Waits until the machine is quiet, for a while."""
        end = time.monotonic() + self.options.patience
        while os.getloadavg()[0] >= self.options.max_load and time.monotonic() < end:
            time.sleep(2)

    def fresh(self, name, source=None):
        """The path of a store that is not there, or a copy of another one."""
        path = self.work / name
        for suffix in ("", "-wal", "-shm", ".lock", ".singles"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        if source:
            shutil.copyfile(source, path)
        return path

    # MARK: reporting

    def add(self, what, ours, unit, baseline, figure, target=None, less=False):
        """A row. The ratio is above 1 where ours is better; `less`: less is better."""
        ratio = (figure / ours if less else ours / figure) if ours and figure else None
        self.rows.append(
            dict(
                zip(
                    COLUMNS,
                    (
                        datetime.date.today().isoformat(), *self.machine,
                        f"{os.getloadavg()[0]:.1f}", self.commit, self.size, what, number(ours),
                        unit, baseline, number(figure), "" if ratio is None else number(ratio),
                        target or "",
                    ),
                )
            )
        )
        verdict = ""
        if target and ratio is not None:
            verdict = f"target {target}" + ("" if ratio >= float(target.split()[-1]) else " missed")
        print(
            f"{what:<38}{number(ours):>12} {unit:<9} {number(figure):>12}  {baseline:<42}"
            f"{'' if ratio is None else number(ratio):>8}  {verdict}",
            flush=True,
        )

    def note(self, text):
        print(f"  -- {text}", flush=True)

    # MARK: the parts

    def everything(self):
        for size in self.options.events:
            self.size = size
            self.peer_fold = None
            print(
                f"\n{size:,} events\n{'what':<38}{'ours':>12} {'unit':<9} {'baseline':>12}"
                f"  {'':<42}{'ratio':>8}"
            )
            self.quiet()
            store = self.imported()
            if not store:
                continue
            for part in (self.peer, self.replays, self.questions, self.in_process, self.appends):
                self.quiet()
                try:
                    part(store)
                except Failed as failure:
                    self.note(f"{part.__name__}: {failure}")
            if not self.options.keep:
                self.fresh(store.name)

    @property
    def repeats(self):
        return 3 if self.size <= 200_000 else 2

    def imported(self):
        record = self.work / f"record-{self.size}.ndjson"
        if not record.exists():
            with open(record, "wb") as out:
                subprocess.run(
                    [sys.executable, HERE / "generate.py", str(self.size)], stdout=out, check=True)
        runs, guarded, bare = [], [], []
        limit = "limit.annals"
        try:
            # In turns, so that what else runs on the machine disturbs all of them alike.
            for _ in range(self.repeats):
                store = self.fresh(f"store-{self.size}.annals")
                self.ours("init", store)
                runs.append(self.ours("-q", "-s", store, "import", record))
                guarded.append(self.limits("copy", store, self.fresh(limit), DDL))
                bare.append(self.limits("copy", store, self.fresh(limit), DDL, "bare"))
        except Failed as failure:
            self.note(f"import: {failure}")
            return None
        run = min(runs, key=lambda run: run.seconds)
        guarded, bare = min(guarded, key=Run.value), min(bare, key=Run.value)
        rate = self.size / run.seconds
        self.add(
            "import", rate, "events/s", "C writes the same rows, guards",
            self.size / guarded.value(), target=">= 0.7")
        self.add("import", rate, "events/s", "C, without guards", self.size / bare.value())
        # What other programs on the machine disturb less.
        self.add(
            "import, CPU time per event", run.cpu / self.size * 1e6, "µs", "C, guards",
            guarded.value("cpu") / self.size * 1e6, less=True)
        self.add("import, cores busy", run.cpu / run.seconds, "cores", "of two", 2)
        self.add(
            "import, peak memory", run.memory / MEGABYTE, "MB", "target", 200, ">= 1", less=True)
        self.add(
            "store, per event", store.stat().st_size / self.size, "bytes",
            "target (a vote)", 210, ">= 1", less=True)
        self.import_rate = rate
        self.fresh(limit)
        return store

    def peer(self, store):
        if not self.options.peer:
            self.note("eventsourcing (Python) is not installed: left out")
            return
        path = self.fresh("peer.db")
        values = self.run(self.options.peer, HERE / "peer.py", store, path).values
        self.peer_fold = self.size / float(values["fold"])
        name = f"eventsourcing {values['version']}"
        self.add(
            "import", self.import_rate, "events/s", f"{name}, rows ready, by 1,000",
            self.size / float(values["batches"]))
        mapped = self.run(
            self.options.peer, HERE / "peer.py", store, self.fresh("peer-mapped.db"), "mapped").values
        self.add(
            "import", self.import_rate, "events/s", f"{name}, JSON and events, by 1,000",
            self.size / float(mapped["mapped"]), ">= 3")
        self.fresh("peer-mapped.db")
        self.add(
            "store, per event", store.stat().st_size / self.size, "bytes", name,
            float(values["bytes"]) / self.size, less=True)
        self.fresh(path.name)

    def forget_views(self, store):
        """Leaves the log alone, as if no view had ever been run."""
        with sqlite3.connect(store) as database:
            for (tables,) in database.execute("SELECT tables FROM projection").fetchall():
                for table in tables.split():
                    database.execute(f"DROP TABLE {table}")
            database.execute("DELETE FROM projection")
            database.commit()
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def replays(self, store):
        views = self.ours("-s", store, "-o", "tsv", "replay", "--list").output.splitlines()[1:]
        for view in (line.split("\t")[0] for line in views):
            firsts, again = [], []
            for _ in range(self.repeats):
                copy = self.fresh("replay.annals", store)
                self.forget_views(copy)
                firsts.append(self.ours("-q", "-s", copy, "replay", view))
                again.append(self.ours("-q", "-s", copy, "replay", view))
            run = min(firsts, key=lambda run: run.seconds)
            rate = self.size / run.seconds
            if view == "timeline":
                limit, name = ("amended", copy), "C reads amendments, targets"
            else:
                limit, name = ("scan", copy, "body"), "C scan with payloads"
                fold = self.best(self.repeats, lambda: self.limits("scan", copy, "fold").value())
                self.add(
                    f"replay {view}", rate, "events/s", "C scan without payloads",
                    self.size / fold)
            figure = self.best(self.repeats, lambda: self.limits(*limit).value())
            self.add(f"replay {view}", rate, "events/s", name, self.size / figure, ">= 0.5")
            if self.peer_fold:
                self.add(
                    f"replay {view}", rate, "events/s", "eventsourcing, JSON and a fold",
                    self.peer_fold, ">= 10")
            self.add(
                f"replay {view}, peak memory", run.memory / MEGABYTE, "MB", "target", 200, ">= 1",
                less=True)
            second = min(run.seconds for run in again)
            self.add(
                f"replay {view}, compared", self.size / second, "events/s", "without stored rows",
                rate)
        self.fresh("replay.annals")

    def questions(self, store):
        half = self.size // 2
        start = self.best(20, lambda: self.ours("--version").seconds) * 1000
        self.add("annals --version", start, "ms", "target", 15, ">= 1", less=True)
        commands = [
            ("show", ("show", ACTOR, TOPIC), ("show", store, ACTOR, TOPIC)),
            ("show --on", ("show", ACTOR, TOPIC, "--on", PAST_DAY), ("show", store, ACTOR, TOPIC)),
            (
                "show --known-by", ("show", ACTOR, TOPIC, f"--known-by=#{half}"),
                ("show", store, ACTOR, TOPIC),
            ),
            ("audit", ("audit", ACTOR, TOPIC), ("show", store, ACTOR, TOPIC)),
            ("event", ("event", half), ("event", store, half)),
            ("timeline", ("timeline", ACTOR, TOPIC), ("both", store, ACTOR, TOPIC)),
        ]
        for name, command, limit in commands:
            try:
                run = self.best(7, lambda: self.ours("-q", "-s", store, *command).seconds) * 1000
            except Failed as failure:
                self.note(f"{name}: {failure}")
                continue
            self.add(name, run, "ms", "target, whole command", 50, ">= 1", less=True)
            self.add(name, run, "ms", "annals --version", start, less=True)
            bare = self.best(7, lambda: self.limits(*limit).seconds) * 1000
            self.add(name, run, "ms", "C reads the rows, whole process", bare, less=True)

        self.writes(store, start)

    def writes(self, store, start):
        """One event more, with the views brought up to it."""
        copy = self.fresh("write.annals", store)
        days = iter(range(1, 29))

        def append():
            return self.ours(
                "-q", "-s", copy, "append", "stance.changed", f"actor={ACTOR}", f"topic={TOPIC}",
                "level=1", "basis=declared", "--on", f"2026-01-{next(days):02}", "--source",
                "register")

        # A vote: the first events are actors, topics and roles.
        votes = iter(range(self.size - 200, self.size))

        def correct():
            for vote in votes:
                try:
                    return self.ours(
                        "-q", "-s", copy, "correct", vote, "--set", "choice=abstain", "--reason",
                        "bench")
                except Failed:
                    continue
            raise Failed("correct: no vote among the last 200 events")

        for name, command in (("append", append), ("correct a vote", correct)):
            time = self.best(self.repeats, lambda: command().seconds) * 1000
            self.add(name, time, "ms", "annals --version", start, less=True)
        self.fresh(copy.name)

    def in_process(self, store):
        if not self.options.in_process:
            self.note("the Swift part is not built: in-process figures left out")
            return
        values = self.run(
            self.options.in_process, "ask", store, ACTOR, TOPIC, 20).values
        for name, seconds in values.items():
            self.add(
                f"{name}, in process", float(seconds) * 1000, "ms", "target", 5, ">= 1",
                less=True)

    def appends(self, store):
        if not self.options.in_process:
            return
        singles, group = min(2000, self.size // 2), min(12_800, self.size // 2)

        swift, limit = self.options.in_process, self.options.limits
        best = {}
        # In turns, so that what else writes to the disk disturbs all of them alike.
        for _ in range(3):
            for name, program, count, at_once in (
                ("ours", swift, singles, 1), ("bare", limit, singles, 1),
                ("ours 64", swift, group, 64), ("bare 64", limit, group, 64),
            ):
                copy = self.fresh("append.annals", store)
                run = self.run(program, "append", copy, count, at_once)
                best[name] = max(best.get(name, 0), run.value("events") / run.value())
            if self.options.peer:
                values = self.run(
                    self.options.peer, HERE / "peer.py", store, self.fresh("peer.db"), "singles"
                ).values
                best["peer"] = max(best.get("peer", 0), 1 / float(values["singles"]))
        self.add(
            "single durable append", best["ours"], "events/s", "C, one to a commit", best["bare"],
            ">= 0.9")
        if "peer" in best:
            self.add(
                "single durable append", best["ours"], "events/s",
                "eventsourcing, one at a time", best["peer"])
        self.add("64 callers", best["ours 64"], "events/s", "one caller", best["ours"], ">= 5")
        self.add(
            "64 callers", best["ours 64"], "events/s", "C, 64 to a commit", best["bare 64"],
            ">= 0.7")
        self.fresh("append.annals")
        self.fresh("peer.db")

    def save(self, path):
        is_new = not path.exists()
        with open(path, "a", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
            if is_new:
                writer.writeheader()
            writer.writerows(self.rows)


def number(value):
    """Three significant digits, or a whole number."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine():
    cpu = platform.machine()
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    kernel = ".".join(platform.release().split("-")[0].split(".")[:2])
    return os.cpu_count(), cpu, f"{platform.system()} {kernel}"


def commit():
    def git(*arguments):
        done = subprocess.run(
            ["git", "-C", str(HERE), *arguments], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""

    head = git("rev-parse", "--short", "HEAD")
    return (head or "none") + ("+" if git("status", "--porcelain", "--", "../Sources") else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", default=[1000, 100_000, 1_000_000],
                        type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--annals", required=True)
    parser.add_argument("--commit", default="", help="from which the program was built")
    parser.add_argument("--limits", required=True)
    parser.add_argument("--in-process", default="")
    parser.add_argument("--peer", default="", help="a Python that has eventsourcing")
    parser.add_argument("--work", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--max-load", type=float, default=2.5)
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for quiet")
    parser.add_argument("--keep", action="store_true", help="keep the stores")
    bench = Bench(parser.parse_args())
    try:
        bench.everything()
    finally:
        if bench.rows:
            bench.save(bench.options.out)
            print(f"\n{len(bench.rows)} rows were added to {bench.options.out}")


if __name__ == "__main__":
    main()
