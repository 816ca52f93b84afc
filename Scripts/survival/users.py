#!/usr/bin/env python3
"""Has several users work on one store in turns: what one of them leaves must not stop another with the right.

    Scripts/survival/users.py [--short | --long] [--turns N] [--seed N] [--annals PATH]

An owner, a member of the store's group, a reader who may read it only, and a stranger who may not even do
that append, read, verify and sign, one after the other or side by side. Their masks for new files differ. Now
and then one of them is killed, so that journal, index and lock are left as they are. What must hold:

  owner and member append and read, whatever another has left
  the reader reads; an append is refused with an exit code that the manual knows
  the stranger is refused, and learns nothing
  in the end, every acknowledged event is there, and the owner finds the store whole

Each round has a new store, made by the owner, with permissions that let the group write and others read.
--short does 2 rounds of 20 turns, --long 100. Exit code 1 on any anomaly. Needs Linux, root, setpriv and
Python 3.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import program  # noqa: E402
import store  # noqa: E402

GROUP = 42001
# User and group numbers that no account on this machine has.
USERS = {
    "owner": (42001, GROUP), "member": (42002, GROUP), "reader": (42003, 42003),
    "stranger": (42004, 42004)}
WRITERS = ("owner", "member")
# A mask keeps rights from the files that a program makes.
MASKS = {"owner": (0o002, 0o022), "member": (0o002, 0o022, 0o077), "reader": (0o022,), "stranger": (0o022,)}
REFUSED = {65, 66, 74}


class Round:
    """One store."""

    def __init__(self, lab, number, seed):
        self.lab = lab
        self.random = random.Random(f"{seed}/{number}")
        self.folder = lab.folder / f"round-{number}"
        self.store = self.folder / "un.annals"
        self.acknowledged = {}
        self.done = 0
        self.folder.mkdir()
        os.chown(self.folder, *USERS["owner"])
        os.chmod(self.folder, 0o2775)
        self.must("owner", ["init", str(self.store), "--demo"])
        os.chmod(self.store, 0o664)

    def start(self, user, arguments):
        uid, gid = USERS[user]
        mask = self.random.choice(MASKS[user])
        return subprocess.Popen(
            ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "sh", "-c",
             f'umask {mask:o}; exec "$0" "$@"', self.lab.annals, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=dict(self.lab.environment, ANNALS_STORE=str(self.store), HOME=str(self.folder)),
            cwd=self.folder)

    def must(self, user, arguments):
        return self.end(user, arguments, self.start(user, arguments), {0})

    def end(self, user, arguments, process, allowed, is_killed=False):
        output, errors = process.communicate()
        self.done += 1
        for line in output.splitlines() if arguments[0] == "append" else ():
            position, identity = line.split("\t")[:2]
            self.acknowledged[int(position)] = identity.replace("-", "")
        if process.returncode not in allowed and not (is_killed and process.returncode == -9):
            left = [f"{path.name} {path.stat().st_uid} {path.stat().st_mode:o}"
                    for path in sorted(self.folder.iterdir())]
            self.lab.anomaly(
                f"{user}: {arguments[:2]} ended with {process.returncode}: {errors.strip()[:300]}; {left}")
        return output

    def turn(self):
        """One or two programs at a time, some of which are killed."""
        users = [self.random.choice(list(USERS)) for _ in range(self.random.choice([1, 1, 2]))]
        # The stranger's turn changes the rights of the file, so no other user works in that turn.
        users = ["stranger"] if "stranger" in users else users
        if users == ["stranger"]:
            os.chmod(self.store, 0o660)
        running = []
        for user in users:
            is_append = self.random.random() < (0.6 if user in WRITERS else 0.3)
            text = f"text=said by {user} {self.random.random()}"
            arguments = (
                ["append", "statement.made", "speaker=dmitry-peskov", "kind=quote", text]
                if is_append else [self.random.choice(["export", "verify", "doctor"])])
            may = user in WRITERS or (user == "reader" and not is_append)
            allowed = {0} if may else REFUSED
            process = self.start(user, arguments)
            running.append((user, arguments, process, allowed))
        for user, arguments, process, allowed in running:
            is_killed = self.random.random() < 0.25
            if is_killed:
                time.sleep(self.random.uniform(0, 0.06))
                process.send_signal(signal.SIGKILL)
            self.end(user, arguments, process, allowed, is_killed)
        os.chmod(self.store, 0o664)

    def check(self):
        self.must("member", ["verify"])
        self.must("owner", ["verify"])
        self.must("owner", [*store.SURVIVOR])
        ids = store.Reading(self.store).ids
        for position, identity in self.acknowledged.items():
            if ids[position - 1:position] != [identity]:
                self.lab.anomaly(f"acknowledged at #{position}, and not there: {identity}")


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--turns", type=int, default=20)
    options = parser.parse_args()
    lab = program.Lab(program.find(options.annals), "users")
    print(f"seed {options.seed}, {lab.annals}")
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv"):
        lab.skip("this needs Linux, root and setpriv")
    os.chmod(lab.folder, 0o755)
    # The program must be where every user may run it.
    copy = lab.folder / "annals"
    shutil.copyfile(lab.annals, copy)
    copy.chmod(0o755)
    lab.annals = str(copy)
    rounds, done, events, start = 2 if options.short else 100, 0, 0, time.monotonic()
    for number in range(rounds):
        round_ = Round(lab, number, options.seed)
        for _ in range(options.turns):
            round_.turn()
        round_.check()
        done, events = done + round_.done, events + len(round_.acknowledged)
        shutil.rmtree(round_.folder)
    print(f"{rounds} rounds, {done:,} programs, {events:,} events acknowledged, "
          f"{time.monotonic() - start:.1f} s")
    if events == 0:
        lab.anomaly("nothing was acknowledged: this run has shown nothing")
    lab.finish()


main()
