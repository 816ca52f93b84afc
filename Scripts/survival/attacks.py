#!/usr/bin/env python3
"""Attacks on a store by other tools, and files that were made to harm, each with what must come of it.

    Scripts/survival/attacks.py [--short | --long] [--seed N] [--only TEXT] [--annals PATH]

The outcomes, of which each attack has exactly one:

  blocked      SQLite itself refuses it, because of what stands in the file; nothing has changed
  refused      it goes through, and no command opens the store any more
  detected     the store may open, and verify says at which event or object something is wrong
  checkpoint   the file agrees with itself again: verify alone finds nothing, and verify with a
               checkpoint that was kept elsewhere does
  harmless     all events are there as they were, and the store takes another append
  bounded      each command works as ever, or is refused

No command may crash or take longer than 15 seconds, whatever the file is. A network file system
cannot be tried here. --long makes 200 instead of 10 careless copies and torn write-ahead logs.
Exit code 1 on any anomaly. Needs Python 3 with SQLite 3.37.
"""

import collections
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import forge  # noqa: E402
import program  # noqa: E402
import tampering  # noqa: E402

PATIENCE = 15
WRONG = "E1403 E1404 E1405 E1406 E1409 E1410 E1412".split()


class Trials:
    """Attacks one after the other, each on a fresh copy of one store."""

    def __init__(self, lab, seed):
        self.lab = lab
        self.random = random.Random(seed)
        self.outcomes = collections.Counter()
        lab.must("init", str(lab.store), "--demo")
        lab.must("import", "-", text=tampering.EVENTS)
        lab.must("erase", f"#{tampering.ERASED}", "--reason", "a court said so")
        # The views that are folded on demand are there to be attacked too.
        lab.must("replay")
        self.signers = self.signed = 0
        self.with_checkpoint = ["verify", *self.sign()]
        with forge.Forger(lab.store):
            pass
        self.original = lab.store.read_bytes()
        self.log = lab.must("export")
        self.count = self.log.count("\n")

    # The store

    def signer(self):
        """A new key: one that is used again does not sign what an older state of the store becomes."""
        self.signers += 1
        path = str(self.lab.folder / f"key-{self.signers}")
        return path, self.lab.must("key", "new", path, "--name", "example.org/log").strip()

    def sign(self, signer=None):
        """Signs the head, and answers with what verify has to be told of that."""
        path, key = signer or self.signer()
        self.signed += 1
        checkpoint = f"{path}-signed-{self.signed}"
        self.lab.must("checkpoint", "--key", path, "--out", checkpoint)
        return ["--checkpoint", checkpoint, "--key", key]

    def restore(self):
        for path in self.lab.folder.glob(f"{self.lab.store.name}*"):
            path.unlink() if path.is_symlink() or not path.is_dir() else shutil.rmtree(path)
        self.lab.store.write_bytes(self.original)

    def run(self, *arguments, text=""):
        """A command, which must not crash and not hang."""
        process = self.lab.start(*arguments)
        try:
            output, errors = process.communicate(text.encode(), timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return "hangs", "", ""
        if process.returncode < 0 or process.returncode == 2:
            return f"crashes ({process.returncode})", "", errors.decode()
        return process.returncode, output.decode(), errors.decode()

    # The outcomes

    def trial(self, name, outcome, action, where=None):
        """Does the attack, and holds what comes of it against the table."""
        if self.only not in name:
            return
        self.restore()
        try:
            action(self)
            was_blocked = False
        except sqlite3.Error as error:
            was_blocked = True
            if outcome != "blocked":
                self.lab.anomaly(f"{name}: SQLite says {error}")
        if was_blocked != (outcome == "blocked"):
            self.lab.anomaly(f"{name}: was {'' if was_blocked else 'not '}blocked")
        found = getattr(self, "is_" + outcome)(where)
        if found:
            self.lab.anomaly(f"{name}: not {outcome}: {found}")
        self.outcomes[outcome] += 1

    def is_harmless(self, _):
        status, output, errors = self.run("export")
        if output != self.log:
            return f"export gives {output.count(chr(10))} of {self.count} events, {status}: {errors}"
        for command in (
                ["verify"], self.with_checkpoint,
                ["append", "statement.made", "speaker=dmitry-peskov", "kind=quote", "text=after it"],
                ["verify"], self.with_checkpoint, ["doctor"]):
            status, _, errors = self.run(*command)
            if status != 0:
                return f"{command} ends with {status}: {errors}"
        # Without the write-ahead log, a power cut could take what was acknowledged.
        mode = sqlite3.connect(self.lab.store).execute("PRAGMA journal_mode").fetchone()[0]
        return None if mode == "wal" else f"the journal mode stays {mode}"

    is_blocked = is_harmless

    def is_refused(self, codes):
        codes = codes.split() if codes else WRONG
        for command in (
                ["export"], ["verify"], ["show", "USA", "ukraine-integrity"], ["doctor"],
                ["append", "statement.made", "speaker=dmitry-peskov", "kind=quote", "text=after it"]):
            status, output, errors = self.run(*command)
            if status in (0, 1) or not any(code in errors for code in codes):
                return f"{command} ends with {status}: {errors}"
        return None

    def is_bounded(self, _):
        for command in (
                ["export"], ["verify"], ["doctor"], ["export"],
                ["append", "statement.made", "speaker=dmitry-peskov", "kind=quote", "text=after it"]):
            status, output, errors = self.run(*command)
            is_told = status == 0 or any(code in errors for code in WRONG)
            if not is_told or (command == ["export"] and status == 0 and output != self.log):
                return f"{command} ends with {status}: {errors}"
        return None

    def is_detected(self, where):
        """`where` must be in what verify says; a number is a position."""
        status, output, errors = self.run("verify")
        if status == 0 or not isinstance(status, int):
            return f"verify ends with {status}: {errors}"
        return self.is_located(where, output + errors)

    @staticmethod
    def is_located(where, text):
        where = f"#{where}" if isinstance(where, int) else where
        if where and where not in text:
            return f"{where} is not named: {text.strip()[-300:]}"
        return None

    def is_checkpoint(self, where):
        status, output, errors = self.run("verify")
        if status != 0:
            return f"verify alone ends with {status}, though the file agrees with itself: {errors}"
        status, output, errors = self.run(*self.with_checkpoint)
        if status == 0 or not isinstance(status, int):
            return f"verify --checkpoint ends with {status}: {output}{errors}"
        return self.is_located(where, output + errors)

    # Means of attack

    def sql(self, *statements):
        with forge.Forger(self.lab.store) as forger:
            for statement in statements:
                forger.database.executescript(statement)

    def behind_guards(self, *statements, rehash=None):
        with forge.Forger(self.lab.store) as forger:
            forger.behind_guards(*statements)
            if rehash:
                forger.rehash(with_tree=rehash == "all")
        if rehash == "all":
            # The program itself makes the views what a forged log gives.
            self.run("replay")

    def beside(self, suffix):
        return pathlib.Path(f"{self.lab.store}{suffix}")


def with_log(trials, appends=3):
    """Leaves events in the write-ahead log only, as a process that was killed does, and signs them
    all. Answers with the log's bytes, and with what verify has to be told."""
    reader = sqlite3.connect(trials.lab.store, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchall()
    for number in range(appends):
        trials.lab.must(
            "append", "statement.made", "speaker=dmitry-peskov", "kind=quote", f"text=late {number}")
    newer = trials.sign()
    files = {suffix: trials.beside(suffix).read_bytes() for suffix in ("", "-wal")}
    reader.close()
    trials.restore()
    for suffix, content in files.items():
        trials.beside(suffix).write_bytes(content)
    return files["-wal"], newer


def torn_log(trials, name, tear):
    """The write-ahead log was lost or cut: what is missing shows against the newer checkpoint."""
    if trials.only not in name:
        return
    trials.restore()
    log, newer = with_log(trials)
    whole = trials.run("verify", *newer)
    if whole[0] != 0:
        trials.lab.anomaly(f"{name}: not even the whole store is verified: {whole}")
    trials.restore()
    log, newer = with_log(trials)
    tear(log)
    status, output, errors = trials.run("verify", *newer)
    if status == 0 or not isinstance(status, int):
        trials.lab.anomaly(f"{name}: verify --checkpoint ends with {status}: {output}{errors}")
    status, output, errors = trials.run("export")
    if status == 0 and not output.startswith(trials.log):
        trials.lab.anomaly(f"{name}: what is read is not the log")
    if status not in (0, 65):
        trials.lab.anomaly(f"{name}: export ends with {status}: {errors}")
    trials.outcomes["checkpoint"] += 1


def copies(trials, count):
    """Copies of the file alone, made while somebody writes."""
    if trials.only not in "careless copies":
        return
    trials.restore()
    lab, copy = trials.lab, trials.lab.folder / "copy.annals"
    verdicts = collections.Counter()
    signer = trials.signer()
    line = '{"type":"statement.made","data":{"speaker":"dmitry-peskov","kind":"quote","text":"%s"}}\n'
    for number in range(count):
        signed = trials.sign(signer)
        size = int(pathlib.Path(signed[1]).read_text().split("\n")[1])
        writer = lab.start("import", "-")
        writer.stdin.write("".join(line % f"{number}, {n}" for n in range(400)).encode())
        writer.stdin.close()
        time.sleep(trials.random.uniform(0, 0.1))
        shutil.copyfile(lab.store, copy)
        if trials.random.random() < 0.5 and trials.beside("-wal").exists():
            shutil.copyfile(trials.beside("-wal"), f"{copy}-wal")
        writer.stdout.read()
        writer.wait()
        status, _, errors = trials.run("verify", "--store", str(copy), *signed)
        read = trials.run("export", "--store", str(copy))
        log = lab.must("export")
        is_good = read[0] == 0 and log.startswith(read[1]) and read[1].count("\n") >= size
        if not isinstance(status, int) or (status == 0 and not is_good):
            lab.anomaly(f"a careless copy: verify --checkpoint ends with {status}: {errors}")
        verdicts["good" if status == 0 else "bad"] += 1
        for path in lab.folder.glob("copy.annals*"):
            path.unlink()
    trials.outcomes["checkpoint"] += 1
    print(f"careless copies: {dict(verdicts)}; verify told them apart")


def restored_backup(trials):
    """An old copy is put back and written to: the log must not sign a second history."""
    if trials.only not in "an old backup, put back and written to":
        return
    trials.restore()
    lab = trials.lab
    append = ["append", "statement.made", "speaker=dmitry-peskov", "kind=quote"]
    lab.must(*append, "text=one history")
    signer = trials.signer()
    signed = trials.sign(signer)
    trials.restore()
    lab.must(*append, "text=another history")
    status, _, errors = trials.run("verify", *signed)
    if status == 0 or not isinstance(status, int):
        lab.anomaly(f"an old backup was put back: verify --checkpoint ends with {status}: {errors}")
    status, output, errors = trials.run("checkpoint", "--key", signer[0])
    if status == 0 or not isinstance(status, int):
        lab.anomaly(f"an old backup was put back: two histories were signed: {output}")
    trials.outcomes["checkpoint"] += 1


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--only", metavar="TEXT", default="", help="attacks with this in the name")
    options = parser.parse_args()

    lab = program.Lab(program.find(options.annals), "attacks")
    print(f"seed {options.seed}, {lab.annals}")
    trials = Trials(lab, options.seed)
    trials.only = options.only
    wal = trials.beside("-wal")
    for attack in tampering.attacks(lab):
        trials.trial(*attack)
    torn_log(
        trials, "the write-ahead log of another store",
        lambda log: wal.write_bytes(tampering.log_of_another(lab)))
    rounds = 200 if options.long else 10
    torn_log(trials, "the write-ahead log is deleted", lambda log: wal.unlink())
    for _ in range(rounds):
        torn_log(
            trials, "the write-ahead log is cut",
            lambda log: os.truncate(wal, trials.random.randrange(len(log) * 2 // 3)))
    restored_backup(trials)
    copies(trials, rounds)
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(trials.outcomes.items())))
    print("not tried: network file systems")
    lab.finish()


main()
