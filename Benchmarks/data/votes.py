#!/usr/bin/env python3
"""Writes a synthetic set of recorded votes in two CSV files: the same count and seed, the same bytes.

    votes.py COUNT FOLDER       FOLDER/ballots.csv with COUNT rows, FOLDER/rollcalls.csv

Made like the recorded votes of the United Nations, in the layout of the mapping un-votes: an
assembly that grows from 51 members in 1946 to 193, a council of 15, a row for each member and roll
call. Members belong to blocs that have a line in each contested roll call; most follow it. Over all
years about 76 in a hundred choices are yes, 10 abstain, 5 no, 9 absent. Some resolutions have no
recorded vote. More votes mean more roll calls in the same years.
"""

import bisect
import datetime
import os
import random
import sys

SEED = 7
FIRST, LAST = 1946, 2025

# In the order in which they joined, more or less.
MEMBERS = (
    "USA GBR FRA CHN RUS AUS BRA EGY MEX NLD POL ARG BEL BOL BLR CAN CHL COL CRI CUB DNK DOM ECU SLV "
    "ETH GRC GTM HTI HND IND IRN IRQ LBN LBR LUX NZL NIC NOR PAN PRY PER PHL SAU SYR TUR UKR ZAF URY "
    "VEN AFG ISL SWE THA PAK YEM MMR ISR IDN ALB AUT BGR KHM LKA FIN HUN IRL ITA JOR LAO LBY NPL PRT "
    "ROU ESP SDN MAR TUN JPN GHA MYS GIN CMR CAF TCD COG COD CYP BEN GAB CIV MDG MLI NER NGA SEN SOM "
    "TGO BFA MNG SLE MRT TZA BDI JAM RWA TTO DZA UGA KWT KEN GMB MWI MDV MLT SGP ZMB BWA GUY LSO BRB "
    "MUS SWZ GNQ FJI BTN BHR OMN QAT ARE BHS DEU BGD GRD GNB CPV MOZ PNG STP COM SUR SYC AGO WSM DJI "
    "VNM DMA SLB LCA VCT ZWE BLZ VUT ATG KNA BRN LIE NAM PRK EST LVA LTU MHL FSM KOR ARM AZE BIH HRV "
    "GEO KAZ KGZ MDA SMR SVN TJK TKM UZB CZE SVK MKD AND ERI MCO PLW KIR NRU TON TUV CHE TLS MNE SRB "
    "SSD"
).split()
# From which year on there are so many members.
GROWTH = (
    (1946, 51), (1950, 60), (1955, 76), (1960, 99), (1965, 117), (1970, 127), (1975, 144),
    (1980, 154), (1991, 166), (1993, 184), (2002, 191), (2011, 193),
)
# How busy the years are, from each on.
ACTIVITY = ((1946, 1), (1961, 1.5), (1971, 3), (1979, 5.5), (1990, 3.5), (2006, 4), (2017, 5))

BLOCS = 5
BLOC_SHARES = (0.18, 0.10, 0.50, 0.17, 0.05)
CONTESTED = 0.40
LOYALTY = 0.90
COUNCIL = 0.30  # of all resolutions
UNRECORDED = 0.17
# Lines of the blocs in contested roll calls: yes, abstain, no.
LINES = ((0.35, 0.30, 0.35), (0.65, 0.20, 0.15), (0.93, 0.05, 0.02), (0.75, 0.20, 0.05),
         (0.45, 0.25, 0.30))
CHOICES = "YANX"

WORDS = (
    "peace security border trade treaty aid refugees sanctions mandates missions budgets disarmament "
    "climate oceans labour women children health water energy data space culture law courts "
    "elections famine drought harvests vaccines debt tariffs visas prisoners veterans archives"
).split()


def stepped(steps, year):
    return steps[bisect.bisect_right(steps, (year, float("inf"))) - 1][1]


class Votes:
    def __init__(self, count, folder):
        self.random = random.Random(SEED)
        self.left = count
        self.ballots = open(os.path.join(folder, "ballots.csv"), "w", newline="")
        self.rollcalls = open(os.path.join(folder, "rollcalls.csv"), "w", newline="")
        self.record, self.of_council = 100_000, 0
        choose = self.random
        self.bloc = choose.choices(range(BLOCS), BLOC_SHARES, k=len(MEMBERS))
        self.absence = [choose.betavariate(1.1, 9) for _ in MEMBERS]
        # What a row ends with, by member and choice; an absence has no printed code.
        self.tails = [
            [f"{code},{code},{choice},{'' if choice == 'X' else choice}\n" for choice in CHOICES]
            for code in MEMBERS
        ]

    def write(self):
        self.ballots.write("date,record_id,symbol,body,name_at_vote,iso3,choice,raw_code\n")
        self.rollcalls.write(
            "date,record_id,symbol,body,session,title,meeting,committee_report,agenda,yes,no,"
            "abstain,non_voting,listed,url\n")
        recorded = {
            year: stepped(ACTIVITY, year)
            * ((1 - COUNCIL) * stepped(GROWTH, year) * (1 - UNRECORDED) + COUNCIL * 15)
            for year in range(FIRST, LAST + 1)
        }
        total, count, until = sum(recorded.values()), self.left, 0
        for year in range(FIRST, LAST + 1):
            until += recorded[year]
            self.year(year, count - round(count * until / total))
        self.ballots.close()
        self.rollcalls.close()

    def year(self, year, rest):
        """Resolutions until no more than `rest` ballots are left to write."""
        choose, wanted = self.random, self.left - rest
        size = (1 - COUNCIL) * stepped(GROWTH, year) * (1 - UNRECORDED) + COUNCIL * 15
        # A few more than are needed on average, sorted, so that the last one is late in the year.
        days = sorted(choose.randint(1, 355) for _ in range(int(wanted / size) + 1))
        new_year = datetime.date(year, 1, 1).toordinal()
        number = 0
        while self.left > rest:
            number += 1
            day = days[min(number, len(days)) - 1]
            date = datetime.date.fromordinal(new_year + day).isoformat()
            if choose.random() < COUNCIL:
                # The permanent five, and ten more.
                others = choose.sample(range(5, stepped(GROWTH, year)), 10)
                voters = [0, 1, 2, 3, 4, *sorted(others)]
                # The council numbers its resolutions on, the assembly begins anew each session.
                self.of_council += 1
                self.rollcall(date, f"S/RES/{self.of_council}({year})", "SC", "", voters)
            else:
                voters = range(stepped(GROWTH, year))
                if choose.random() < UNRECORDED:
                    voters = ()
                self.rollcall(
                    date, f"A/RES/{year - FIRST + 1}/{number}", "GA", year - FIRST + 1, voters)

    def rollcall(self, date, symbol, body, session, voters):
        self.record += 1
        first, second = self.random.choice(WORDS), self.random.choice(WORDS)
        tally = [0, 0, 0, 0]
        head = f"{date},{self.record},{symbol},{body},"
        lines = []
        for voter, choice in zip(voters[: self.left], self.choices(voters)):
            tally[choice] += 1
            lines.append(head + self.tails[voter][choice])
        self.left -= len(lines)
        self.ballots.write("".join(lines))
        yes, abstain, no, absent = tally
        self.rollcalls.write(
            f'{date},{self.record},{symbol},{body},{session},"On {first}, and on {second} in the '
            f'light of earlier resolutions : resolution / adopted",{body}/PV.{self.record % 9000},'
            f"N/A,{first.upper()}--{second.upper()},{yes},{no},{abstain},{absent},{len(lines)},"
            f"https://records.example/{self.record}\n")

    def choices(self, voters):
        """What they choose, as places in CHOICES."""
        chance = self.random.random
        if chance() < CONTESTED:
            lines = [self.random.choices((0, 1, 2), weights)[0] for weights in LINES]
        else:
            lines = [0] * BLOCS
        for voter in voters:
            if chance() < self.absence[voter]:
                yield 3
            elif chance() < LOYALTY:
                yield lines[self.bloc[voter]]
            else:
                yield 0 if chance() < 0.6 else 1 if chance() < 0.75 else 2


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    os.makedirs(sys.argv[2], exist_ok=True)
    Votes(int(sys.argv[1]), sys.argv[2]).write()
