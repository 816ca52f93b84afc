// What the parts of this program share.
#pragma once

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

// The one connection of this process.
extern sqlite3 *db;

void check(int code);
void run(const char *sql);
sqlite3_stmt *prepare(const char *sql);
void step(sqlite3_stmt *statement);
void open_reading(const char *path);

// A stretch of time: seconds of the clock, and of the processor.
typedef struct {
  double seconds, cpu;
} Time;

Time now(void);
// Prints what has passed since.
void report(Time start);

// Rows held in memory.
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

Rows load(const char *sql);
Value *row(const Rows *rows, size_t index);
void insert(sqlite3_stmt *statement, const Value *values, int count);

// The next number of a list of LEB128 numbers, or of what begins with one; moves behind it.
int64_t leb128(const uint8_t **at);

#define SELECT_EVENT                                                                              \
  "SELECT seq, type, batch, earliest, latest, on_text, tags, targets, id, leaf, salt, body"       \
  " FROM event"

void copy(const char *store, const char *path, const char *ddl, int is_bare);
void append(const char *store, size_t count, size_t per);
void scan(const char *store, const char *what);
void amended(const char *store);
void lookup(const char *store, size_t count);
void event(const char *store, int64_t seq);
void show(const char *store, const char *actor, const char *topic, int with_votes);
void agreement(const char *store);
void verify(const char *store);
