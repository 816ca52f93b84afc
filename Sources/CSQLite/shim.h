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

/// What the names of a log's files are checked for, before each append.
struct annals_file {
  unsigned long long device, number, links;
  long long size;
  int is_mount_point;
  /// When the content was changed: seconds since 1970 and nanoseconds; 0 if not asked for.
  long long seconds;
  unsigned nanoseconds;
};

/// Looks up the file at a path, and follows no symbolic link. 0, or -1 with errno, also where the system
/// cannot tell these alone.
///
/// Not lstat: since Linux 6.13 a file whose times were asked for gets new ones at the next write, exact to
/// the nanosecond, and so its inode is written at each sync. Times are asked for only `with_time`.
static inline int annals_look_up(const char *path, int with_time, struct annals_file *found) {
#if defined(__linux__)
  // The answer of statx(2). <linux/stat.h> would make `struct stat` one of this module.
  struct {
    unsigned mask, block_size;
    unsigned long long attributes;
    unsigned links, owner, group;
    unsigned short mode, unused;
    unsigned long long number, size, blocks, known_attributes;
    unsigned char other_times[48];
    long long seconds;
    unsigned nanoseconds, unused_too;
    unsigned special_major, special_minor, major, minor;
    unsigned char rest[112];
  } answer;
  // Declared here for the same reason as renameat2 above.
  extern int statx(int, const char *, int, unsigned int, void *);
  // STATX_TYPE, MODE, NLINK, INO and SIZE; STATX_MTIME
  const unsigned wanted = 0x307 | (with_time ? 0x40 : 0);
  if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, wanted, &answer) != 0) return -1;
  unsigned long long major = answer.major, minor = answer.minor;
  *found = (struct annals_file){
      // As st_dev has it.
      (major & 0xFFFFF000) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFFFF00) << 12 | (minor & 0xFF),
      answer.number,
      answer.links,
      (long long)answer.size,
      (answer.attributes & 0x2000 /* STATX_ATTR_MOUNT_ROOT */) != 0,
      with_time ? answer.seconds : 0,
      with_time ? answer.nanoseconds : 0,
  };
  return 0;
#else
  (void)path, (void)with_time, (void)found;
  errno = ENOSYS;
  return -1;
#endif
}

#ifndef __APPLE__
/// The name of a file system, by its number in statfs(2), whose locks or syncs cannot be trusted: those
/// of a network, of a cluster, of a host shared with a virtual machine, and FUSE, behind which stands
/// any program (virtiofs among them). NULL for all others.
static inline const char *annals_untrusted_file_system_of(unsigned type) {
  static const struct {
    unsigned type;
    const char *name;
  } systems[] = {
      {0x6969, "NFS"},           {0x517B, "SMB"},           {0xFF534D42, "CIFS"},
      {0xFE534D42, "SMB2"},      {0x65735546, "FUSE"},      {0x01021997, "9p"},
      {0x00C36400, "Ceph"},      {0x5346414F, "AFS"},       {0x6B414653, "AFS"},
      {0x0BD00BD0, "Lustre"},    {0x786F4256, "vboxsf"},    {0xBACBACBC, "vmhgfs"},
      {0x7461636F, "OCFS2"},     {0x01161970, "GFS2"},      {0x19830326, "BeeGFS"},
      {0x47504653, "GPFS"},      {0x20030528, "OrangeFS"},  {0x73757245, "Coda"},
      {0x564C, "NCP"},           {0xAAD7AAEA, "PanFS"},     {0xBEEFDEAD, "StoreNext"},
      {0x013111A8, "IBRIX"},     {0x61636673, "ACFS"},      {0x7C7C6673, "prl_fs"},
      {0x53464846, "WSL's own"},
  };
  for (unsigned i = 0; i < sizeof systems / sizeof systems[0]; i++)
    if (type == systems[i].type) return systems[i].name;
  return NULL;
}
#endif

/// The name of the file system of `path` if its locks or syncs cannot be trusted, else NULL; sets
/// `error` to 0, or to an error number when the system does not say.
static inline const char *annals_untrusted_file_system(const char *path, int *error) {
  struct statfs information;
  *error = statfs(path, &information) == 0 ? 0 : errno;
  if (*error != 0) return NULL;
#ifdef __APPLE__
  static const char *const names[] = {"nfs",    "smbfs",   "cifs", "afpfs",         "webdav",
                                      "acfs",   "macfuse", "ftp",  "AppleVirtIOFS", "osxfuse",
                                      "fusefs", "vmhgfs",  "prl_fs"};
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(information.f_fstypename, names[i]) == 0) return names[i];
  return NULL;
#else
  return annals_untrusted_file_system_of((unsigned)information.f_type);
#endif
}
