#!/usr/bin/env python3
"""Agreement of all pairs per year in DuckDB, from the ballots in CSV.

    duckdb_agreement.py BALLOTS OUT [DATABASE]

With DATABASE the ballots are read from a table there, which a first call makes (and does no more).
"""

import os
import sys

import duckdb

BALLOTS = """
    SELECT year(date)::SMALLINT AS year, record_id::INTEGER AS rollcall, iso3 AS actor,
      (CASE choice WHEN 'Y' THEN 2 WHEN 'A' THEN 1 ELSE 0 END)::TINYINT AS value
    FROM read_csv(?, header = true, types = {'date': 'DATE', 'record_id': 'INTEGER'},
      quote = '"', escape = '"', sample_size = 1)
    WHERE choice IN ('Y', 'A', 'N')
"""
PAIRS = """
    COPY (
      SELECT a.year, a.actor AS a, b.actor AS b, count(*) AS n,
        count(*) FILTER (a.value = b.value) AS same,
        count(*) FILTER (abs(a.value - b.value) = 1) AS half,
        count(*) FILTER (abs(a.value - b.value) = 2) AS opposite
      FROM ballot a JOIN ballot b ON a.rollcall = b.rollcall AND a.actor < b.actor
      GROUP BY ALL ORDER BY ALL
    ) TO '{}' (HEADER)
"""


def main(ballots, out, path=None):
    is_made = path is not None and os.path.exists(path)
    database = duckdb.connect(path or ":memory:")
    if not is_made:
        database.execute(f"CREATE TABLE ballot AS {BALLOTS}", [ballots])
        if path:
            return
    database.execute(PAIRS.format(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
