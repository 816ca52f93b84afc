// Faults within SQLite: a layer over the system's file functions, and one over its allocator, in which
// the k-th call fails, once or from then on.
#pragma once
#include <stdint.h>

/// Calls that may fail, as bits of a mask.
enum {
  FAULT_READ = 1 << 0,
  FAULT_WRITE = 1 << 1,
  FAULT_SYNC = 1 << 2,
  FAULT_TRUNCATE = 1 << 3,
  FAULT_OPEN = 1 << 4,
  FAULT_LOCK = 1 << 5,
  FAULT_SHM_MAP = 1 << 6,
  FAULT_SHM_LOCK = 1 << 7,
  FAULT_DELETE = 1 << 8,
  FAULT_FILE_SIZE = 1 << 9,
  FAULT_ACCESS = 1 << 10,
  FAULT_MALLOC = 1 << 11,
};

/// How they fail.
enum {
  /// With the SQLITE_IOERR_ code of the call.
  FAULT_ERROR,
  /// With SQLITE_FULL, nothing of it written.
  FAULT_FULL,
  /// With SQLITE_BUSY.
  FAULT_BUSY,
  /// A read gets the first half, as at the end of a file; a write leaves half of it, and fails.
  FAULT_HALF,
};

/// Puts both layers in; before anything else is asked of SQLite. Returns SQLite's result code.
int faults_install(void);

/// Lets the k-th call from now on (1 is the next) of those in the mask fail, or all from it on.
void faults_arm(uint32_t mask, int how, int64_t k, int is_persistent);

/// Nothing fails any more. Returns how many calls of the mask there were; `failed` is set to how many
/// of those have failed.
int64_t faults_disarm(int64_t *failed);
