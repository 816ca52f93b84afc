// The files of this folder, compiled into the program.
#pragma once
#include <stddef.h>

/// One file: its path from Schema/, its bytes (no zero at their end), how many.
struct annals_schema_file {
  const char *name;
  const unsigned char *bytes;
  size_t length;
};

/// All files, in the order of schema.c.
extern const struct annals_schema_file *const annals_schema_files;
extern const size_t annals_schema_file_count;
