#!/usr/bin/env python3
"""Verifies what Annals hands out, without Annals: proofs of single facts, exports, consistency.

    annals_verify.py proof FILE                 (--policy FILE | --key VKEY)
    annals_verify.py export FILE [--checkpoint FILE (--policy FILE | --key VKEY)]
    annals_verify.py consistency OLD NEW        (--proof FILE | --export FILE) (--policy | --key)
    annals_verify.py exports OLD NEW
    annals_verify.py --self-test [--seed N]

Written from the public texts alone and sharing no code with the program, for an auditor who wants to
read what is checked: RFC 6962 section 2.1 (Merkle trees, in the form of RFC 9162 section 2.1.3), RFC
8785 (canonical JSON), and C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof and
tlog-policy.

An event is one leaf of the log's tree, at index seq - 1. What is hashed is its header, in canonical
JSON: batch, body, id, note, on, recorded, recorder, seq, target (always a list), type and version,
of which note, on and target may be missing. `body` is the payload's commitment, SHA-256 of its salt
and of its canonical JSON, so that a payload can be erased and every proof still holds.

Exit code 0 "verified", 1 "refused" with the reason, 2 wrong usage. Needs Python 3.9 and, for
signatures, the package `cryptography`.
"""

import argparse
import base64
import hashlib
import json
import re
import sys

sys.dont_write_bytecode = True

BODY_MEMBERS = ("basis", "confidence", "data", "note", "reason", "sources", "via")
HEADER_MEMBERS = ("batch", "id", "on", "recorded", "recorder", "seq", "target", "type", "version")
ED25519, COSIGNATURE = 1, 4
LARGEST_NOTE = 1 << 20
# No log takes an event that is nested deeper.
DEEPEST_PAYLOAD = 64
MOST_SIGNATURES = 100


class Refused(Exception):
    """What was to be verified does not hold; the text says why."""


# Merkle trees: RFC 6962, section 2.1


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(leaves):
    """The root of the tree with these leaf hashes, as RFC 6962 defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(tree_root(leaves[:split]), tree_root(leaves[split:]))


def are_hashes(values):
    return all(isinstance(value, bytes) and len(value) == 32 for value in values)


def verify_inclusion(index, size, leaf, proof, root):
    """Whether `proof` shows the leaf hash to be number `index` of the `size` leaves under `root`."""
    if not 0 <= index < size or not are_hashes([leaf, root, *proof]):
        return False
    place, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            value = node_hash(sibling, value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(size1, size2, proof, root1, root2):
    """Whether `proof` shows the tree of `root2` to begin with the leaves of the tree of `root1`.

    False for size1 = 0: nothing can be proved from the empty tree, with which every tree begins.
    """
    if not 0 < size1 <= size2 or not are_hashes([root1, root2, *proof]):
        return False
    if size1 == size2:
        return not proof and root1 == root2
    if size1 & (size1 - 1) == 0:
        proof = [root1, *proof]
    if not proof:
        return False
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = proof[0]
    for value in proof[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(value, first), node_hash(value, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, value)
        place, last = place >> 1, last >> 1
    return last == 0 and first == root1 and second == root2


# Canonical JSON: RFC 8785. Annals hashes whole numbers only, which need no formatting of floats.


def parse_json(text, what):
    def members(pairs):
        if len(dict(pairs)) != len(pairs):
            raise Refused(f"{what}: a key stands twice")
        return dict(pairs)

    def inexact(number):
        raise Refused(f"{what}: {number} is not a whole number")

    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        return json.loads(
            text, object_pairs_hook=members, parse_float=inexact, parse_constant=inexact)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{what}: not JSON in UTF-8: {error}") from None


def canonical(value):
    """The RFC 8785 bytes of a value of dictionaries, lists, strings, whole numbers, booleans, None."""
    if isinstance(value, dict):
        # Keys are ordered by their UTF-16 code units, not by their characters.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return b"{" + b",".join(canonical(key) + b":" + canonical(value[key]) for key in keys) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(element) for element in value) + b"]"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        raise Refused(f"{value} has no exact spelling in canonical JSON")
    try:
        # Of strings, Python escapes just what the RFC wants escaped, and in the same way.
        return json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("half of a surrogate pair is not text") from None


def depth(value):
    """How many arrays and objects stand within one another."""
    if not isinstance(value, (dict, list)):
        return 0
    return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)


# Signed notes, checkpoints and cosignatures: C2SP


def decode_base64(text, what):
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        value = None
    if value is None or base64.b64encode(value).decode() != text:
        raise Refused(f"{what} is not base64: {text[:80]!r}")
    return value


def decode_hex(text, length, what):
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text):
        raise Refused(f"{what} is not {length} bytes in lower-case hex: {text!r}")
    return bytes.fromhex(text)


def is_key_name(name):
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


class Key:
    """A verifier key, NAME+ID+BASE64; the base64 may hold further plus signs."""

    def __init__(self, text):
        parts = text.split("+", 2)
        if len(parts) != 3 or not is_key_name(parts[0]):
            raise Refused(f"not a verifier key: {text!r}")
        self.name = parts[0]
        self.id = decode_hex(parts[1], 4, "the id of a verifier key")
        material = decode_base64(parts[2], "the key of a verifier key")
        if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
            raise Refused(f"{self.name}: only Ed25519 keys (types 1 and 4) are supported")
        self.type, self.public = material[0], material[1:]
        if hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4] != self.id:
            raise Refused(f"{self.name}: the key's id does not belong to it")

    def check(self, signature, text):
        """Refuses unless `signature` is this key's over a note's text."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        message = text
        if self.type == COSIGNATURE:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            if time > 2**63 - 1:
                raise Refused(f"{self.name} cosigned at a time that does not exist")
            message = b"cosignature/v1\ntime %d\n" % time + text
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Refused(f"the signature of {self.name} does not verify") from None


class Checkpoint:
    """A signed head of the log. Nothing of it may be believed before a policy has accepted it."""

    def __init__(self, note):
        if len(note) > LARGEST_NOTE:
            raise Refused("the checkpoint is too long")
        try:
            decoded = note.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("the checkpoint is not UTF-8") from None
        if any(c < " " and c != "\n" for c in decoded):
            raise Refused("the checkpoint has control characters")
        text, separator, signatures = decoded.rpartition("\n\n")
        if not separator or not signatures.endswith("\n"):
            raise Refused("the checkpoint is not a signed note")
        self.text = (text + "\n").encode()
        self.signatures = [self._signature(line) for line in signatures[:-1].split("\n")]
        if len(self.signatures) > MOST_SIGNATURES:
            raise Refused("the checkpoint has too many signatures")
        lines = text.split("\n")
        if len(lines) < 3 or not all(lines) or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
            raise Refused("the note is not a checkpoint: origin, size and root")
        self.origin, self.size = lines[0], int(lines[1])
        self.root = decode_base64(lines[2], "the checkpoint's root")
        if len(self.root) != 32:
            raise Refused("the checkpoint's root is not 32 bytes")
        if self.size == 0 and self.root != tree_root([]):
            raise Refused("the checkpoint's root is not that of an empty log")

    @staticmethod
    def _signature(line):
        match = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
        if not match or not is_key_name(match[1]):
            raise Refused(f"not a signature line: {line[:80]!r}")
        value = decode_base64(match[2], "a signature")
        if len(value) < 5:
            raise Refused(f"not a signature line: {line[:80]!r}")
        return match[1], value[:4], value[4:]


class Policy:
    """Which logs are believed, and whose cosignatures it takes."""

    def __init__(self, text=b"quorum none\n", keys=()):
        self.logs = [Key(key) for key in keys]
        self.groups = {}  # name: (how many members it takes, members); of a witness: its key
        self.quorum = None
        if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", text) or not text.endswith(b"\n"):
            raise Refused("the policy is not lines of text")
        # The format takes what is not ASCII for bytes without a meaning.
        for number, line in enumerate(text.decode("utf-8", "surrogateescape").split("\n"), 1):
            words = [word for word in re.split("[ \t]+", line) if word]
            if words and not words[0].startswith("#"):
                try:
                    self._read(words[0], words[1:])
                except (Refused, ValueError) as error:
                    raise Refused(f"line {number} of the policy: {error}") from None
        if self.quorum is None:
            raise Refused("the policy has no quorum line")
        if not self.logs:
            raise Refused("the policy needs the key of a log")
        witnesses = [group for group in self.groups.values() if isinstance(group, Key)]
        for keys in (self.logs, witnesses):
            if len({key.public for key in keys}) != len(keys):
                raise Refused("the policy has a key twice")

    def _read(self, keyword, words):
        if keyword == "log" and 1 <= len(words) <= 2:
            self.logs.append(Key(words[0]))
        elif keyword == "witness" and 2 <= len(words) <= 3:
            key = Key(words[1])
            if key.type != COSIGNATURE:
                raise Refused("a witness's key has type 4")
            self._add(words[0], key)
        elif keyword == "group" and len(words) >= 3:
            name, threshold, *members = words
            used = [m for g in self.groups.values() if not isinstance(g, Key) for m in g[1]]
            for place, member in enumerate(members):
                if member not in self.groups or member in used or member in members[:place]:
                    raise Refused(f"{member} is not defined above, or a member already")
            if not re.fullmatch("any|all|[1-9][0-9]{0,8}", threshold):
                raise Refused(f"{threshold} is not all, any or a number")
            count = {"any": 1, "all": len(members)}.get(threshold) or int(threshold)
            if count > len(members):
                raise Refused("a group cannot need more members than it has")
            self._add(name, (count, members))
        elif keyword == "quorum" and len(words) == 1 and self.quorum is None:
            if words[0] != "none" and words[0] not in self.groups:
                raise Refused(f"{words[0]} is not defined above")
            self.quorum = words[0]
        else:
            raise Refused("not understood")

    def _add(self, name, group):
        if name == "none" or name in self.groups:
            raise Refused(f"the name {name} is taken")
        self.groups[name] = group

    def accept(self, checkpoint):
        """Refuses unless one of the logs signed, the quorum cosigned, and no known key's fails."""
        keys = self.logs + [group for group in self.groups.values() if isinstance(group, Key)]
        signers = []
        for name, identity, signature in checkpoint.signatures:
            for key in keys:
                if (key.name, key.id) == (name, identity):
                    key.check(signature, checkpoint.text)
                    signers.append(key)
        if not any(key in signers and key.name == checkpoint.origin for key in self.logs):
            raise Refused(f"no known key of a log signed the checkpoint of {checkpoint.origin}")
        if self.quorum != "none" and not self._has_cosigned(self.quorum, signers):
            raise Refused(f"too few cosignatures for the quorum {self.quorum}")

    def _has_cosigned(self, name, signers):
        group = self.groups[name]
        if isinstance(group, Key):
            return group in signers
        return sum(self._has_cosigned(member, signers) for member in group[1]) >= group[0]


# Proofs of single facts: C2SP tlog-proof


def commitment(salt, body):
    return hashlib.sha256(decode_hex(salt, 16, "the salt") + canonical(body)).hexdigest()


def check_proof(data, policy):
    """The header and the payload (None: erased) of the fact that a proof file proves."""
    head, separator, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refused("the proof is not ASCII ahead of its checkpoint") from None
    if lines.pop(0) != "c2sp.org/tlog-proof@v1" or not separator:
        raise Refused("not a proof file of version 1")
    if not lines or not lines[0].startswith("extra "):
        raise Refused("the proof does not bring its fact along: the line  extra  is missing")
    extra = decode_base64(lines.pop(0)[6:], "the line  extra")
    match = re.fullmatch("index (0|[1-9][0-9]{0,18})", lines.pop(0) if lines else "")
    if not match:
        raise Refused("the line  index  is missing")
    if len(lines) > 63:
        raise Refused("the proof is longer than any log")
    index, proof = int(match[1]), [decode_base64(line, "a hash of the proof") for line in lines]
    checkpoint = Checkpoint(note)
    policy.accept(checkpoint)

    fact = parse_json(extra, "the line  extra")
    if canonical(fact) != extra:
        raise Refused("the line  extra  is not canonical JSON")
    if not isinstance(fact, dict) or not isinstance(fact.get("header"), dict):
        raise Refused("the line  extra  holds no header")
    if set(fact) not in ({"header"}, {"body", "header", "salt"}):
        raise Refused("the line  extra  holds a header, or a header with body and salt")
    header = fact["header"]
    if not verify_inclusion(
            index, checkpoint.size, leaf_hash(canonical(header)), proof, checkpoint.root):
        raise Refused(f"the fact is not at index {index} of the log of the checkpoint")
    # The header is what was logged, and now what it says can be held against the rest.
    if type(header.get("seq")) is not int or header["seq"] != index + 1:
        raise Refused(f"the fact says that it is #{header.get('seq')}, and is #{index + 1}")
    if any(not isinstance(header.get(name), str) for name in ("type", "id")):
        raise Refused("the header has no type and no id")
    decode_hex(header.get("body"), 32, "the commitment to the payload")
    if "body" in fact and not isinstance(fact["body"], dict):
        raise Refused("the payload is not an object")
    if "body" in fact and depth(fact["body"]) > DEEPEST_PAYLOAD:
        raise Refused(f"the payload is nested more than {DEEPEST_PAYLOAD} deep")
    if "body" in fact and header.get("body") != commitment(fact["salt"], fact["body"]):
        raise Refused("the payload is not the one that was logged")
    return header, fact.get("body"), checkpoint


# Exports: one event per line


def export_leaf(line, place):
    """The leaf hash of a line, computed from what it says."""
    event = parse_json(line, f"line {place}")
    if not isinstance(event, dict):
        raise Refused(f"line {place}: not an event")
    if type(event.get("seq")) is not int or event["seq"] != place:
        raise Refused(f"line {place}: holds #{event.get('seq')}; a line is missing, added or moved")
    header = {name: event[name] for name in HEADER_MEMBERS if name in event}
    if "batchNote" in event:
        # An event's own note is part of its payload; the header has the one of the whole append.
        header["note"] = event["batchNote"]
    if "target" in header and not isinstance(header["target"], list):
        header["target"] = [header["target"]]
    body = {name: event[name] for name in BODY_MEMBERS if name in event}
    try:
        if "erased" in event:
            # Left is the payload's commitment, and the position of the event that says why.
            if "salt" in event or body not in ({}, {"data": {}}) or type(event["erased"]) is not dict:
                raise Refused("has a payload, though it says that it was erased")
            header["body"] = event["erased"].get("commitment")
            decode_hex(header["body"], 32, "the commitment")
        else:
            header["body"] = commitment(event.get("salt"), body)
        leaf = leaf_hash(canonical(header))
        if decode_hex(event.get("leaf"), 32, "the leaf") != leaf:
            raise Refused(f"what it says has the leaf {leaf.hex()}, not {event['leaf']}")
    except Refused as error:
        raise Refused(f"line {place}: {error}") from None
    return leaf


def export_leaves(path):
    with open(path, "rb") as lines:
        return [export_leaf(line, place) for place, line in enumerate(lines, 1)]


def check_export(leaves, checkpoint):
    if len(leaves) < checkpoint.size:
        raise Refused(f"{len(leaves)} lines, though {checkpoint.size} events were signed")
    root = tree_root(leaves[:checkpoint.size])
    if root != checkpoint.root:
        raise Refused(
            f"the first {checkpoint.size} lines agree with themselves, but not with the checkpoint:"
            f" history was rewritten; root {root.hex()}, signed {checkpoint.root.hex()}")


# The command line


def read(path):
    with open(path, "rb") as file:
        return file.read()


def policy_of(options):
    return Policy(read(options.policy) if options.policy else b"quorum none\n", options.key)


def checkpoint_of(path, options):
    checkpoint = Checkpoint(read(path))
    policy_of(options).accept(checkpoint)
    return checkpoint


def verify_proof(options):
    header, body, checkpoint = check_proof(read(options.file), policy_of(options))
    erased = "" if body is not None else ", whose payload was erased"
    return (f"#{header['seq']} {header['type']} {header['id']}{erased}, is one of the"
            f" {checkpoint.size} events of {checkpoint.origin}")


def verify_export(options):
    leaves = export_leaves(options.file)
    if options.checkpoint is None:
        return f"{len(leaves)} lines agree with themselves; root {tree_root(leaves).hex()}"
    checkpoint = checkpoint_of(options.checkpoint, options)
    check_export(leaves, checkpoint)
    return f"{checkpoint.size} of {len(leaves)} lines are what {checkpoint.origin} signed"


def verify_checkpoints(options):
    old, new = (checkpoint_of(path, options) for path in (options.old, options.new))
    if old.origin != new.origin or old.size > new.size:
        raise Refused(
            f"{new.size} events of {new.origin} cannot continue {old.size} of {old.origin}")
    if options.proof:
        lines = read(options.proof).decode("ascii", "replace").split()
        proof = [decode_base64(line, "a hash of the proof") for line in lines]
        # Nothing needs to be proved of the empty log: every log begins with it.
        if (old.size or proof) and not verify_consistency(
                old.size, new.size, proof, old.root, new.root):
            raise Refused(f"the log of {new.size} events does not continue the one of {old.size}")
    else:
        leaves = export_leaves(options.export)
        for checkpoint in (old, new):
            check_export(leaves, checkpoint)
    return f"the {new.size} events of {new.origin} continue its first {old.size}"


def verify_exports(options):
    old, new = export_leaves(options.old), export_leaves(options.new)
    for place, (before, after) in enumerate(zip(old, new), 1):
        if before != after:
            raise Refused(f"line {place}: not the same event in both exports")
    if len(old) > len(new):
        raise Refused(f"line {len(new) + 1}: missing in the newer export")
    return f"{len(new)} events continue the {len(old)} of the older export"


def printable(text):
    """What was read may not move the cursor or turn the line around."""
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--seed", type=int, default=6962)
    commands = parser.add_subparsers(dest="what")
    for what, verify, files, options in [
            ("proof", verify_proof, ["file"], ["policy"]),
            ("export", verify_export, ["file"], ["policy", "checkpoint"]),
            ("consistency", verify_checkpoints, ["old", "new"], ["policy", "proof", "export"]),
            ("exports", verify_exports, ["old", "new"], [])]:
        command = commands.add_parser(what)
        command.set_defaults(verify=verify)
        for name in files:
            command.add_argument(name)
        for name in options:
            command.add_argument(f"--{name}", metavar="FILE")
        command.add_argument("--key", metavar="VKEY", action="append", default=[])
    options = parser.parse_args()
    if options.self_test:
        import self_test
        print(self_test.run(options.seed))
        return 0
    if options.what is None:
        parser.error("a command is missing")
    if options.what == "consistency" and not options.proof and not options.export:
        parser.error("consistency takes --proof or --export")
    try:
        print(printable(f"verified: {options.verify(options)}"))
        return 0
    except (Refused, OSError, RecursionError) as error:
        print(printable(f"refused: {error}"))
        return 1


if __name__ == "__main__":
    sys.exit(main())
