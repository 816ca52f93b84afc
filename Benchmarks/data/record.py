#!/usr/bin/env python3
"""Writes a synthetic record in the import format: the same count and seed, the same bytes.

    generate.py COUNT > record.ndjson

200 states vote in roll calls that run from 1990 to 2025; a tenth of the roll calls bears on one of
50 topics. Around them stand motions, statements with stances by people who hold roles, changes of
stance and sources. One event in a hundred is corrected later, two in a thousand are retracted;
those that are carry ids of their own. Some dates are imprecise.
"""

import datetime
import random
import sys

STATES = 200
PEOPLE = 100
TOPICS = 50
STATEMENTS = 10  # per roll call
FIRST = datetime.date(1990, 1, 1).toordinal()
LAST = datetime.date(2025, 12, 31).toordinal()
EPOCH = datetime.date(1970, 1, 1).toordinal()
SEED = 7

WORDS = (
    "peace security border trade treaty aid refugee sanction council mandate mission budget "
    "nuclear climate ocean labour women children health water energy data space culture law court "
    "election famine drought harvest vaccine debt tariff visa prisoner veteran archive station"
).split()


def state(index):
    return "S" + chr(65 + index // 26) + chr(65 + index % 26)


def person(index):
    return f"person-{index}"


def topic(index):
    return f"{WORDS[index % len(WORDS)]}-{index}"


class Writer:
    """Collects lines until there are enough."""

    def __init__(self, count, out):
        self.left = count
        self.out = out
        self.buffer = []

    def line(self, text):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        self.buffer.append(text)
        if len(self.buffer) == 10_000:
            self.flush()

    def flush(self):
        if self.buffer:
            self.out.write("\n".join(self.buffer) + "\n")
            self.buffer.clear()


class Record:
    def __init__(self, count, out):
        self.count = count
        self.writer = Writer(count, out)
        self.random = random.Random(SEED)
        # Amendments on their way: (due at roll call, line).
        self.amendments = []

    def write(self):
        try:
            self.prologue()
            rollcalls = max(1, (self.count - 4 * STATES) // (STATES + 15))
            for index in range(10**9):
                self.rollcall(index, min(LAST, FIRST + index * (LAST - FIRST) // rollcalls))
        except StopIteration:
            self.writer.flush()

    def own_id(self, day):
        """An id whose leading bits follow the date, as the ones that the program derives."""
        order = (day - EPOCH) * 86_400 + (1 << 46) & 0xFFFF_FFFF_FFFF
        digits = f"{order:012x}8{self.random.getrandbits(12):03x}"
        low = 1 << 63 | self.random.getrandbits(62)
        digits += f"{low:016x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def target(self, index, day, fields):
        """Now and then the id of an event that will be corrected or retracted; else nothing."""
        chance = self.random.random()
        if chance >= 0.012:
            return ""
        own = self.own_id(day)
        due = index + self.random.randint(1, 5)
        source = '"sources": [{"source": "register", "locator": "errata"}]'
        if chance < 0.010:
            line = (
                f'{{"type": "fact.corrected", "data": {{{fields}}}, "target": "{own}", '
                f'"reason": "the printed register was wrong", {source}}}'
            )
        else:
            line = (
                f'{{"type": "fact.retracted", "data": {{}}, "target": "{own}", '
                f'"reason": "entered twice", {source}}}'
            )
        self.amendments.append((due, line))
        return f'"id": "{own}", '

    def prologue(self):
        line = self.writer.line
        line(
            '{"type": "source.captured", "data": {"source": "register", "title": "The register", '
            '"publisher": "The assembly", "language": "en"}, "sources": [{"source": "register"}]}'
        )
        entry = '"sources": [{"source": "register"}]}'

        def actor(id, kind, name):
            line(
                f'{{"type": "actor.registered", "data": {{"actor": "{id}", "kind": "{kind}", '
                f'"name": "{name}"}}, {entry}'
            )

        actor("assembly", "body", "The assembly")
        for index in range(STATES):
            actor(state(index), "state", f"State of {state(index)}")
        for index in range(TOPICS):
            line(
                f'{{"type": "topic.defined", "data": {{"topic": "{topic(index)}", '
                f'"proposition": "More should be done for {WORDS[index % len(WORDS)]}."}}, {entry}'
            )
        for index in range(PEOPLE):
            actor(person(index), "person", f"Speaker {index}")
            line(
                f'{{"type": "role.held", "on": "1990-01-01", "basis": "explicit", "data": '
                f'{{"person": "{person(index)}", "organisation": "{state(index * 2)}", '
                f'"title": "Delegate", "speaksFor": true, "period": "1990-01-01/.."}}, {entry}'
            )

    def rollcall(self, index, day):
        line, choose = self.writer.line, self.random
        date = datetime.date.fromordinal(day).isoformat()
        # A source in ten roll calls, a date in fifty that is known to the month only.
        source = f"session-{index // 10}"
        if index % 10 == 0:
            line(
                f'{{"type": "source.captured", "on": "{date}", "basis": "explicit", "data": '
                f'{{"source": "{source}", "title": "Records of session {index // 10}", '
                f'"publisher": "The assembly", "url": "https://records.example/{index // 10}", '
                f'"published": "{date}", "language": "en"}}, '
                f'"sources": [{{"source": "{source}"}}]}}'
            )
        on = date[:7] if index % 50 == 49 else date
        motion, rollcall = f"A/RES/{index}", f"assembly/{index}"
        first, second = choose.choice(WORDS), choose.choice(WORDS)
        cite = (
            f'"sources": [{{"source": "{source}", "locator": "record/{index}", '
            f'"relation": "states"}}]}}'
        )
        line(
            f'{{"type": "motion.tabled", "on": "../{date}", "basis": "derived", "data": '
            f'{{"motion": "{motion}", "body": "assembly", "symbol": "{motion}", "title": '
            f'"On {first} and {second}"}}, {cite}'
        )
        subject = topic(index // 10 % TOPICS)
        linked = index % 10 == 0
        if linked:
            line(
                f'{{"type": "topic.linked", "on": "{date}", "basis": "inferred", "data": '
                f'{{"topic": "{subject}", "motion": "{motion}", "supporting": '
                f'"{"no" if index % 40 == 0 else "yes"}", "strength": '
                f'"{"informative" if index % 70 == 0 else "strong"}", "rationale": '
                f'"The text asks for more of it."}}, {cite}'
            )
        line(
            f'{{"type": "rollcall.held", "on": "{on}", "basis": "explicit", "data": '
            f'{{"rollcall": "{rollcall}", "motion": "{motion}", "body": "assembly", "session": '
            f'"{index // 10}", "method": "recorded", "official": {{"yes": 120, "no": 30, '
            f'"abstain": 40}}, "result": "adopted"}}, {cite}'
        )
        choices = choose.choices(
            ("yes", "no", "abstain", "absent"), cum_weights=(60, 75, 93, 100), k=STATES)
        for voter in range(STATES):
            own = self.target(index, day, '"choice": "abstain"')
            line(
                f'{{{own}"type": "vote.cast", "on": "{on}", "basis": "explicit", "data": '
                f'{{"rollcall": "{rollcall}", "voter": "{state(voter)}", "choice": '
                f'"{choices[voter]}"}}, {cite}'
            )
        for _ in range(STATEMENTS):
            self.statement(index, day, date, cite, motion if linked else None)
        for _ in range(2):
            actor, level = state(choose.randrange(STATES)), choose.randint(-2, 2)
            own = self.target(index, day, f'"level": {-level if level else 1}')
            line(
                f'{{{own}"type": "stance.changed", "on": "{date}", "basis": "explicit", "data": '
                f'{{"actor": "{actor}", "topic": "{topic(choose.randrange(TOPICS))}", "level": '
                f'{level}, "basis": "declared"}}, {cite}'
            )
        due = [text for at, text in self.amendments if at <= index]
        self.amendments = [entry for entry in self.amendments if entry[0] > index]
        for text in due:
            line(text)

    def statement(self, index, day, date, cite, motion):
        choose = self.random
        speaker = choose.randrange(PEOPLE)
        subject = topic(choose.randrange(TOPICS))
        kind = choose.randrange(20)
        if kind == 0:
            when = ""
        elif kind == 1:
            when = f'"on": "{date[:7]}", "basis": "derived", '
        elif kind == 2:
            when = f'"on": "{date}~", "basis": "inferred", '
        elif kind == 3:
            when = f'"on": "../{date}", "basis": "inferred", '
        elif kind == 4:
            when = f'"on": "{date[:4]}", "basis": "inferred", '
        else:
            when = f'"on": "{date}", "basis": "explicit", '
        words = " ".join(choose.choices(WORDS, k=12))
        about = f'"about": {{"topics": ["{subject}"]'
        if motion:
            about += f', "motions": ["{motion}"]'
        own = self.target(index, day, '"text": "As the verbatim record has it."')
        self.writer.line(
            f'{{{own}"type": "statement.made", {when}"data": {{"speaker": "{person(speaker)}", '
            f'"onBehalfOf": "{state(speaker * 2)}", "kind": "quote", '
            f'"text": "We spoke of {words}.", {about}}}, "stance": {{"topic": "{subject}", '
            f'"level": {choose.randint(-2, 2)}}}}}, {cite}'
        )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    Record(int(sys.argv[1]), sys.stdout).write()
