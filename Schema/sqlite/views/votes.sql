-- All votes as a grid of roll calls and voters. Rebuilt from the log at any time:
-- `annals replay votes`.

-- The roll calls, numbered from 0 in the order in which the log first names them; a number stays.
CREATE TABLE vote_rollcall (
  number INTEGER PRIMARY KEY,
  rollcall TEXT NOT NULL UNIQUE,
  -- How many accounts of the roll call itself hold; 0 when only votes in it are recorded.
  accounts INTEGER NOT NULL,
  motion TEXT,
  title TEXT,
  body TEXT,
  session TEXT,
  -- When it was held, as the most exact account has it; bounds in seconds since 1970, half open.
  on_text TEXT,
  earliest INTEGER,
  latest INTEGER,
  method TEXT,
  result TEXT,
  -- Members entitled to vote, as the last account that says so has it.
  members INTEGER,
  -- What accounts say it came to; NULL where none says it, or where they differ. Those on which
  -- they differ are named in contested: 'yes,no'.
  official_yes INTEGER,
  official_no INTEGER,
  official_abstain INTEGER,
  official_absent INTEGER,
  contested TEXT,
  -- Voters of whom a vote is recorded.
  voters INTEGER NOT NULL,
  -- Recorded votes of which the choice is certain, with their weights. Votes both for and against
  -- count under yes, under no and under both.
  yes INTEGER NOT NULL,
  no INTEGER NOT NULL,
  abstain INTEGER NOT NULL,
  absent INTEGER NOT NULL,
  not_voting INTEGER NOT NULL,
  ineligible INTEGER NOT NULL,
  paired_yes INTEGER NOT NULL,
  paired_no INTEGER NOT NULL,
  both INTEGER NOT NULL,
  -- Votes known as one of several choices, and votes whose accounts contradict each other. Both may
  -- have been any of the choices counted in perhaps: {"no":2,"abstain":2}. Those that are absent or
  -- not voting, whichever, are counted as "absent or not-voting" besides, and those that may be
  -- something else too as "absent, not-voting or another".
  open INTEGER NOT NULL,
  conflict INTEGER NOT NULL,
  perhaps TEXT,
  -- The casting votes of presiding officers among all these, by choice: {"yes":1}. Those among the
  -- votes counted in perhaps stand under "perhaps yes".
  casting TEXT
) STRICT;

-- The votes of one actor in 1,024 roll calls: number 1024 * block and those after it. One byte for
-- each roll call, so that a vote that comes or is corrected changes one byte and nothing else:
-- 0 nothing recorded, 1 yes, 2 no, 3 abstain, 4 absent, 5 not-voting, 6 ineligible, 7 paired-yes,
-- 8 paired-no, 9 both for and against, 10 one of several choices, 11 accounts contradict each other.
--   SELECT hex(substr(cells, number % 1024 + 1, 1)) FROM vote_block
--   JOIN vote_rollcall ON block = number / 1024 WHERE actor = 'USA' AND rollcall = 'un-ga/ES-11/7';
CREATE TABLE vote_block (
  actor TEXT NOT NULL,
  block INTEGER NOT NULL,
  cells BLOB NOT NULL,
  PRIMARY KEY (actor, block)
) STRICT, WITHOUT ROWID;
