-- Where actors stand on topics, step by step, under the newest rule. `annals replay stances` folds it
-- from the log; appends do not keep it current.
CREATE TABLE stance_step (
  actor TEXT NOT NULL,
  topic TEXT NOT NULL,
  -- Days counted from 1970-01-01, and the first as a date; until_day is NULL while it holds.
  from_day INTEGER NOT NULL,
  until_day INTEGER,
  from_date TEXT NOT NULL,
  -- -2 opposes .. 2 supports; low and high differ for a vote known as a set of choices.
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  label TEXT NOT NULL,
  -- Position of the fact that made the step, and what it is: vote, stance, sponsorship, statement.
  event INTEGER NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  PRIMARY KEY (topic, actor, from_day)
) STRICT, WITHOUT ROWID;
