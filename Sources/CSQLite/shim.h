// Swift cannot call variadic C functions, and does not see all of the system: what we need of both
// stands here, with fixed arguments.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#ifdef __APPLE__
#include <sys/mount.h>
#include <sys/param.h>
#else
#include <sys/vfs.h>
#endif

/// Sets one of the on/off switches of `sqlite3_db_config`; returns its result code.
static inline int annals_sqlite3_db_switch(sqlite3 *db, int option, int on) {
  int now = 0;
  return sqlite3_db_config(db, option, on, &now);
}

/// Turns the allocator's statistics on or off; must come before the first connection.
static inline int annals_sqlite3_memory_statistics(int on) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, on);
}

/// Where in its text the last statement that failed to compile is wrong; -1 when that is not known.
static inline int annals_sqlite3_error_offset(sqlite3 *db) {
#if SQLITE_VERSION_NUMBER >= 3038000
  return sqlite3_error_offset(db);
#else
  (void)db;
  return -1;
#endif
}

/// Hands memory that is free back to the system, where the C library has a call for it.
static inline void annals_trim_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

/// Gives a file another name, unless something has that already (EEXIST). 0, or -1: errno is EINVAL or
/// ENOSYS where the file system or the C library cannot do this in one step.
static inline int annals_rename_to_new(const char *from, const char *to) {
#if defined(__APPLE__)
  return renamex_np(from, to, RENAME_EXCL);
#elif defined(__GLIBC__)
  // Declared here: the header hides it from programs that have not asked for GNU's own functions.
  extern int renameat2(int, const char *, int, const char *, unsigned int);
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, 1 /* RENAME_NOREPLACE */);
#else
  (void)from, (void)to;
  errno = ENOSYS;
  return -1;
#endif
}

/// 1 when `path` is on a network file system, 0 when not, -1 when the system does not say (errno).
static inline int annals_is_on_network(const char *path) {
  struct statfs information;
  if (statfs(path, &information) != 0) return -1;
#ifdef __APPLE__
  static const char *const names[] = {"nfs", "smbfs", "afpfs", "webdav"};
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(information.f_fstypename, names[i]) == 0) return 1;
#else
  // NFS, SMB, CIFS, SMB2: see statfs(2).
  static const unsigned magics[] = {0x6969, 0x517B, 0xFF534D42, 0xFE534D42};
  for (unsigned i = 0; i < sizeof magics / sizeof magics[0]; i++)
    if ((unsigned)information.f_type == magics[i]) return 1;
#endif
  return 0;
}
