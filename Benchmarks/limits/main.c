// What bare C on SQLite needs for the same work on the same rows: the limits that Annals is held
// against. Each command prints "name value" lines: seconds of the clock and of the processor (cpu).
//
//   limits copy   STORE NEW DDL [bare]          the same rows into a fresh file, 10,000 to a commit
//   limits append STORE COUNT PER               adds COUNT events again, PER events to a commit
//   limits scan   STORE fold|body|hashed        reads the columns in log order: what most folds need,
//                                              payloads too, all
//   limits amended STORE                        reads the amendments and what they are about
//   limits lookup STORE COUNT                   events at random positions, all columns
//   limits show   STORE ACTOR TOPIC             reads what bears on one actor's position
//   limits both   STORE ACTOR TOPIC             reads what is about the actor and the topic
//   limits event  STORE SEQ                     reads one event
//   limits verify STORE                         hashes payloads, headers and nodes of the tree
//   limits agreement STORE                      all pairs of voters by year, from the stored view
//
// `bare` switches the guard triggers off, as bulk appends do. DDL is one file that holds all of
// Schema/sqlite/*.sql in their order.

#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    event(argument[2], strtol(argument[3], NULL, 10));
  } else if (!strcmp(command, "verify") && count == 3) {
    verify(argument[2]);
  } else if (!strcmp(command, "agreement") && count == 3) {
    agreement(argument[2]);
  } else {
    fputs("limits: see the head of limits.c\n", stderr);
    return 2;
  }
  return 0;
}
