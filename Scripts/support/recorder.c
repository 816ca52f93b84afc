/* Records what a program does to the files of one folder, for Scripts/survival/power-cut.py.

   Preloaded into the program (LD_PRELOAD). RECORDER_FOLDER names the folder, RECORDER_TRACE the file
   that the records are added to; several programs, one after the other or side by side, may add to
   one trace. A record stands behind what it tells of, and so says that it is done; only what is
   written to standard output is recorded ahead of it: a promise counts as soon as it can be read.

   RECORDER_KILL_AT=N ends the program with SIGKILL in place of the Nth call that would be recorded.
   RECORDER_KILL_BEHIND_OUTPUT=1 does so in place of the first call behind any output.
   RECORDER_FAIL_SYNC=N[+][:ERROR] makes the Nth sync of a file or of the folder fail, and with "+" all
   syncs after it, with EIO or with the error of this name. The kernel is not asked to sync then.

   A record is a head (struct head), a name within the folder, and data:

     C name created    W data written at offset    S synced            A written to standard output
     T cut to offset   U name removed              D folder synced     R, L name renamed, linked to data
                                                   F, G sync of a file, of the folder failed

   Calls that are not here (writev, renameat, mappings that are written to …) are not made so far; the
   replay would not arrive at the files as they are, and says so. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct head {
  uint64_t kind, file; /* `file` is its number on the disk, which tells it under any name */
  int64_t offset;
  uint64_t name_length, length;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static int trace = -1;
static long calls_left = -1;
static int kills_behind_output, has_output;
static long syncs_left = -1;
static int fails_from_then_on, sync_error = EIO;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Reads N[+][:ERROR]. */
static void plan_sync_failure(const char *plan) {
  char *rest;
  syncs_left = strtol(plan, &rest, 10);
  fails_from_then_on = *rest == '+';
  if (fails_from_then_on) rest++;
  static const struct {
    const char *name;
    int number;
  } errors[] = {{"", EIO}, {":EIO", EIO}, {":ENOSPC", ENOSPC}, {":EINTR", EINTR}, {":EDQUOT", EDQUOT}};
  for (size_t place = 0; place < sizeof errors / sizeof *errors; place++)
    if (strcmp(rest, errors[place].name) == 0) {
      sync_error = errors[place].number;
      return;
    }
  abort();
}

__attribute__((constructor)) static void start(void) {
  folder = getenv("RECORDER_FOLDER");
  const char *path = getenv("RECORDER_TRACE"), *kill_at = getenv("RECORDER_KILL_AT");
  const char *fail_sync = getenv("RECORDER_FAIL_SYNC");
  if (!folder || !path) return;
  folder_length = strlen(folder);
  if (kill_at) calls_left = atol(kill_at);
  kills_behind_output = getenv("RECORDER_KILL_BEHIND_OUTPUT") != NULL;
  if (fail_sync) plan_sync_failure(fail_sync);
  int file = REAL(open)(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  /* Out of the way of the numbers that the program expects to be given. */
  trace = fcntl(file, F_DUPFD_CLOEXEC, 900);
  close(file);
  if (trace < 0) abort();
}

static void add(char kind, uint64_t file, int64_t offset, const char *name, const void *data, size_t length) {
  struct head head = {(uint64_t)kind, file, offset, strlen(name), length};
  struct iovec parts[] = {
      {&head, sizeof head}, {(void *)name, head.name_length}, {(void *)data, length}};
  /* One call: the records of several programs never mix. */
  if (writev(trace, parts, 3) != (ssize_t)(sizeof head + head.name_length + length)) abort();
}

/* Every recorded call stands between these two: what is recorded is in the order of what was done. */
static void enter(void) {
  pthread_mutex_lock(&mutex);
  int is_last = calls_left > 0 && --calls_left == 0;
  if (is_last || (kills_behind_output && has_output)) kill(getpid(), SIGKILL);
}

static void leave(int error) {
  pthread_mutex_unlock(&mutex);
  errno = error;
}

/* The name within the folder, "" for the folder itself; NULL for what is elsewhere. The index of the
   write-ahead log (-shm) is shared memory: nobody expects anything of it to survive. */
static const char *within(const char *path) {
  if (strncmp(path, folder, folder_length) != 0) return NULL;
  const char *name = path + folder_length;
  if (*name == 0) return name;
  if (*name != '/') return NULL;
  name++;
  size_t length = strlen(name);
  return length > 4 && strcmp(name + length - 4, "-shm") == 0 ? NULL : name;
}

static const char *named(const char *path, char buffer[2 * PATH_MAX]) {
  if (trace < 0) return NULL;
  if (path[0] == '/') return within(path);
  if (!getcwd(buffer, PATH_MAX)) return NULL;
  size_t length = strlen(buffer);
  snprintf(buffer + length, PATH_MAX, "/%s", path);
  return within(buffer);
}

/* The same for an open file or folder. */
static const char *opened(int descriptor, char buffer[2 * PATH_MAX], struct stat *status) {
  if (trace < 0 || descriptor == trace) return NULL;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, buffer, PATH_MAX);
  if (length <= 0 || fstat(descriptor, status) != 0) return NULL;
  buffer[length] = 0;
  return S_ISREG(status->st_mode) || S_ISDIR(status->st_mode) ? within(buffer) : NULL;
}

/* Opening: of interest where it makes a file, or empties one */

static int open_recorded(int at, const char *path, int flags, mode_t mode) {
  char buffer[2 * PATH_MAX];
  const char *name = at == AT_FDCWD || path[0] == '/' ? named(path, buffer) : NULL;
  struct stat status;
  int is_there = name && lstat(path, &status) == 0;
  int does_change = name && (is_there ? flags & O_TRUNC : flags & O_CREAT);
  if (!does_change) return REAL(openat)(at, path, flags, mode);
  enter();
  int descriptor = REAL(openat)(at, path, flags, mode), error = errno;
  if (descriptor >= 0 && fstat(descriptor, &status) == 0)
    add(is_there ? 'T' : 'C', status.st_ino, 0, name, NULL, 0);
  leave(error);
  return descriptor;
}

#define MODE \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list list; \
    va_start(list, flags); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }

int open(const char *path, int flags, ...) {
  MODE
  return open_recorded(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE
  return open_recorded(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...) {
  MODE
  return open_recorded(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...) {
  MODE
  return open_recorded(at, path, flags, mode);
}

/* Calls on open files */

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
  char buffer[2 * PATH_MAX];
  struct stat status;
  const char *name = opened(descriptor, buffer, &status);
  if (!name) return REAL(pwrite)(descriptor, data, length, offset);
  enter();
  ssize_t done = REAL(pwrite)(descriptor, data, length, offset);
  int error = errno;
  if (done > 0) add('W', status.st_ino, offset, name, data, (size_t)done);
  leave(error);
  return done;
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off_t offset) {
  return pwrite(descriptor, data, length, offset);
}

ssize_t write(int descriptor, const void *data, size_t length) {
  char buffer[2 * PATH_MAX];
  struct stat status;
  int is_output = descriptor == STDOUT_FILENO && trace >= 0;
  const char *name = is_output ? "" : opened(descriptor, buffer, &status);
  if (!name) return REAL(write)(descriptor, data, length);
  enter();
  if (is_output) add('A', 0, 0, name, data, length);
  ssize_t done = REAL(write)(descriptor, data, length);
  int error = errno;
  if (is_output) has_output = 1;
  if (done > 0 && !is_output)
    add('W', status.st_ino, lseek(descriptor, 0, SEEK_CUR) - done, name, data, (size_t)done);
  leave(error);
  return done;
}

int ftruncate(int descriptor, off_t length) {
  char buffer[2 * PATH_MAX];
  struct stat status;
  const char *name = opened(descriptor, buffer, &status);
  if (!name) return REAL(ftruncate)(descriptor, length);
  enter();
  int result = REAL(ftruncate)(descriptor, length), error = errno;
  if (result == 0) add('T', status.st_ino, length, name, NULL, 0);
  leave(error);
  return result;
}

int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

static int sync_recorded(int descriptor, int (*real)(int)) {
  char buffer[2 * PATH_MAX];
  struct stat status;
  const char *name = opened(descriptor, buffer, &status);
  if (!name) return real(descriptor);
  int is_folder = S_ISDIR(status.st_mode);
  enter();
  if (syncs_left > 0) syncs_left--;
  if (syncs_left == 0) {
    if (!fails_from_then_on) syncs_left = -1;
    add(is_folder ? 'G' : 'F', status.st_ino, 0, name, NULL, 0);
    leave(sync_error);
    return -1;
  }
  int result = real(descriptor), error = errno;
  if (result == 0) add(is_folder ? 'D' : 'S', status.st_ino, 0, name, NULL, 0);
  leave(error);
  return result;
}

int fsync(int descriptor) { return sync_recorded(descriptor, REAL(fsync)); }
int fdatasync(int descriptor) { return sync_recorded(descriptor, REAL(fdatasync)); }

/* Calls on names */

int unlink(const char *path) {
  char buffer[2 * PATH_MAX];
  const char *name = named(path, buffer);
  if (!name) return REAL(unlink)(path);
  enter();
  int result = REAL(unlink)(path), error = errno;
  if (result == 0) add('U', 0, 0, name, NULL, 0);
  leave(error);
  return result;
}

static int two_names(char kind, const char *from, const char *to, int (*real)(const char *, const char *)) {
  char buffers[2][2 * PATH_MAX];
  const char *name = named(from, buffers[0]), *other = named(to, buffers[1]);
  if (!name || !other) return real(from, to);
  enter();
  int result = real(from, to), error = errno;
  if (result == 0) add(kind, 0, 0, name, other, strlen(other));
  leave(error);
  return result;
}

int rename(const char *from, const char *to) { return two_names('R', from, to, REAL(rename)); }
int link(const char *from, const char *to) { return two_names('L', from, to, REAL(link)); }

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
  char buffers[2][2 * PATH_MAX];
  const char *name = named(from, buffers[0]), *other = named(to, buffers[1]);
  if (!name || !other || flags & RENAME_EXCHANGE)
    return REAL(renameat2)(from_at, from, to_at, to, flags);
  enter();
  int result = REAL(renameat2)(from_at, from, to_at, to, flags), error = errno;
  if (result == 0) add('R', 0, 0, name, other, strlen(other));
  leave(error);
  return result;
}
