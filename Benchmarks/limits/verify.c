// The rows of a log, read and hashed: each payload put together and hashed behind its salt, then as
// many bytes as the event's header has, and one inner node of the tree.

#include "limits.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *text;
  int length;
} Text;

typedef struct {
  Text *values;
  size_t room;
} Texts;

static Texts names, shapes;

static void put(Texts *texts, size_t id, sqlite3_stmt *statement, int column) {
  while (texts->room <= id) {
    size_t room = texts->room ? texts->room * 2 : 1024;
    texts->values = realloc(texts->values, room * sizeof(Text));
    if (!texts->values) abort();
    memset(texts->values + texts->room, 0, (room - texts->room) * sizeof(Text));
    texts->room = room;
  }
  int length = sqlite3_column_bytes(statement, column);
  char *text = malloc((size_t)length + 1);
  if (!text) abort();
  memcpy(text, sqlite3_column_blob(statement, column), (size_t)length);
  text[length] = 0;
  texts->values[id] = (Text){text, length};
}

static void load_texts(Texts *texts, const char *sql) {
  sqlite3_stmt *statement = prepare(sql);
  while (sqlite3_step(statement) == SQLITE_ROW)
    put(texts, (size_t)sqlite3_column_int64(statement, 0), statement, 1);
  sqlite3_finalize(statement);
}

// Puts a payload together behind `out`; returns where it ends.
static uint8_t *payload(uint8_t *out, const uint8_t *body, int length, const int64_t *tags) {
  if (length == 0 || body[0] != 0) {
    memcpy(out, body, (size_t)length);
    return out + length;
  }
  const uint8_t *at = body + 1;
  Text shape = shapes.values[leb128(&at)];
  for (const char *c = shape.text; c < shape.text + shape.length; c++) {
    if ((uint8_t)*c >= 0x20) {
      *out++ = (uint8_t)*c;
    } else if (*c == 1) {
      int64_t n = leb128(&at);
      memcpy(out, at, (size_t)n);
      out += n, at += n;
    } else {
      const char *value = strchr(names.values[tags[*c - 2]].text, ':') + 1;
      size_t n = strlen(value);
      memcpy(out, value, n);
      out += n;
    }
  }
  return out;
}

void verify(const char *store) {
  Time start = now();
  open_reading(store);
  load_texts(&names, "SELECT id, text FROM name");
  load_texts(&shapes, "SELECT id, text FROM shape");
  sqlite3_stmt *statement = prepare(SELECT_EVENT " ORDER BY seq");
  static uint8_t bytes[17 << 20], header[4096], node[65];
  uint8_t digest[32];
  size_t count = 0, hashed = 0, sum = 0;
  for (; sqlite3_step(statement) == SQLITE_ROW; count++) {
    int64_t tags[1100] = {0};
    const uint8_t *list = sqlite3_column_blob(statement, 6);
    const uint8_t *end = list + (list ? sqlite3_column_bytes(statement, 6) : 0);
    for (int n = 0; list < end && n < 1100; n++) tags[n] = leb128(&list);
    memcpy(bytes, sqlite3_column_blob(statement, 10), 16);
    uint8_t *stop = payload(
      bytes + 16, sqlite3_column_blob(statement, 11), sqlite3_column_bytes(statement, 11), tags);
    SHA256(bytes, (size_t)(stop - bytes), digest);
    memcpy(header, digest, 32);
    // The members of a header of an event with a day, without a note and without targets.
    size_t length = 243 + (size_t)names.values[sqlite3_column_int64(statement, 1)].length;
    SHA256(header, length, digest);
    sum += digest[0] ^ *(const uint8_t *)sqlite3_column_blob(statement, 9);
    memcpy(node + 1, digest, 32);
    SHA256(node, sizeof node, node + 33);
    hashed += (size_t)(stop - bytes) + length + sizeof node;
  }
  report(start);
  printf("rows %zu\nbytes %zu\nsum %zu\n", count, hashed, sum);
}
