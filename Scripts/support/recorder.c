/* Records what a program does to the files of one folder, for Scripts/survival/power-cut.py; and lets
   several programs do it in turns, for Scripts/survival/schedules.py.

   Preloaded into the program (LD_PRELOAD). RECORDER_FOLDER names the folder, RECORDER_TRACE the file
   that the records are added to; several programs, one after the other or side by side, may add to
   one trace. A record stands behind what it tells of, and so says that it is done; only what is
   written to standard output is recorded ahead of it: a promise counts as soon as it can be read.

   RECORDER_KILL_AT=N ends the program with SIGKILL in place of the Nth call that would be recorded.
   RECORDER_KILL_BEHIND_OUTPUT=1 does so in place of the first call behind any output.
   RECORDER_FAIL_SYNC=N[+][:ERROR] makes the Nth sync of a file or of the folder fail, and with "+" all
   syncs after it, with EIO or with the error of this name. The kernel is not asked to sync then.

   RECORDER_TURNS=SOCKET has the program ask at this socket ahead of each recorded call, each read of a
   file and each attempt to lock one, and wait until it is told the time in nanoseconds since 1970. That
   is its turn, which ends when the program asks again, and its clock until then. Instead of sleeping,
   it asks for a turn that comes so much later.
   RECORDER_WITHOUT_LOCK=1: flock answers 0 and locks nothing.

   A record is a head (struct head), a name within the folder, and data:

     C name created    W data written at offset    S synced            A written to standard output
                                                                         (file: the process)
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
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
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
static const char *turns;
static _Atomic int64_t simulated_time;

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

/* Each thread asks by a connection of its own. */
static int join_turns(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, turns, sizeof address.sun_path - 1);
  int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0 || connect(file, (struct sockaddr *)&address, sizeof address) != 0) abort();
  int connection = fcntl(file, F_DUPFD_CLOEXEC, 901);
  close(file);
  int64_t process = getpid();
  if (connection < 0 || send(connection, &process, sizeof process, MSG_NOSIGNAL) != sizeof process) abort();
  return connection;
}

/* Asks for a turn, at once or after so many nanoseconds, and waits for it. */
static void take_turn_after(char kind, const char *name, int64_t delay) {
  static _Thread_local int connection = -1;
  if (!turns) return;
  if (connection < 0) connection = join_turns();
  struct { int64_t kind, delay; char name[48]; } request = {kind, delay, ""};
  strncpy(request.name, name, sizeof request.name - 1);
  int64_t now;
  if (send(connection, &request, sizeof request, MSG_NOSIGNAL) != sizeof request) abort();
  if (recv(connection, &now, sizeof now, MSG_WAITALL) != sizeof now) abort();
  simulated_time = now;
}

static void take_turn(char kind, const char *name) { take_turn_after(kind, name, 0); }

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
  turns = getenv("RECORDER_TURNS");
  take_turn('h', "");
}

static void add(char kind, uint64_t file, int64_t offset, const char *name, const void *data, size_t length) {
  struct head head = {(uint64_t)kind, file, offset, strlen(name), length};
  struct iovec parts[] = {
      {&head, sizeof head}, {(void *)name, head.name_length}, {(void *)data, length}};
  /* One call: the records of several programs never mix. */
  if (writev(trace, parts, 3) != (ssize_t)(sizeof head + head.name_length + length)) abort();
}

/* Every recorded call stands between these two: what is recorded is in the order of what was done. */
static void enter(const char *name) {
  take_turn('c', name);
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
  enter(name);
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
  enter(name);
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
  enter(name);
  if (is_output) add('A', (uint64_t)getpid(), 0, name, data, length);
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
  enter(name);
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
  enter(name);
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
  enter(name);
  int result = REAL(unlink)(path), error = errno;
  if (result == 0) add('U', 0, 0, name, NULL, 0);
  leave(error);
  return result;
}

static int two_names(char kind, const char *from, const char *to, int (*real)(const char *, const char *)) {
  char buffers[2][2 * PATH_MAX];
  const char *name = named(from, buffers[0]), *other = named(to, buffers[1]);
  if (!name || !other) return real(from, to);
  enter(name);
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
  enter(name);
  int result = REAL(renameat2)(from_at, from, to_at, to, flags), error = errno;
  if (result == 0) add('R', 0, 0, name, other, strlen(other));
  leave(error);
  return result;
}

/* Turns of several programs: calls that change nothing, and yet must come in the order of the schedule */

/* Waits for a turn where the file is one of the folder's, the index of the write-ahead log among them;
   whether it is. `place` tells the call from others. */
static int take_turn_for(char kind, int descriptor, int64_t place, int64_t delay) {
  char buffer[PATH_MAX], link[64];
  if (!turns || descriptor == trace) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, buffer, sizeof buffer - 1);
  if (length <= 0) return 0;
  buffer[length] = 0;
  if (strncmp(buffer, folder, folder_length) != 0 || buffer[folder_length] != '/') return 0;
  char name[48];
  snprintf(name, sizeof name, "%s %lld", buffer + folder_length + 1, (long long)place);
  take_turn_after(kind, name, delay);
  return 1;
}

ssize_t pread(int descriptor, void *data, size_t length, off_t offset) {
  take_turn_for('r', descriptor, offset, 0);
  return REAL(pread)(descriptor, data, length, offset);
}

ssize_t pread64(int descriptor, void *data, size_t length, off_t offset) {
  return pread(descriptor, data, length, offset);
}

int fcntl(int descriptor, int command, ...) {
  va_list list;
  va_start(list, command);
  void *argument = va_arg(list, void *);
  va_end(list);
  int locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK;
  if (locks) take_turn_for('l', descriptor, ((struct flock *)argument)->l_start, 0);
  return REAL(fcntl)(descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
  va_list list;
  va_start(list, command);
  void *argument = va_arg(list, void *);
  va_end(list);
  return fcntl(descriptor, command, argument);
}

/* Whoever waits for a lock tries again every millisecond. */
int flock(int descriptor, int operation) {
  for (int64_t delay = 0; take_turn_for('f', descriptor, operation, delay); delay = 1000000) {
    int result = getenv("RECORDER_WITHOUT_LOCK") ? 0 : REAL(flock)(descriptor, operation | LOCK_NB);
    if (result == 0 || errno != EWOULDBLOCK || operation & LOCK_NB) return result;
  }
  return REAL(flock)(descriptor, operation);
}

int nanosleep(const struct timespec *wanted, struct timespec *left) {
  if (!turns) return REAL(nanosleep)(wanted, left);
  take_turn_after('s', "", wanted->tv_sec * 1000000000 + wanted->tv_nsec);
  return 0;
}

int usleep(useconds_t microseconds) {
  struct timespec wanted = {microseconds / 1000000, microseconds % 1000000 * 1000};
  return nanosleep(&wanted, NULL);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!turns || clock != CLOCK_REALTIME) return REAL(clock_gettime)(clock, time);
  time->tv_sec = simulated_time / 1000000000;
  time->tv_nsec = simulated_time % 1000000000;
  return 0;
}

/* Dispatch reads the clock to tell until when it waits for a thread of the same program. That wait is a
   real one. */
int sem_timedwait(sem_t *semaphore, const struct timespec *end) {
  if (!turns) return REAL(sem_timedwait)(semaphore, end);
  struct timespec real;
  REAL(clock_gettime)(CLOCK_REALTIME, &real);
  int64_t time = real.tv_sec * 1000000000 + real.tv_nsec
    + end->tv_sec * 1000000000 + end->tv_nsec - simulated_time;
  real = (struct timespec){time / 1000000000, time % 1000000000};
  return REAL(sem_timedwait)(semaphore, &real);
}
