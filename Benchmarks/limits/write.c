// The rows of a log, written again.

#include "limits.h"

#include <stdio.h>
#include <stdlib.h>

#define INSERT_EVENT "INSERT OR ROLLBACK INTO event VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"
#define INSERT_BATCH "INSERT OR ROLLBACK INTO batch VALUES (?1, ?2, ?3, ?4)"
#define INSERT_NAME "INSERT OR ROLLBACK INTO name VALUES (?1, ?2, ?3)"
#define INSERT_SHAPE "INSERT OR ROLLBACK INTO shape VALUES (?1, ?2)"
#define INSERT_TAG "INSERT OR ROLLBACK INTO tag VALUES (?1, ?2, ?3)"

// As the store's writer is set, but for the guards against hostile files.
static void tune(void) {
  run("PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;"
      "PRAGMA secure_delete = OFF; PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY");
}

static void create(const char *path, const char *ddl, int is_bare) {
  FILE *file = fopen(ddl, "rb");
  if (!file) {
    perror(ddl);
    exit(1);
  }
  static char text[1 << 16];
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  check(sqlite3_open_v2(
    path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL));
  run("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
  tune();
  run(text);
  if (is_bare) check(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL));
}

static void finish(void) {
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  check(sqlite3_close(db));
  db = NULL;
}

// Rows that are numbered from 1, of which those up to a number are inserted.
typedef struct {
  Rows rows;
  size_t done;
  sqlite3_stmt *insertion;
} Numbered;

static void insert_through(Numbered *numbered, int64_t number) {
  for (; (int64_t)numbered->done < number; numbered->done++)
    insert(numbered->insertion, row(&numbered->rows, numbered->done), numbered->rows.columns);
}

static int64_t largest(const Value *list) {
  int64_t most = 0;
  const uint8_t *at = list->bytes, *end = at + (at ? list->length : 0);
  while (at < end) {
    int64_t value = leb128(&at);
    if (value > most) most = value;
  }
  return most;
}

// The shape that a payload is stored in, or 0.
static int64_t shape_of(const Value *body) {
  const uint8_t *at = body->bytes;
  return body->length > 0 && *at++ == 0 ? leb128(&at) : 0;
}

void copy(const char *store, const char *path, const char *ddl, int is_bare) {
  open_reading(store);
  Numbered names = {.rows = load("SELECT id, kind, text FROM name ORDER BY id")};
  Numbered shapes = {.rows = load("SELECT id, text FROM shape ORDER BY id")};
  Rows batches = load("SELECT first, recorded, recorder, note FROM batch ORDER BY first");
  Rows events = load(SELECT_EVENT " ORDER BY seq");
  // As the store writes them: batch by batch, sorted within each.
  Rows tags = load(
    "SELECT name, seq, more FROM tag ORDER BY"
    " (SELECT max(first) FROM batch WHERE first <= tag.seq), name, seq");
  check(sqlite3_close(db));

  Time start = now();
  create(path, ddl, is_bare);
  names.insertion = prepare(INSERT_NAME), shapes.insertion = prepare(INSERT_SHAPE);
  sqlite3_stmt *batch = prepare(INSERT_BATCH), *event = prepare(INSERT_EVENT);
  sqlite3_stmt *tag = prepare(INSERT_TAG);
  size_t e = 0, t = 0;
  for (size_t b = 0; b < batches.count; b++) {
    int64_t end = b + 1 < batches.count ? row(&batches, b + 1)[0].integer : INT64_MAX;
    run("BEGIN IMMEDIATE");
    insert_through(&names, row(&batches, b)[2].integer);
    insert(batch, row(&batches, b), batches.columns);
    for (; e < events.count && row(&events, e)[0].integer < end; e++) {
      Value *values = row(&events, e);
      int64_t tagged = largest(&values[6]), type = values[1].integer;
      insert_through(&names, tagged > type ? tagged : type);
      insert_through(&shapes, shape_of(&values[11]));
      insert(event, values, events.columns);
    }
    for (; t < tags.count && row(&tags, t)[1].integer < end; t++)
      insert(tag, row(&tags, t), tags.columns);
    run("COMMIT");
  }
  sqlite3_finalize(names.insertion), sqlite3_finalize(shapes.insertion);
  sqlite3_finalize(batch), sqlite3_finalize(event), sqlite3_finalize(tag);
  finish();
  report(start);
  printf("events %zu\ntags %zu\nnames %zu\nshapes %zu\n", e, t, names.done, shapes.done);
}

// Adds the store's first events that are about no other once more, under new ids: each a batch of
// its own, several batches to a commit.
void append(const char *store, size_t count, size_t per) {
  char sql[300];
  snprintf(
    sql, sizeof sql, SELECT_EVENT " WHERE targets IS NULL ORDER BY seq LIMIT %zu", count);
  check(sqlite3_open_v2(store, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
  tune();
  Rows events = load(sql);
  Rows head = load(
    "SELECT seq, recorded FROM event JOIN batch ON first = batch ORDER BY seq DESC LIMIT 1");
  int64_t seq = row(&head, 0)[0].integer, recorded = row(&head, 0)[1].integer;
  sqlite3_stmt *batch = prepare(INSERT_BATCH), *event = prepare(INSERT_EVENT);
  sqlite3_stmt *tag = prepare(INSERT_TAG);
  Time start = now();
  for (size_t i = 0; i < events.count; i++) {
    if (i % per == 0) run("BEGIN IMMEDIATE");
    Value *values = row(&events, i);
    // Ids that rise with time, like version 7.
    uint8_t id[16] = {1, 0x99};
    uint64_t bits = (uint64_t)++recorded;
    for (int b = 0; b < 8; b++) id[2 + b] = (uint8_t)(bits >> (56 - 8 * b));
    values[8] = (Value){.bytes = id, .length = 16};
    values[0].integer = values[2].integer = ++seq;
    insert(
      batch, (Value[]){{.integer = seq}, {.integer = recorded}, {.integer = 1}, {.length = -1}},
      4);
    insert(event, values, events.columns);
    insert(tag, (Value[]){values[1], values[0], {0}}, 3);
    const uint8_t *at = values[6].bytes, *end = at + (at ? values[6].length : 0);
    while (at < end) insert(tag, (Value[]){{.integer = leb128(&at)}, values[0], {0}}, 3);
    if ((i + 1) % per == 0 || i + 1 == events.count) run("COMMIT");
  }
  report(start);
  printf("events %zu\n", events.count);
}
