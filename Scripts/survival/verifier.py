#!/usr/bin/env python3
"""Holds the program's own check of proofs against the independent verifier's, on right and wrong files.

    Scripts/survival/verifier.py [--short | --long] [--cases N] [--seed N] [--annals PATH]

A log of 600 events, one of them erased, signs checkpoints that two witnesses cosign, and hands out
proofs and an export. Both verifiers must accept all of them. Then each file is made wrong: bits flipped,
bytes and lines taken away, doubled and swapped, hashes of other proofs put in, indexes and sizes off by
one, doubled and XORed, signatures of other keys, policies that ask for more. Both must come to the same
verdict, and must not accept another fact, another position or another checkpoint than the right one.
Lines of the export are changed in the same way: the verifier must name the first that is wrong, and
import --exact must take no such line.

--short tries 400 wrong files, --long 20,000 and every bit of one proof. Exit code 1 on any anomaly.
Needs Python 3 and the package `cryptography`.
"""

import base64
import importlib.util
import json
import pathlib
import random
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "verifier")]
import annals_verify  # noqa: E402
import program  # noqa: E402

ORIGIN = "example.org/log"


class Bench:
    """What the program has signed, and the two that look at it."""

    def __init__(self, lab, seed):
        self.lab = lab
        self.random = random.Random(seed)
        self.tried = self.accepted = 0
        lab.must("init", str(lab.store), "--demo")
        for first in (0, 100, 200):
            lab.must("import", "-", "--note", f"from {first}, ünï", text=self.events(first))
        lab.must("erase", "#400", "--reason", "a court said so")
        self.size = len(lab.export())
        key = lab.must("key", "new", str(lab.folder / "log.key"), "--name", ORIGIN).strip()
        policy = f"log {key}\n"
        for name in ("w1", "w2"):
            vkey = lab.must(
                "key", "new", str(lab.folder / f"{name}.key"), "--name", f"example.org/{name}",
                "--cosigner").strip()
            policy += f"witness {name} {vkey}\n"
        self.policy = self.write("policy", f"{policy}group both all w1 w2\nquorum both\n".encode())
        self.loose = self.write("loose", f"{policy}group one any w1 w2\nquorum one\n".encode())
        self.checkpoint = lab.folder / "checkpoint"
        lab.must("checkpoint", "--key", str(lab.folder / "log.key"), "--out", str(self.checkpoint))
        for name in ("w1", "w2"):
            signed = lab.must(
                "cosign", str(self.checkpoint), "--key", str(lab.folder / f"{name}.key"),
                "--log-key", key)
            self.checkpoint.write_text(signed, encoding="utf-8")
        self.proofs = {
            seq: lab.must("prove", f"#{seq}", "--checkpoint", str(self.checkpoint)).encode()
            for seq in (1, 2, 256, 257, 400, 512, 600, self.size - 1, self.size)}

    @staticmethod
    def events(first):
        return "".join(json.dumps({
            "type": "statement.made", "on": "2024-05~", "note": "a remark", "data": {
                "speaker": "dmitry-peskov", "kind": "quote", "text": f'"{number}" \\ ü \U0001f602 \t'}},
            ensure_ascii=False) + "\n" for number in range(first, first + 100))

    def write(self, name, data):
        path = self.lab.folder / name
        path.write_bytes(data)
        return path

    def fact(self, proof, policy):
        """What the independent verifier takes a file to prove; None when it refuses."""
        try:
            header, body, checkpoint = annals_verify.check_proof(
                proof, annals_verify.Policy(policy.read_bytes()))
            return header, body, checkpoint.text
        except annals_verify.Refused:
            return None

    def compare(self, what, proof, policy=None):
        policy = policy or self.policy
        self.tried += 1
        path = self.write("proof", proof)
        status, output, errors = self.lab.run("check-proof", str(path), "--policy", str(policy))
        fact = self.fact(proof, policy)
        if status not in (0, 1, 65) or "E19" in errors:
            self.lab.anomaly(f"{what}: check-proof ends with {status}: {errors.strip()}")
        if (status == 0) != (fact is not None):
            kept = self.write(f"disagree-{self.tried}", proof)
            self.lab.anomaly(
                f"{what}: check-proof ends with {status} ({errors.strip()}), and the verifier"
                f" {'accepts' if fact else 'refuses'} it: {kept}")
        if fact is not None:
            self.accepted += 1
            # The parts of two files may make a right one again.
            if fact not in [self.fact(proof, self.loose) for proof in self.proofs.values()]:
                self.lab.anomaly(f"{what}: something else was proved than a fact of the log")
        return status == 0

    # Files that are right

    def check_right(self):
        for seq, proof in self.proofs.items():
            if not self.compare(f"the proof of #{seq}", proof):
                self.lab.anomaly(f"the proof of #{seq} is refused")
        seq, unknown = 1, "— example.org/else AAAAAAAAAAAA\n".encode()
        if not self.compare("an unknown signature", self.proofs[seq] + unknown):
            self.lab.anomaly("a signature of an unknown key is not passed over")
        with_one = self.without_last_line(self.proofs[seq])
        if not self.compare("one of two witnesses", with_one, self.loose):
            self.lab.anomaly("a quorum of one is not enough where one is asked for")
        if self.compare("one of two witnesses, both needed", with_one):
            self.lab.anomaly("a quorum of two is not asked for")

    @staticmethod
    def without_last_line(data):
        return data[:data[:-1].rindex(b"\n") + 1]

    # Files that are wrong

    def wrong(self):
        seq = self.random.choice(list(self.proofs))
        proof = self.proofs[seq]
        kind = self.random.choice([
            self.flip, self.drop_bytes, self.lines, self.number, self.foreign_hash, self.foreign_part,
            self.extra, self.spelling])
        changed = kind(proof)
        if changed != proof:
            self.compare(f"{kind.__name__} in the proof of #{seq}", changed)

    def flip(self, proof):
        data = bytearray(proof)
        for _ in range(self.random.choice([1, 1, 2])):
            data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        return bytes(data)

    def drop_bytes(self, proof):
        at = self.random.randrange(len(proof))
        return self.random.choice([proof[:at], proof[at:], proof[:at] + proof[at + 1:]])

    def lines(self, proof):
        """Lines doubled, taken away, swapped, added."""
        lines = proof.split(b"\n")
        a, b = self.random.randrange(len(lines)), self.random.randrange(len(lines))
        change = self.random.randrange(4)
        if change == 0:
            lines.insert(a, lines[a])
        elif change == 1:
            del lines[a]
        elif change == 2:
            lines[a], lines[b] = lines[b], lines[a]
        else:
            lines.insert(a, self.random.choice([b"", lines[b], b" ", base64.b64encode(bytes(32))]))
        return b"\n".join(lines)

    def number(self, proof):
        """The index or the size, as the negative vectors for trees have them."""
        lines = proof.split(b"\n")
        index = next(n for n, line in enumerate(lines) if line.startswith(b"index "))
        size = lines.index(b"", index) + 2
        place = self.random.choice([index, size])
        prefix = b"index " if place == index else b""
        value = int(lines[place][len(prefix):])
        value = self.random.choice([
            value - 1, value + 1, 2 * value, value ^ 1, value ^ 64, value + self.size, -value, 0,
            2**63, 2**64 + value])
        lines[place] = prefix + str(value).encode()
        return b"\n".join(lines)

    def foreign_hash(self, proof):
        lines = proof.split(b"\n")
        other = self.random.choice(list(self.proofs.values())).split(b"\n")
        hashes = [line for line in other if len(line) == 44]
        places = [n for n, line in enumerate(lines) if len(line) == 44]
        lines[self.random.choice(places)] = self.random.choice(hashes)
        return b"\n".join(lines)

    def foreign_part(self, proof):
        """The head of one proof with the checkpoint of another, or with other signatures."""
        head, _, note = proof.partition(b"\n\n")
        other_head, _, other_note = self.random.choice(list(self.proofs.values())).partition(b"\n\n")
        text, _, signatures = note.rpartition(b"\n\n")
        return self.random.choice([
            other_head + b"\n\n" + note, head + b"\n\n" + text + b"\n\n",
            head + b"\n\n" + text + b"x\n\n" + signatures,
            head + b"\n\n" + text.replace(b"example", b"exemple") + b"\n\n" + signatures,
            head + b"\n\n" + note + note, head + b"\n\n" + other_note + signatures])

    def extra(self, proof):
        """The fact that is brought along: another payload, another salt, another header."""
        head, _, rest = proof.partition(b"\nindex ")
        start, _, text = head.partition(b"\nextra ")
        fact = json.loads(base64.b64decode(text))
        change = self.random.randrange(8)
        if change == 0:
            fact["header"][self.random.choice(list(fact["header"]))] = "x"
        elif change == 1:
            fact["header"]["seq"] += self.random.choice([1, -1])
        elif change == 2 and "body" in fact:
            fact["body"]["note"] = "forged"
        elif change == 3 and "salt" in fact:
            fact["salt"] = self.random.choice(["", "00" * 16, fact["salt"].upper(), fact["salt"] + "00"])
        elif change == 4:
            fact.pop(self.random.choice(list(fact)))
        elif change == 5:
            fact["more"] = 1
        elif change == 6:
            fact["header"]["more"] = 1
        else:
            fact["header"].pop(self.random.choice(list(fact["header"])))
        text = json.dumps(fact, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return start + b"\nextra " + base64.b64encode(text.encode()) + b"\nindex " + rest

    def spelling(self, proof):
        """Other ways to write the same, which the formats do not have."""
        lines = proof.split(b"\n")
        place = self.random.randrange(len(lines))
        line = lines[place]
        lines[place] = self.random.choice([
            line + b" ", b" " + line, line + b"\r", line.rstrip(b"="), line + b"=",
            line.replace(b"+", b"-").replace(b"/", b"_"), line.replace(b" ", b"  "),
            line.replace(b"index ", b"index 0"), line[:-2] + b"B=" if line.endswith(b"A=") else line,
            line.replace(b"v1", b"v2"), line.replace(b"\xe2\x80\x94", b"-")])
        return b"\n".join(lines)

    # Exports

    def check_export(self, count):
        data = self.lab.must("export").encode().splitlines(keepends=True)
        path = self.write("export", b"".join(data))
        leaves = annals_verify.export_leaves(path)
        checkpoint = annals_verify.Checkpoint(self.checkpoint.read_bytes())
        annals_verify.check_export(leaves, checkpoint)
        copy = self.lab.folder / "copy.annals"
        for _ in range(count):
            place = self.random.randrange(len(data))
            event = json.loads(data[place])
            # What an event is filed under has no part in its hash.
            name = self.random.choice([name for name in event if name != "tags"])
            event[name] = self.random.choice([
                "x", 7, None, "00" * 16, "00" * 32, {}, [], "2024-05", event.get("id"), True])
            if event[name] == json.loads(data[place])[name]:
                continue
            lines = list(data)
            lines[place] = json.dumps(event, ensure_ascii=False).encode() + b"\n"
            path = self.write("export", b"".join(lines))
            self.tried += 1
            try:
                annals_verify.export_leaves(path)
                self.lab.anomaly(f"{name} of line {place + 1} was changed, and the verifier sees nothing")
            except annals_verify.Refused as error:
                if not str(error).startswith(f"line {place + 1}:"):
                    self.lab.anomaly(f"{name} of line {place + 1} was changed: {error}")
            for file in self.lab.folder.glob("copy.annals*"):
                file.unlink()
            self.lab.must("init", str(copy))
            status, _, errors = self.lab.run("import", str(path), "--exact", "--store", str(copy), "-q")
            if status == 0 or "E19" in errors:
                self.lab.anomaly(
                    f"{name} of line {place + 1} was changed: import --exact ends with {status}: {errors}")


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--cases", type=int)
    options = parser.parse_args()
    cases = options.cases or (20_000 if options.long else 400)

    lab = program.Lab(program.find(options.annals), "verifier")
    print(f"seed {options.seed}, {lab.annals}")
    if importlib.util.find_spec("cryptography") is None:
        lab.skip("the independent verifier needs the Python package cryptography")
    bench = Bench(lab, options.seed)
    bench.check_right()
    for _ in range(cases):
        bench.wrong()
    if options.long:
        proof = bench.proofs[257]
        for bit in range(8 * len(proof)):
            data = bytearray(proof)
            data[bit // 8] ^= 1 << bit % 8
            bench.compare(f"bit {bit} of the proof of #257", bytes(data))
    bench.check_export(cases // 10)
    print(f"{bench.tried:,} files, {bench.accepted:,} accepted by both, the rest refused by both")
    lab.finish()


main()
