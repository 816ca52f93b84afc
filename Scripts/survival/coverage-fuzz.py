#!/usr/bin/env python3
"""Tries every parser on inputs that a fuzzer makes, which sees what code each of them reaches (libFuzzer).

    Scripts/survival/coverage-fuzz.py [--short | --long] [--target NAME]... [--executions N]
                                      [--seed N] [--keep] [--optimised]

The fuzzer is a package of its own, in Tests/Fuzz, and is built first, into .build/fuzz. Each target is a
parser and what must hold for its input: no trap; what is refused is refused with a code and a message;
what is accepted is written as it was read, and read again the same (see Tests/Fuzz/Sources). An input may
take 5 seconds and 300 MB at most. The corpus is in Tests/Fuzz/Corpus, and for mappings, templates,
views, schemas and events also what the repository ships. --keep adds to the corpus what reaches new
code, in as few and as small inputs as do. --optimised builds as for release, which takes longer and runs
faster.

--short runs each target 20,000 times, --long 5,000,000 times (100 million in all). Exit code 1 on any
anomaly; the input is kept. Needs Swift with the runtime of its fuzzer.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import program  # noqa: E402

PACKAGE = program.ROOT / "Tests" / "Fuzz"
CORPUS = PACKAGE / "Corpus"
BUILD = program.ROOT / ".build" / "fuzz"
# What the repository ships, as a beginning: by target, patterns of files, each of which is one input, or
# has one in each line.
SHIPPED = {
    "mapping": ["Schema/mappings/*.yaml"], "yaml": ["Schema/mappings/*.yaml"],
    "template": ["Templates/report.*"], "view": ["Schema/sqlite/views/*.sql"],
    "schema": ["Schema/events/*.json"], "json": ["Schema/events/*.json"],
}
SHIPPED_LINES = {"event": ["Events/*.ndjson"], "value": ["Events/*.ndjson"]}
# How long an input may be: enough for what a parser tells apart.
LENGTHS = {"event-id": 64, "instant": 64, "edtf": 128, "moment": 64, "foreign-date": 64, "key": 512}
LENGTH = 8192
LIMITS = ["-timeout=5", "-rss_limit_mb=1024", "-malloc_limit_mb=300"]


def build(configuration):
    """The program; says why where it cannot be made."""
    command = [
        "swift", "build", "--package-path", str(PACKAGE), "--scratch-path", str(BUILD),
        "-c", configuration, "-Xswiftc", "-enable-testing", "-Xswiftc", "-sanitize=fuzzer",
        "-Xswiftc", "-parse-as-library"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-3000:] + done.stderr[-3000:])
        return None
    return BUILD / configuration / "Fuzz"


def has_runtime(folder):
    """Whether this Swift can build for the fuzzer at all."""
    if not shutil.which("swiftc"):
        return False
    source = folder / "probe.swift"
    source.write_text(
        '@_cdecl("LLVMFuzzerTestOneInput")\n'
        "public func probe(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt { 0 }\n")
    done = subprocess.run(
        ["swiftc", "-sanitize=fuzzer", "-parse-as-library", str(source), "-o", str(folder / "probe")],
        capture_output=True)
    return done.returncode == 0


def seeds(target, folder):
    """The corpus of a target in one folder."""
    folder.mkdir()
    inputs = [path.read_bytes() for path in sorted((CORPUS / target).glob("*"))]
    for pattern in SHIPPED.get(target, []):
        inputs += [path.read_bytes() for path in sorted(program.ROOT.glob(pattern))]
    for pattern in SHIPPED_LINES.get(target, []):
        for path in sorted(program.ROOT.glob(pattern)):
            inputs += path.read_bytes().splitlines()
    for number, content in enumerate(inputs):
        (folder / f"seed-{number}").write_bytes(content)


class Fuzzer:
    """The program, and the folder it works in."""

    def __init__(self, binary, lab, scratch):
        self.binary = binary
        self.lab = lab
        self.scratch = scratch

    def start(self, target, *arguments):
        environment = dict(
            os.environ, ANNALS_FUZZ_TARGET=target, SWIFT_BACKTRACE="enable=no")
        return subprocess.run(
            [str(self.binary), *arguments], capture_output=True, env=environment, cwd=self.scratch)

    def run(self, target, executions, seed):
        """Tries a target; how many inputs it was given."""
        folder = self.scratch / target
        seeds(target, folder)
        done = self.start(
            target, str(folder), f"-runs={executions}", f"-seed={seed}", "-print_final_stats=1",
            f"-max_len={LENGTHS.get(target, LENGTH)}", f"-artifact_prefix={self.lab.folder}/{target}-",
            *LIMITS)
        told = done.stderr.decode(errors="replace")
        if done.returncode != 0:
            lines = [line for line in told.splitlines() if "Fatal error" in line or "ERROR" in line]
            kept = re.findall(r"Test unit written to (\S+)", told)
            self.lab.anomaly(f"{target}: {' '.join(lines[:2])[:400]}; kept in {', '.join(kept)}")
        found = re.search(r"number_of_executed_units: (\d+)", told)
        reached = re.findall(r"cov: (\d+)", told)
        return int(found[1]) if found else 0, int(reached[-1]) if reached else 0

    def keep(self, target):
        """Puts the least corpus that reaches as much as this run into the repository."""
        least = self.scratch / f"{target}-least"
        least.mkdir()
        self.start(target, "-merge=1", str(least), str(self.scratch / target))
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
        shipped = {path.read_bytes() for patterns in SHIPPED.values() for pattern in patterns
                   for path in program.ROOT.glob(pattern)}
        for path in least.iterdir():
            if path.stat().st_size <= 1024 and path.read_bytes() not in shipped:
                shutil.copyfile(path, CORPUS / target / path.name)


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--target", action="append", metavar="NAME")
    parser.add_argument("--executions", type=int)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--optimised", action="store_true")
    options = parser.parse_args()
    executions = options.executions or (20_000 if options.short else 5_000_000)
    lab = program.Lab("", "coverage-fuzz")
    print(f"seed {options.seed}")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="annals-fuzz-"))
    try:
        if not has_runtime(scratch):
            lab.skip("this Swift has no runtime for the fuzzer")
        binary = build("release" if options.optimised else "debug")
        if not binary:
            sys.exit("the fuzzer could not be built")
        fuzzer = Fuzzer(binary, lab, scratch)
        known = fuzzer.start("", "-help=1").stderr.decode() + fuzzer.start("").stderr.decode()
        names = options.target or re.findall(r"^([a-z-]+)$", known, re.MULTILINE)
        total, start = 0, time.monotonic()
        for name in names:
            began = time.monotonic()
            count, reached = fuzzer.run(name, executions, options.seed % 2**31 or 1)
            total += count
            print(
                f"{name:14} {count:11,} executions, {reached:6,} edges, {time.monotonic() - began:.1f} s",
                flush=True)
            if options.keep:
                fuzzer.keep(name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"{total:,} executions of {len(names)} parsers in {time.monotonic() - start:.1f} s")
    if total == 0:
        lab.anomaly("nothing was executed: this run has shown nothing")
    lab.finish()


main()
