#!/usr/bin/env python3
"""Agreement of all pairs per year with polars, from the ballots in CSV.

    polars_agreement.py BALLOTS OUT
"""

import sys

import polars
from polars import col


def main(ballots, out):
    votes = (
        polars.scan_csv(ballots, schema_overrides={"record_id": polars.Int32})
        .filter(col("choice").is_in(["Y", "A", "N"]))
        .select(
            col("date").str.head(4).cast(polars.Int16).alias("year"),
            "record_id",
            col("iso3").cast(polars.Categorical).alias("actor"),
            col("choice").replace_strict({"Y": 2, "A": 1, "N": 0}, return_dtype=polars.Int8)
            .alias("value"),
        )
        .with_columns(col("actor").to_physical().alias("number"))
        .collect()
    )
    distance = (col("value") - col("value_right")).abs()
    pairs = (
        votes.lazy()
        .join(votes.lazy(), on="record_id")
        .filter(col("number") < col("number_right"))
        .group_by("year", "actor", "actor_right")
        .agg(
            polars.len().alias("n"), (distance == 0).sum().alias("same"),
            (distance == 1).sum().alias("half"), (distance == 2).sum().alias("opposite"))
        .sort("year", "actor", "actor_right")
        .collect()
    )
    pairs.rename({"actor": "a", "actor_right": "b"}).write_csv(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
