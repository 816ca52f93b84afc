// The rows of a log, read.

#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void scan(const char *store, const char *what) {
  const char *columns = "seq, type, earliest, latest, tags, targets";
  if (!strcmp(what, "body")) columns = "seq, type, earliest, latest, tags, targets, body";
  if (!strcmp(what, "hashed")) columns = "*";
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT %s FROM event ORDER BY seq", columns);
  Time start = now();
  open_reading(store);
  sqlite3_stmt *statement = prepare(sql);
  size_t count = 0;
  for (; sqlite3_step(statement) == SQLITE_ROW; count++) touch(statement);
  report(start);
  printf("rows %zu\nsum %llu\n", count, (unsigned long long)sum);
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
      const uint8_t *at = sqlite3_column_blob(statement, column);
      const uint8_t *end = at + (at ? sqlite3_column_bytes(statement, column) : 0);
      while (at < end) add(numbers, leb128(&at));
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

void amended(const char *store) {
  Time start = now();
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
  report(start);
  printf("rows %zu\n", count + targets.count);
}

// The events about both; with votes, also the actor's in roll calls on motions linked to the topic.
void show(const char *store, const char *actor, const char *topic, int with_votes) {
  Time start = now();
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
  report(start);
  printf("rows %zu\n", count);
}

void lookup(const char *store, size_t count) {
  open_reading(store);
  sqlite3_stmt *statement = prepare("SELECT max(seq) FROM event");
  check(sqlite3_step(statement));
  uint64_t head = (uint64_t)sqlite3_column_int64(statement, 0), random = 88172645463325252u;
  sqlite3_finalize(statement);
  Time start = now();
  for (size_t i = 0; i < count; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    read_event((int64_t)(random % head) + 1, 0, NULL);
  }
  report(start);
  printf("lookups %zu\n", count);
}

void event(const char *store, int64_t seq) {
  Time start = now();
  open_reading(store);
  read_event(seq, 0, NULL);
  report(start);
}
