// The connection, time, and rows held in memory.

#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

sqlite3 *db;

static double clock_of(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

Time now(void) {
  return (Time){clock_of(CLOCK_MONOTONIC), clock_of(CLOCK_PROCESS_CPUTIME_ID)};
}

void report(Time start) {
  Time end = now();
  printf("seconds %.6f\ncpu %.6f\n", end.seconds - start.seconds, end.cpu - start.cpu);
}

void check(int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  fprintf(stderr, "limits: %s\n", db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  exit(1);
}

void run(const char *sql) { check(sqlite3_exec(db, sql, NULL, NULL, NULL)); }

sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
  return statement;
}

void step(sqlite3_stmt *statement) {
  check(sqlite3_step(statement));
  check(sqlite3_reset(statement));
}

void open_reading(const char *path) {
  check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL));
  run("PRAGMA mmap_size = 0; PRAGMA cache_size = -16384; BEGIN");
}

int64_t leb128(const uint8_t **at) {
  int64_t value = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t byte = *(*at)++;
    value |= (int64_t)(byte & 0x7F) << shift;
    if (!(byte & 0x80)) return value;
  }
}

// MARK: Rows in memory

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

Rows load(const char *sql) {
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

Value *row(const Rows *rows, size_t index) {
  return rows->values + index * (size_t)rows->columns;
}

void insert(sqlite3_stmt *statement, const Value *values, int count) {
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
