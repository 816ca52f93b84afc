// What bare C on SQLite needs for the same work on the same rows: the limits that Annals is held
// against. Each command prints "name value" lines; seconds where nothing else is said.
//
//   limits copy   STORE NEW DDL [bare]          the same rows into a fresh file, 10,000 to a commit
//   limits append STORE COUNT PER               adds COUNT events again, PER events to a commit
//   limits scan   STORE fold|body|hashed        reads the columns in log order
//   limits amended STORE                        reads the amendments and what they are about
//   limits lookup STORE COUNT                   events at random positions, all columns
//   limits show   STORE ACTOR TOPIC             reads what bears on one actor's position
//   limits both   STORE ACTOR TOPIC             reads what is about the actor and the topic
//   limits event  STORE SEQ                     reads one event
//
// `bare` leaves the guard triggers out. DDL is Schema/sqlite/0001_log.sql.

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static sqlite3 *db;

static void check(int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  fprintf(stderr, "limits: %s\n", db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  exit(1);
}

static void run(const char *sql) { check(sqlite3_exec(db, sql, NULL, NULL, NULL)); }

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
  return statement;
}

static void step(sqlite3_stmt *statement) {
  check(sqlite3_step(statement));
  check(sqlite3_reset(statement));
}

static void open_reading(const char *path) {
  check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL));
  run("PRAGMA mmap_size = 0; PRAGMA cache_size = -16384; BEGIN");
}

// MARK: Rows in memory

typedef struct {
  int64_t integer;
  const void *bytes;  // NULL: an integer, or NULL when length is -1
  int length;
  int is_text;
} Value;

typedef struct {
  int columns;
  size_t count, room;
  Value *values;
} Rows;

// Copies of bytes, in blocks that are never freed.
static const void *keep(const void *bytes, int length) {
  static char *block;
  static size_t left;
  if (left < (size_t)length + 1) {
    left = (size_t)length + 1 > (1 << 24) ? (size_t)length + 1 : 1 << 24;
    block = malloc(left);
    if (!block) abort();
  }
  char *copy = block;
  if (length) memcpy(copy, bytes, (size_t)length);
  block += length + 1;
  left -= (size_t)length + 1;
  return copy;
}

static Rows load(const char *sql) {
  sqlite3_stmt *statement = prepare(sql);
  Rows rows = {.columns = sqlite3_column_count(statement)};
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    if (rows.count == rows.room) {
      rows.room = rows.room ? rows.room * 2 : 1024;
      rows.values = realloc(rows.values, rows.room * (size_t)rows.columns * sizeof(Value));
      if (!rows.values) abort();
    }
    Value *row = rows.values + rows.count++ * (size_t)rows.columns;
    for (int i = 0; i < rows.columns; i++) {
      int type = sqlite3_column_type(statement, i);
      row[i] = (Value){.length = -1};
      if (type == SQLITE_INTEGER) {
        row[i] = (Value){.integer = sqlite3_column_int64(statement, i)};
      } else if (type != SQLITE_NULL) {
        const void *bytes = sqlite3_column_blob(statement, i);
        int length = sqlite3_column_bytes(statement, i);
        row[i] = (Value){
          .bytes = keep(bytes, length), .length = length, .is_text = type == SQLITE_TEXT};
      }
    }
  }
  check(code);
  sqlite3_finalize(statement);
  return rows;
}

static Value *row(const Rows *rows, size_t index) {
  return rows->values + index * (size_t)rows->columns;
}

static void insert(sqlite3_stmt *statement, const Value *values, int count) {
  for (int i = 0; i < count; i++) {
    const Value *value = values + i;
    if (!value->bytes && value->length) {
      sqlite3_bind_null(statement, i + 1);
    } else if (!value->bytes) {
      sqlite3_bind_int64(statement, i + 1, value->integer);
    } else if (value->is_text) {
      sqlite3_bind_text(statement, i + 1, value->bytes, value->length, SQLITE_STATIC);
    } else {
      sqlite3_bind_blob(statement, i + 1, value->bytes, value->length, SQLITE_STATIC);
    }
  }
  step(statement);
}

// MARK: Writing

#define SELECT_EVENT                                                                              \
  "SELECT seq, type, batch, earliest, latest, on_text, tags, targets, id, leaf, salt, body"       \
  " FROM event"
#define INSERT_EVENT "INSERT OR ROLLBACK INTO event VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)"
#define INSERT_BATCH "INSERT OR ROLLBACK INTO batch VALUES (?1, ?2, ?3, ?4)"
#define INSERT_NAME "INSERT OR ROLLBACK INTO name VALUES (?1, ?2, ?3)"
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
  if (is_bare) {
    static const char *tables[] = {"name", "batch", "event", "tag"};
    static const char *verbs[] = {"insert", "update", "delete"};
    char sql[80];
    for (int t = 0; t < 4; t++)
      for (int v = 0; v < 3; v++) {
        snprintf(sql, sizeof sql, "DROP TRIGGER IF EXISTS %s_%s", tables[t], verbs[v]);
        run(sql);
      }
  }
}

static void finish(void) {
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  check(sqlite3_close(db));
  db = NULL;
}

// The largest number in a list of LEB128 numbers.
static int64_t largest(const Value *list) {
  int64_t most = 0, value = 0;
  int shift = 0;
  const uint8_t *bytes = list->bytes;
  for (int i = 0; i < list->length; i++) {
    value |= (int64_t)(bytes[i] & 0x7F) << shift;
    shift += 7;
    if (!(bytes[i] & 0x80)) {
      if (value > most) most = value;
      value = shift = 0;
    }
  }
  return most;
}

static void copy(const char *store, const char *path, const char *ddl, int is_bare) {
  open_reading(store);
  Rows names = load("SELECT id, kind, text FROM name ORDER BY id");
  Rows batches = load("SELECT first, recorded, recorder, note FROM batch ORDER BY first");
  Rows events = load(SELECT_EVENT " ORDER BY seq");
  // As the store writes them: batch by batch, sorted within each.
  Rows tags = load(
    "SELECT name, seq, more FROM tag ORDER BY"
    " (SELECT max(first) FROM batch WHERE first <= tag.seq), name, seq");
  check(sqlite3_close(db));

  double start = now();
  clock_t busy = clock();
  create(path, ddl, is_bare);
  sqlite3_stmt *name = prepare(INSERT_NAME), *batch = prepare(INSERT_BATCH);
  sqlite3_stmt *event = prepare(INSERT_EVENT), *tag = prepare(INSERT_TAG);
  size_t n = 0, e = 0, t = 0;
  for (size_t b = 0; b < batches.count; b++) {
    int64_t end = b + 1 < batches.count ? row(&batches, b + 1)[0].integer : INT64_MAX;
    run("BEGIN IMMEDIATE");
    for (int64_t needed = row(&batches, b)[2].integer; (int64_t)n < needed; n++)
      insert(name, row(&names, n), names.columns);
    insert(batch, row(&batches, b), batches.columns);
    for (; e < events.count && row(&events, e)[0].integer < end; e++) {
      Value *values = row(&events, e);
      int64_t needed = largest(&values[6]);
      if (values[1].integer > needed) needed = values[1].integer;
      for (; (int64_t)n < needed; n++) insert(name, row(&names, n), names.columns);
      insert(event, values, events.columns);
    }
    for (; t < tags.count && row(&tags, t)[1].integer < end; t++)
      insert(tag, row(&tags, t), tags.columns);
    run("COMMIT");
  }
  sqlite3_finalize(name), sqlite3_finalize(batch), sqlite3_finalize(event), sqlite3_finalize(tag);
  finish();
  printf("seconds %.6f\ncpu %.6f\n", now() - start, (double)(clock() - busy) / CLOCKS_PER_SEC);
  printf("events %zu\ntags %zu\nnames %zu\n", e, t, n);
}

// Adds the store's first events that are about no other once more, under new ids: each a batch of
// its own, several batches to a commit.
static void append(const char *store, size_t count, size_t per) {
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
  double start = now();
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
    int64_t number = 0;
    for (int b = 0, shift = 0; b < values[6].length; b++) {
      uint8_t byte = ((const uint8_t *)values[6].bytes)[b];
      number |= (int64_t)(byte & 0x7F) << shift;
      shift += 7;
      if (byte & 0x80) continue;
      insert(tag, (Value[]){{.integer = number}, values[0], {0}}, 3);
      number = shift = 0;
    }
    if ((i + 1) % per == 0 || i + 1 == events.count) run("COMMIT");
  }
  printf("seconds %.6f\nevents %zu\n", now() - start, events.count);
}

// MARK: Reading

// Touches every byte of the columns, as a fold must.
static uint64_t sum;

static void touch(sqlite3_stmt *statement) {
  for (int i = 0; i < sqlite3_column_count(statement); i++) {
    int type = sqlite3_column_type(statement, i);
    if (type == SQLITE_INTEGER) {
      sum += (uint64_t)sqlite3_column_int64(statement, i);
    } else if (type != SQLITE_NULL) {
      const uint8_t *bytes = sqlite3_column_blob(statement, i);
      for (int n = sqlite3_column_bytes(statement, i), b = 0; b < n; b++) sum += bytes[b];
    }
  }
}

static void scan(const char *store, const char *what) {
  const char *columns = "seq, type, earliest, latest, tags, targets";
  if (!strcmp(what, "body")) columns = "seq, type, earliest, latest, tags, targets, body";
  if (!strcmp(what, "hashed")) columns = "*";
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT %s FROM event ORDER BY seq", columns);
  double start = now();
  open_reading(store);
  sqlite3_stmt *statement = prepare(sql);
  size_t count = 0;
  for (; sqlite3_step(statement) == SQLITE_ROW; count++) touch(statement);
  printf("seconds %.6f\nrows %zu\nsum %llu\n", now() - start, count, (unsigned long long)sum);
}

typedef struct {
  int64_t *values;
  size_t count, room;
} List;

static void add(List *list, int64_t value) {
  if (list->count == list->room) {
    list->room = list->room ? list->room * 2 : 64;
    list->values = realloc(list->values, list->room * sizeof(int64_t));
    if (!list->values) abort();
  }
  list->values[list->count++] = value;
}

static int compare(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

// The positions filed under a number in the tag index, in order.
static List filed(int64_t name) {
  static sqlite3_stmt *statement;
  if (!statement) statement = prepare("SELECT seq, more FROM tag WHERE name = ?1 ORDER BY seq");
  sqlite3_bind_int64(statement, 1, name);
  List list = {0};
  while (sqlite3_step(statement) == SQLITE_ROW) {
    int64_t seq = sqlite3_column_int64(statement, 0);
    uint64_t more = (uint64_t)sqlite3_column_int64(statement, 1);
    add(&list, seq);
    for (int bit = 0; more; bit++, more >>= 1)
      if (more & 1) add(&list, seq + 1 + bit);
  }
  sqlite3_reset(statement);
  return list;
}

static List common(List a, List b) {
  List list = {0};
  for (size_t i = 0, j = 0; i < a.count && j < b.count;) {
    if (a.values[i] == b.values[j]) {
      add(&list, a.values[i]);
      i++, j++;
    } else if (a.values[i] < b.values[j]) {
      i++;
    } else {
      j++;
    }
  }
  return list;
}

// Reads an event with all its columns, and adds the numbers in one of its lists.
static void read_event(int64_t seq, int column, List *numbers) {
  static sqlite3_stmt *statement;
  if (!statement) statement = prepare(SELECT_EVENT " WHERE seq = ?1");
  sqlite3_bind_int64(statement, 1, seq);
  if (sqlite3_step(statement) == SQLITE_ROW) {
    touch(statement);
    if (numbers) {
      const uint8_t *bytes = sqlite3_column_blob(statement, column);
      int64_t value = 0;
      for (int n = sqlite3_column_bytes(statement, column), b = 0, shift = 0; b < n; b++) {
        value |= (int64_t)(bytes[b] & 0x7F) << shift;
        shift += 7;
        if (!(bytes[b] & 0x80)) {
          add(numbers, value);
          value = shift = 0;
        }
      }
    }
  }
  sqlite3_reset(statement);
}

static int64_t number(int kind, const char *text) {
  sqlite3_stmt *statement = prepare("SELECT id FROM name WHERE kind = ?1 AND text = ?2");
  sqlite3_bind_int(statement, 1, kind);
  sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
  int64_t id = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
  sqlite3_finalize(statement);
  return id;
}

static int is_of_kind(int64_t id, const char *kind) {
  static sqlite3_stmt *statement;
  if (!statement) statement = prepare("SELECT text FROM name WHERE id = ?1");
  sqlite3_bind_int64(statement, 1, id);
  int is = sqlite3_step(statement) == SQLITE_ROW
    && !strncmp((const char *)sqlite3_column_text(statement, 0), kind, strlen(kind));
  sqlite3_reset(statement);
  return is;
}

static void amended(const char *store) {
  double start = now();
  open_reading(store);
  static const char *types[] = {
    "fact.corrected.v1", "fact.retracted.v1", "fact.disputed.v1", "dispute.settled.v1"};
  List targets = {0};
  size_t count = 0;
  for (int i = 0; i < 4; i++) {
    List list = filed(number(1, types[i]));
    count += list.count;
    for (size_t n = 0; n < list.count; n++) read_event(list.values[n], 7, &targets);
  }
  for (size_t n = 0; n < targets.count; n++) read_event(targets.values[n], 0, NULL);
  printf("seconds %.6f\nrows %zu\n", now() - start, count + targets.count);
}

// The events about both; with votes, also the actor's in roll calls on motions linked to the topic.
static void show(const char *store, const char *actor, const char *topic, int with_votes) {
  double start = now();
  open_reading(store);
  char tag[300];
  snprintf(tag, sizeof tag, "actor:%s", actor);
  List of_actor = filed(number(2, tag));
  snprintf(tag, sizeof tag, "topic:%s", topic);
  List of_topic = filed(number(2, tag));
  List direct = common(of_actor, of_topic), targets = {0};
  size_t count = direct.count;
  for (size_t n = 0; n < direct.count; n++) read_event(direct.values[n], 7, &targets);
  List links = {0}, linked = {0};
  if (with_votes) links = common(of_topic, filed(number(1, "topic.linked.v1")));
  for (size_t n = 0; n < links.count; n++) read_event(links.values[n], 6, &linked);
  List held = {0}, rollcalls = {0};
  if (with_votes) held = filed(number(1, "rollcall.held.v1"));
  for (size_t n = 0; n < linked.count; n++) {
    if (is_of_kind(linked.values[n], "rollcall:")) add(&rollcalls, linked.values[n]);
    if (!is_of_kind(linked.values[n], "motion:")) continue;
    List of_motion = common(filed(linked.values[n]), held), tags = {0};
    for (size_t i = 0; i < of_motion.count; i++) read_event(of_motion.values[i], 6, &tags);
    for (size_t i = 0; i < tags.count; i++)
      if (is_of_kind(tags.values[i], "rollcall:")) add(&rollcalls, tags.values[i]);
  }
  for (size_t n = 0; n < rollcalls.count; n++) {
    List votes = common(filed(rollcalls.values[n]), of_actor);
    for (size_t i = 0; i < votes.count; i++) read_event(votes.values[i], 7, &targets);
    count += votes.count;
  }
  qsort(targets.values, targets.count, sizeof(int64_t), compare);
  for (size_t n = 0; n < targets.count; n++) read_event(targets.values[n], 0, NULL);
  printf("seconds %.6f\nrows %zu\n", now() - start, count);
}

static void lookup(const char *store, size_t count) {
  open_reading(store);
  sqlite3_stmt *statement = prepare("SELECT max(seq) FROM event");
  check(sqlite3_step(statement));
  uint64_t head = (uint64_t)sqlite3_column_int64(statement, 0), random = 88172645463325252u;
  sqlite3_finalize(statement);
  double start = now();
  for (size_t i = 0; i < count; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    read_event((int64_t)(random % head) + 1, 0, NULL);
  }
  printf("seconds %.6f\nlookups %zu\n", now() - start, count);
}

int main(int count, char **argument) {
  const char *command = count > 2 ? argument[1] : "";
  if (!strcmp(command, "copy") && count >= 5) {
    copy(argument[2], argument[3], argument[4], count > 5);
  } else if (!strcmp(command, "append") && count == 5) {
    append(argument[2], strtoul(argument[3], NULL, 10), strtoul(argument[4], NULL, 10));
  } else if (!strcmp(command, "scan") && count == 4) {
    scan(argument[2], argument[3]);
  } else if (!strcmp(command, "amended") && count == 3) {
    amended(argument[2]);
  } else if (!strcmp(command, "lookup") && count == 4) {
    lookup(argument[2], strtoul(argument[3], NULL, 10));
  } else if ((!strcmp(command, "show") || !strcmp(command, "both")) && count == 5) {
    show(argument[2], argument[3], argument[4], !strcmp(command, "show"));
  } else if (!strcmp(command, "event") && count == 4) {
    double start = now();
    open_reading(argument[2]);
    read_event(strtol(argument[3], NULL, 10), 0, NULL);
    printf("seconds %.6f\n", now() - start);
  } else {
    fputs("limits: see the head of limits.c\n", stderr);
    return 2;
  }
  return 0;
}
