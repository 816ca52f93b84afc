#!/usr/bin/env python3
"""Agreement of all pairs per year with numpy: products of matrices of choices.

    numpy_agreement.py BALLOTS OUT
"""

import csv
import sys

import numpy

VALUES = {"Y": 0, "A": 1, "N": 2}


def main(ballots, out):
    rollcalls, actors, years = {}, {}, []
    rows, columns, choices = [], [], []
    with open(ballots, newline="") as lines:
        for date, record, _, _, _, actor, choice, _ in csv.reader(lines):
            value = VALUES.get(choice)
            if value is None:
                continue
            row = rollcalls.setdefault(record, len(rollcalls))
            if row == len(years):
                years.append(int(date[:4]))
            rows.append(row)
            columns.append(actors.setdefault(actor, len(actors)))
            choices.append(value)
    votes = numpy.zeros((3, len(rollcalls), len(actors)), dtype=numpy.float32)
    votes[choices, rows, columns] = 1
    years = numpy.array(years)
    names = sorted(actors)
    order = numpy.array([actors[name] for name in names])
    votes = votes[:, :, order]
    with open(out, "w", newline="") as file:
        file.write("year,a,b,n,same,half,opposite\n")
        for year in numpy.unique(years):
            yes, abstain, no = votes[:, years == year]
            same = yes.T @ yes + abstain.T @ abstain + no.T @ no
            sure = yes + no
            half = sure.T @ abstain + abstain.T @ sure
            opposite = yes.T @ no + no.T @ yes
            n = same + half + opposite
            at, to = numpy.nonzero(numpy.triu(n, 1))
            figures = numpy.stack([matrix[at, to] for matrix in (n, same, half, opposite)], 1)
            file.write(
                "".join([
                    f"{year},{names[a]},{names[b]},{n},{same},{half},{opposite}\n"
                    for a, b, (n, same, half, opposite) in zip(
                        at.tolist(), to.tolist(), figures.astype(int).tolist())
                ]))


if __name__ == "__main__":
    main(*sys.argv[1:])
