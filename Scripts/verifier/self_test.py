"""What  annals_verify.py --self-test  runs: published vectors, brute force, and wrong proofs.

The vectors are those of transparency-dev/merkle, RFC 8785 and C2SP signed-note. Every proof of every
tree up to 40 leaves is made by the recursion that RFC 6962 defines it with, must verify, and must not
once it was changed.
"""

import hashlib
import random

from annals_verify import (
    Key, Refused, canonical, decode_base64, leaf_hash, node_hash, tree_root, verify_consistency,
    verify_inclusion)


def test_paths(leaves):
    """Roots and proofs by the definitions of RFC 6962, as recursion; to hold the loops above against."""
    def split(part):
        return 1 << (len(part) - 1).bit_length() - 1

    def root(part):
        if len(part) == 1:
            return part[0]
        return node_hash(root(part[:split(part)]), root(part[split(part):]))

    def inclusion(index, part):
        if len(part) == 1:
            return []
        k = split(part)
        if index < k:
            return [*inclusion(index, part[:k]), root(part[k:])]
        return [*inclusion(index - k, part[k:]), root(part[:k])]

    def consistency(size, part, is_whole=True):
        if size == len(part):
            return [] if is_whole else [root(part)]
        k = split(part)
        if size <= k:
            return [*consistency(size, part[:k], is_whole), root(part[k:])]
        return [*consistency(size - k, part[k:], False), root(part[:k])]

    return root, inclusion, consistency


def mutations(proof, choice):
    """Wrong proofs made of a right one: bits flipped, hashes added, taken away and swapped."""
    alien = hashlib.sha256(b"alien").digest()
    for place, value in enumerate(proof):
        flipped = bytearray(value)
        flipped[choice.randrange(32)] ^= 1 << choice.randrange(8)
        for other in (bytes(flipped), value[:-1], value + b"\0", b"", alien):
            yield [*proof[:place], other, *proof[place + 1:]]
        yield [*proof[:place], *proof[place + 1:]]
        yield [*proof[:place], value, *proof[place:]]
        if place and proof[place - 1] != value:
            yield [*proof[:place - 1], value, proof[place - 1], *proof[place + 1:]]
    for added in (alien, b"", bytes(32)):
        yield [*proof, added]
        yield [added, *proof]


def run(seed):
    choice = random.Random(seed)
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
               "606162636465666768696a6b6c6d6e6f"]
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in entries]
    roots = {  # transparency-dev/merkle, testonly/constants.go
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}
    for size, root in roots.items():
        assert tree_root(leaves[:size]).hex() == root, size
    leaves += [leaf_hash(choice.randbytes(9)) for _ in range(32)]
    root, inclusion, consistency = test_paths(leaves)
    right = wrong = 0
    for size in range(1, len(leaves) + 1):
        top = tree_root(leaves[:size])
        assert top == root(leaves[:size])
        for index in range(size):
            proof, leaf = inclusion(index, leaves[:size]), leaves[index]
            assert verify_inclusion(index, size, leaf, proof, top), (index, size)
            bad = [(index, size, leaf, other, top) for other in mutations(proof, choice)]
            bad += [(place, size, leaf, proof, top) for place in
                    (index - 1, index + 1, index * 2 or 1, index ^ 1, index ^ 64, index + size, -1)]
            bad += [(index, size, top, proof, leaf), (index, size, leaf, proof, bytes(32))]
            bad += [(index, size, leaf, proof, other) for other in (b"", top[:-1])]
            for case in bad:
                # In a log of one event, its leaf hash is the root.
                if case != (index, size, leaf, proof, top):
                    assert not verify_inclusion(*case), (index, size, case)
            right, wrong = right + 1, wrong + len(bad)
        for old in range(1, size + 1):
            proof, before = consistency(old, leaves[:size]), tree_root(leaves[:old])
            assert verify_consistency(old, size, proof, before, top), (old, size)
            bad = [(old, size, other, before, top) for other in mutations(proof, choice)]
            bad += [(other, size, proof, before, top) for other in
                    (0, old - 1, old + 1, old * 2, old ^ 1, old ^ 64, -old)]
            bad += [(old, size, proof, bytes(32), top), (old, size, proof, before, bytes(32))]
            if old < size:
                bad += [(old, size, proof, top, before), (size, old, proof, before, top)]
            for case in bad:
                assert not verify_consistency(*case), (old, size, case)
            right, wrong = right + 1, wrong + len(bad)
    weird = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f602": 5, "\x80": 6, "\xf6": 7}
    assert canonical(weird).decode() == (
        '{"\\r":2,"1":4,"\x80":6,"\xf6":7,"\u20ac":1,"\U0001f602":5,"\ufb33":3}')
    assert canonical('\x1f\x7f/"\\\n') == b'"\\u001f\x7f/\\"\\\\\\n"'
    key = Key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    signature = decode_base64(
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
        "")
    assert signature[:4] == key.id
    key.check(signature[4:], b"This is an example message.\n")
    try:
        key.check(signature[4:], b"This is an example message\n")
        raise AssertionError("a signature of another text was taken")
    except Refused:
        pass
    return f"{right} proofs verified, {wrong} wrong ones refused (seed {seed})"
