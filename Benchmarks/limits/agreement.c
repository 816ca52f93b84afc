// How alike all pairs voted, by year, from the grid of the stored view: bits and their counts.

#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { YES, NO, ABSTAIN, CHOICES, BLOCK = 1024 };

// The bits of an actor in all years, one plane after the other for each choice.
typedef struct {
  char *name;
  uint64_t *planes[CHOICES];
} Actor;

typedef struct {
  int year;
  size_t rollcalls, words, first;
} Year;

static int year_of(int64_t seconds) {
  time_t time = (time_t)seconds;
  struct tm parts;
  gmtime_r(&time, &parts);
  return parts.tm_year + 1900;
}

static void *cleared(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) abort();
  return memory;
}

// Sets the bit of each choice in a block of cells. `places`: where the bit of a roll call is.
static void set_bits(Actor *actor, const uint8_t *cells, int64_t block, const int64_t *places,
                     size_t rollcalls) {
  for (size_t i = 0, number = (size_t)block * BLOCK; i < BLOCK && number < rollcalls; i++, number++) {
    int64_t place = places[number];
    int choice = cells[i] - 1;
    if (place >= 0 && choice >= 0 && choice < CHOICES)
      actor->planes[choice][place / 64] |= 1ull << (place % 64);
  }
}

static size_t print_pair(FILE *out, const Actor *a, const Actor *b, const Year *year) {
  int same = 0, opposite = 0, all = 0;
  for (size_t w = year->first; w < year->first + year->words; w++) {
    uint64_t ay = a->planes[YES][w], an = a->planes[NO][w], aa = a->planes[ABSTAIN][w];
    uint64_t by = b->planes[YES][w], bn = b->planes[NO][w], ba = b->planes[ABSTAIN][w];
    same += __builtin_popcountll((ay & by) | (an & bn) | (aa & ba));
    opposite += __builtin_popcountll((ay & bn) | (an & by));
    all += __builtin_popcountll((ay | an | aa) & (by | bn | ba));
  }
  if (!all) return 0;
  fprintf(
    out, "%d,%s,%s,%d,%d,%d,%d\n", year->year, a->name, b->name, all, same, all - same - opposite,
    opposite);
  return 1;
}

void agreement(const char *store) {
  Time start = now();
  open_reading(store);
  Rows held = load("SELECT number, earliest FROM vote_rollcall ORDER BY number");
  int64_t *places = cleared(held.count, sizeof *places);
  Year years[400] = {0};
  for (size_t i = 0; i < held.count; i++) {
    const Value *earliest = row(&held, i) + 1;
    int year = earliest->length ? 0 : year_of(earliest->integer);
    places[i] = -1;
    if (year < 1700 || year >= 2100) continue;
    years[year - 1700].year = year;
    places[i] = (int64_t)years[year - 1700].rollcalls++;
  }
  size_t words = 0;
  for (int y = 0; y < 400; y++) {
    years[y].first = words;
    words += years[y].words = (years[y].rollcalls + 63) / 64;
  }
  for (size_t i = 0; i < held.count; i++)
    if (places[i] >= 0)
      places[i] += (int64_t)years[year_of(row(&held, i)[1].integer) - 1700].first * 64;

  Actor *actors = NULL;
  size_t count = 0;
  sqlite3_stmt *blocks = prepare("SELECT actor, block, cells FROM vote_block ORDER BY actor, block");
  while (sqlite3_step(blocks) == SQLITE_ROW) {
    const char *name = (const char *)sqlite3_column_text(blocks, 0);
    if (!count || strcmp(actors[count - 1].name, name)) {
      actors = realloc(actors, (count + 1) * sizeof *actors);
      if (!actors) abort();
      actors[count] = (Actor){.name = strdup(name)};
      for (int c = 0; c < CHOICES; c++) actors[count].planes[c] = cleared(words, 8);
      count++;
    }
    if (sqlite3_column_bytes(blocks, 2) == BLOCK)
      set_bits(
        actors + count - 1, sqlite3_column_blob(blocks, 2), sqlite3_column_int64(blocks, 1),
        places, held.count);
  }
  FILE *out = fopen("/dev/null", "w");
  if (!out) abort();
  size_t rows = 0;
  for (int y = 0; y < 400; y++)
    for (size_t a = 0; years[y].words && a < count; a++)
      for (size_t b = a + 1; b < count; b++) rows += print_pair(out, actors + a, actors + b, years + y);
  fclose(out);
  report(start);
  printf("rows %zu\n", rows);
}
