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
#if __has_include(<linux/stat.h>)
#include <linux/stat.h>
#endif
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

/// Copies the head of the index of the write-ahead log (the -shm file): both copies of its header and
/// how much of the log stands in the database. See https://sqlite.org/walformat.html, section 2.1.
/// SQLITE_BUSY where a writer changes it at this moment, SQLITE_NOTFOUND where there is none.
static inline int annals_wal_index(sqlite3 *db, unsigned char copy[100]) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  if (!file || !file->pMethods || file->pMethods->iVersion < 2) return SQLITE_NOTFOUND;
  volatile void *region = 0;
  code = file->pMethods->xShmMap(file, 0, 32768, 0, &region);
  if (code != SQLITE_OK) return code;
  if (!region) return SQLITE_NOTFOUND;
  for (int i = 0; i < 1000; i++) {
    memcpy(copy, (const void *)region, 48);
    file->pMethods->xShmBarrier(file);
    memcpy(copy + 48, (const char *)region + 48, 52);
    if (memcmp(copy, copy + 48, 48) == 0) return SQLITE_OK;
  }
  return SQLITE_BUSY;
}

/// Reads and writes a page of the database by SQLite's own descriptor: closing another descriptor of the same
/// file would give up all locks that this process has on it.
static inline int annals_read_page(sqlite3 *db, void *page, int size, sqlite3_int64 offset) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  if (!file || !file->pMethods) return SQLITE_NOTFOUND;
  return file->pMethods->xRead(file, page, size, offset);
}

static inline int annals_write_page(sqlite3 *db, const void *page, int size, sqlite3_int64 offset) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  if (!file || !file->pMethods) return SQLITE_NOTFOUND;
  return file->pMethods->xWrite(file, page, size, offset);
}

/// Opens a file to write past the system's memory of it (O_DIRECT). -1 with EINVAL where the system
/// or the file system cannot do that.
static inline int annals_open_direct(const char *path) {
#if defined(O_DIRECT)
  return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_DIRECT);
#elif defined(__O_DIRECT)
  return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | __O_DIRECT);
#else
  (void)path;
  errno = EINVAL;
  return -1;
#endif
}

/// Syncs the database by SQLite's own descriptor, as a checkpoint does.
static inline int annals_sync_database(sqlite3 *db) {
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  if (!file || !file->pMethods) return SQLITE_NOTFOUND;
  return file->pMethods->xSync(file, SQLITE_SYNC_FULL);
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

/// 1 when `path` itself is a mount point, 0 when not or when the system does not say.
static inline int annals_is_mount_point(const char *path) {
#if defined(__linux__) && __has_include(<linux/stat.h>)
  struct statx information;
  // Declared here for the same reason as renameat2 above.
  extern int statx(int, const char *, int, unsigned int, struct statx *);
  if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, 0, &information) != 0) return 0;
  return (information.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
#else
  (void)path;
  return 0;
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
