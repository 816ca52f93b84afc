#!/usr/bin/env python3
"""Sets the program's clock wrong, and looks whether the log keeps its order.

    Scripts/survival/clock.py [--short | --long] [--seed N] [--annals PATH]

A library that is put before the system's own (LD_PRELOAD) tells the program a time of our choice: an
hour off, ten years back, 1970, before 1970, 2038, the end of 9999, a clock that stands still, one
that repeats a leap second, and one that jumps at each reading. Under each of them single events and
imports are appended and every kind of question is asked; then the right time is back. `recorded` must
rise from append to append, positions must follow each other, nothing may crash or hang, and what was
known at any position must read the same under every clock.

--short is the default; --long repeats the cases in random orders. Needs Linux, a C compiler as cc,
and Python 3. Exit code 1 on any anomaly.
"""

import mmap
import pathlib
import random
import struct
import subprocess
import sys
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import program  # noqa: E402

# The clock that the program is shown is set by 24 bytes in a file: what to do with the right time
# (0: add to it, 1: replace it, 2: move it by anything up to the number), by how many microseconds,
# and a count of the readings. Without the file's name in the environment the library does nothing.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

struct control { int64_t mode, microseconds, readings; };
static struct control *control;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("TEST_CLOCK");
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  if (!path) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  void *map = file < 0 ? MAP_FAILED
    : mmap(0, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) abort();
  control = map;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!real) start();
  int answer = real(clock, time);
  if (answer || !control || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
    return answer;
  int64_t now = (int64_t)time->tv_sec * 1000000 + time->tv_nsec / 1000;
  int64_t count = __atomic_add_fetch(&control->readings, 1, __ATOMIC_RELAXED);
  if (control->mode == 1)
    now = control->microseconds;
  else if (control->mode == 2)
    now += (int64_t)((uint64_t)count * 0x9E3779B97F4A7C15u >> 1) % (2 * control->microseconds)
      - control->microseconds;
  else
    now += control->microseconds;
  int64_t seconds = now / 1000000, rest = now % 1000000;
  if (rest < 0) { rest += 1000000; seconds--; }
  time->tv_sec = seconds;
  time->tv_nsec = rest * 1000;
  return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *seconds) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (seconds) *seconds = now.tv_sec;
  return now.tv_sec;
}
"""

ADD, SET, JUMP = 0, 1, 2
SECOND = 1_000_000
HOUR = 3600 * SECOND
YEAR = 31_557_600 * SECOND
END_OF_2016 = 1_483_228_800 * SECOND  # behind the last leap second so far
END_OF_9999 = 253_402_300_800 * SECOND

# What the clock does in each case, from one append to the next.
CASES = {
    "an hour ahead": [(ADD, HOUR)] * 3,
    "an hour back": [(ADD, -HOUR)] * 3,
    "ten years back": [(ADD, -10 * YEAR)] * 3,
    "1970": [(SET, 0), (SET, 1), (SET, 999)],
    "before 1970": [(SET, -1), (SET, -SECOND), (SET, -40 * YEAR)],
    "2038": [(SET, (2**31 - 1) * SECOND), (SET, 2**31 * SECOND), (SET, 2**32 * SECOND)],
    "2262, where nanoseconds are full": [(SET, 2**63 // 1000), (SET, 2**63 // 1000 + SECOND)],
    "the end of 9999": [
        (SET, END_OF_9999 - 2), (SET, END_OF_9999 - 1), (SET, END_OF_9999 - 1), (SET, END_OF_9999)],
    "a clock that stands still": [(SET, 1_800_000_000 * SECOND)] * 4,
    "a leap second that is repeated": [
        (SET, END_OF_2016 - SECOND // 2), (SET, END_OF_2016 - SECOND // 10),
        (SET, END_OF_2016 - SECOND * 9 // 10), (SET, END_OF_2016 - SECOND // 2), (SET, END_OF_2016)],
    "a clock that jumps": [(JUMP, HOUR), (JUMP, YEAR), (JUMP, SECOND // 1000)],
    "a clock set right again": [(ADD, 0)] * 3,
}

QUESTIONS = [
    ["show", "USA", "ukraine-integrity"], ["timeline", "USA", "-o", "json"],
    ["log", "-o", "json"], ["health"], ["changes"],
    ["diff", "USA", "ukraine-integrity", "--on", "2022-01-01..2024-02-24"],
    ["audit", "USA", "ukraine-integrity"], ["show", "USA", "ukraine-integrity", "--on", "today"],
    ["list", "sources"], ["doctor"], ["show", "USA", "ukraine-integrity", "--known-by", "yesterday"],
    ["report", "USA", "ukraine-integrity"],
]


class WrongClock:
    """The clock that the program is shown."""

    def __init__(self, lab):
        source, library = lab.folder / "clock.c", lab.folder / "clock.so"
        source.write_text(SHIM)
        subprocess.run(
            ["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source, "-ldl"],
            check=True)
        path = lab.folder / "clock"
        path.write_bytes(bytes(24))
        self.file = open(path, "r+b")
        self.control = mmap.mmap(self.file.fileno(), 24)
        lab.environment |= {"LD_PRELOAD": str(library), "TEST_CLOCK": str(path)}

    def show(self, mode, microseconds):
        self.control[:16] = struct.pack("qq", mode, microseconds)

    def readings(self):
        return struct.unpack("q", self.control[16:24])[0]


class Trial:
    """A store that goes through cases."""

    def __init__(self, lab, clock, chance):
        self.lab = lab
        self.clock = clock
        self.random = chance
        self.commands = 0
        for path in lab.folder.glob(f"{lab.store.name}*"):
            path.unlink()
        clock.show(ADD, 0)
        self.must("init", str(lab.store), "--demo")
        self.log = self.must("export")
        self.known = self.as_known_then()

    def must(self, *arguments, text=""):
        self.commands += 1
        return self.lab.must(*arguments, text=text)

    def as_known_then(self):
        """A question about the past, which no clock has a part in."""
        return self.must(
            "show", "USA", "ukraine-integrity", "--on", "2025-03-01", "--known-by", "#306",
            "-o", "json")

    def event(self):
        identity = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        return (
            '{"id":"%s","type":"stance.changed","on":"2024-0%d-01","data":{"actor":"USA",'
            '"level":%d,"topic":"ukraine-integrity","basis":"declared"}}\n'
            % (identity, self.random.randint(1, 9), self.random.randint(-2, 2)))

    def run(self, case):
        print(f"  {case}")
        before = self.clock.readings()
        for setting in CASES[case]:
            self.clock.show(*setting)
            for count in (1, self.random.choice([1, 5])):
                self.must("import", "-", "-q", "--accept-clock", text="".join(self.event() for _ in range(count)))
        for question in self.random.sample(QUESTIONS, 5):
            self.commands += 1
            status, _, errors = self.lab.run(*question)
            if status not in (0, 1) or "E19" in errors:
                self.lab.anomaly(f"{case}: {question} ended with {status}: {errors.strip()}")
        if self.clock.readings() == before:
            self.lab.anomaly(f"{case}: the program never read the clock that it was shown")
        log = self.must("export")
        if not log.startswith(self.log):
            self.lab.anomaly(f"{case}: the log of before is not the beginning of the log now")
        self.log = log
        if self.as_known_then() != self.known:
            self.lab.anomaly(f"{case}: what was known before reads otherwise")

    def finish(self):
        """Under the right clock again, all is in order, and the log takes another append."""
        self.clock.show(ADD, 0)
        self.must("import", "-", "-q", "--accept-clock", text=self.event())
        events = self.lab.export()
        if len(events) != self.log.count("\n") + 1:
            self.lab.anomaly(f"{len(events)} events, not one more than {self.log.count(chr(10))}")
        for before, after in zip(events, events[1:]):
            rises = parse(before["recorded"]) < parse(after["recorded"])
            if after["seq"] != before["seq"] + 1 or rises == (before["batch"] == after["batch"]):
                self.lab.anomaly(f"out of order: {before}, {after}")
        self.must("doctor")
        self.must("replay", "--check")
        self.lab.check_file(events)


def parse(instant):
    """An instant as something that can be compared: a year may have five digits."""
    year, month, rest = instant.rsplit("-", 2)
    return int(year), month, rest


def main():
    parser = program.parser(__doc__)
    options = parser.parse_args()

    lab = program.Lab(program.find(options.annals), "clock")
    print(f"seed {options.seed}, {lab.annals}")
    chance = random.Random(options.seed)
    clock = WrongClock(lab)
    commands = 0
    # Each case alone, and then all in one store: time that was once far ahead stays there.
    orders = [[case] for case in CASES]
    orders += [chance.sample(list(CASES), len(CASES)) for _ in range(200 if options.long else 1)]
    for order in orders:
        trial = Trial(lab, clock, chance)
        for case in order:
            trial.run(case)
        trial.finish()
        commands += trial.commands
    print(f"{len(orders)} stores, {commands:,} commands, {clock.readings():,} readings of the clock")
    lab.finish()


main()
