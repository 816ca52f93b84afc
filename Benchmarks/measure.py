"""Running commands, waiting for quiet, and reporting what they took beside what it is held against."""

import csv
import datetime
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

HERE = pathlib.Path(__file__).resolve().parent
MEGABYTE = 1 << 20

COLUMNS = (
    "date", "cores", "cpu", "kernel", "load", "commit", "data", "events", "what", "ours", "unit",
    "baseline", "figure", "ratio", "cpu_ratio", "target",
)


class Failed(Exception):
    """A command that did not end well: its message."""


class Took(NamedTuple):
    """Seconds of the clock, and of the processor where they are known."""

    seconds: float
    cpu: float | None = None


class Run:
    """What one command took."""

    def __init__(self, arguments, folder, into=None):
        """`into`: a file for what is printed. What this process holds in memory at its peak counts
        as the command's too, where the system takes it over, so that much output must not be read."""
        arguments = [str(argument) for argument in arguments]
        out = open(into or folder / "stdout", "wb+")
        errors = os.open(folder / "stderr", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNALS_")}
        environment["ANNALS_RECORDER"] = "bench"
        actions = [
            (os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors, 2),
        ]
        start = time.perf_counter()
        process = os.posix_spawnp(arguments[0], arguments, environment, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
        self.seconds = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        with out:
            out.seek(0)
            self.output = "" if into else out.read().decode()
        message = os.pread(errors, 2000, 0).decode(errors="replace").strip()
        os.close(errors)
        if status != 0:
            # Ours says the error first, a Python program last.
            lines = message.splitlines() or [f"{arguments[0]} ended with {status}"]
            raise Failed(lines[0 if lines[0].startswith("error") else -1])

    @property
    def took(self):
        """The whole command."""
        return Took(self.seconds, self.cpu)

    @property
    def values(self):
        """The "name value" lines that the helpers print."""
        pairs = (line.split(" ", 1) for line in self.output.splitlines())
        return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}

    def part(self, seconds="seconds", cpu="cpu"):
        """What a helper says that a part of it took."""
        values = self.values
        return Took(float(values[seconds]), float(values[cpu]) if cpu in values else None)


class Bench:
    def __init__(self, options):
        self.options = options
        self.work = pathlib.Path(options.work)
        self.annals = pathlib.Path(options.annals).resolve()
        self.machine = machine()
        self.commit = options.commit or commit()
        self.rows = []
        self.data, self.size = "", 0

    # MARK: running

    def run(self, *arguments, into=None):
        return Run(arguments, self.work, into)

    def ours(self, *arguments, into=None):
        return self.run(self.annals, *arguments, into=into)

    def limits(self, *arguments):
        return self.run(self.options.limits, *arguments)

    def peer(self, script, *arguments):
        return self.run(self.options.python, HERE / "peers" / script, *arguments)

    def has(self, module):
        """Whether a peer is there."""
        return module in self.options.peers.split()

    def best(self, times, measure):
        return least([measure() for _ in range(times)])

    @property
    def repeats(self):
        return 3 if self.size <= 200_000 else 2 if self.size <= 2_000_000 else 1

    def quiet(self):
        """Waits until the machine is quiet, for a while."""
        end = time.monotonic() + self.options.patience
        while os.getloadavg()[0] >= self.options.max_load and time.monotonic() < end:
            time.sleep(2)

    def fresh(self, name, source=None):
        """The path of a store that is not there, or a copy of another one."""
        path = self.work / name
        # What stands beside an earlier store of this name, as its memory of what was verified, is no part
        # of the next one.
        for old in self.work.glob(name + "*"):
            old.unlink()
        if source:
            shutil.copyfile(source, path)
        return path

    # MARK: reporting

    def start(self, data, size):
        """Begins a table: what follows is about so many events of this data."""
        self.data, self.size = data, size
        print(
            f"\n{data}, {size:,} events\n{'what':<38}{'ours':>10} {'unit':<9}{'beside':>10}"
            f"  {'':<38}{'ratio':>7}{'of CPU':>8}", flush=True)

    def rate(self, what, ours, baseline, theirs, target=None):
        """Events in a second, of all events; the ratio of the processor's time beside."""
        self.value(
            what, self.size / ours.seconds, "events/s", baseline, self.size / theirs.seconds,
            target, cpu=cpu_ratio(ours, theirs))

    def time(self, what, ours, baseline, theirs, target=None):
        """Milliseconds."""
        self.value(
            what, ours.seconds * 1000, "ms", baseline, theirs.seconds * 1000, target, less=True,
            cpu=cpu_ratio(ours, theirs))

    def limit(self, what, ours, unit, most, cpu=None):
        """A figure that is to stay under a limit."""
        self.value(what, ours, unit, "target", most, ">= 1", less=True, cpu=cpu)

    def time_limit(self, what, ours, most):
        """Milliseconds that are to stay under a limit."""
        self.limit(
            what, ours.seconds * 1000, "ms", most, most / ours.cpu / 1000 if ours.cpu else None)

    def value(self, what, ours, unit, baseline, figure, target=None, less=False, cpu=None):
        """A row. The ratio is above 1 where ours is better; `less`: less is better."""
        ratio = (figure / ours if less else ours / figure) if ours and figure else None
        self.rows.append(
            dict(
                zip(
                    COLUMNS,
                    (
                        datetime.date.today().isoformat(), *self.machine,
                        f"{os.getloadavg()[0]:.1f}", self.commit, self.data, self.size, what,
                        number(ours), unit, baseline, number(figure), number(ratio), number(cpu),
                        target or "",
                    ),
                )
            )
        )
        print(
            f"{what:<38}{number(ours):>10} {unit:<9}{number(figure):>10}  {baseline:<38}"
            f"{number(ratio):>7}{number(cpu):>8}{verdict(target, ratio, cpu)}", flush=True)

    def note(self, text):
        print(f"  -- {text}", flush=True)

    def save(self, path):
        is_new = not path.exists()
        with open(path, "a", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
            if is_new:
                writer.writeheader()
            writer.writerows(self.rows)


def least(several):
    """The least of several: what disturbs a measurement only ever adds to it."""
    cpu = [took.cpu for took in several if took.cpu is not None]
    return Took(min(took.seconds for took in several), min(cpu) if cpu else None)


def cpu_ratio(ours, theirs):
    return theirs.cpu / ours.cpu if ours.cpu and theirs.cpu else None


def verdict(target, ratio, cpu):
    if not target or ratio is None:
        return ""
    least = float(target.split()[-1])
    if ratio >= least:
        return f"  target {target}"
    return f"  target {target} missed" + (", of CPU reached" if cpu and cpu >= least else "")


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
