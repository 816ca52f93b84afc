/* Holds a program at chosen places within SQLite, or where the race of wal-reset.py is near; and takes its
   file lock away. For Scripts/survival/wal-reset.py, processes.py and Scripts/race-test.

   Preloaded into the program (LD_PRELOAD), ahead of the system's SQLite:

     SCHEDULE_WITHOUT_LOCK=1   flock answers 0 for every file whose name ends in ".lock", and locks nothing
     SCHEDULE_HOLD=PLACE,…     the program stops at each of these places once, says so by making the file
                               SCHEDULE_FOLDER/NAME.PLACE, and goes on when NAME.PLACE.go is there, or
                               after SCHEDULE_PATIENCE seconds (10)
     SCHEDULE_NAME=NAME        what the program is called there
     SCHEDULE_HUNT=MS          the program waits for up to so many milliseconds for what makes the race: at
                               "checkpoint", until all of the write-ahead log has been moved into the file
                               since its own last commit, so that the next commit starts the log anew, and
                               another program is at "write"; there, and at "header", for that commit

   The places are in the connection to the log:

     checkpoint  a checkpoint is about to ask for the checkpointer's lock
     header      a checkpoint has read the head of the write-ahead log's index and found it changed, and
                 has looked at nothing else yet
     write       a transaction has been given the writer's lock */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { WRITE_LOCK = 0, CHECKPOINT_LOCK = 1 };

static void wait_for(long microseconds) {
  struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
  nanosleep(&time, NULL);
}

static int lists(const char *list, const char *place) {
  size_t length = strlen(place);
  for (const char *next = list; next; next = strchr(next, ',')) {
    if (*next == ',') next++;
    if (strncmp(next, place, length) == 0 && (next[length] == ',' || next[length] == 0)) return 1;
  }
  return 0;
}

static void hold(const char *place) {
  if (!lists(getenv("SCHEDULE_HOLD"), place)) return;
  const char *folder = getenv("SCHEDULE_FOLDER"), *name = getenv("SCHEDULE_NAME");
  const char *patience = getenv("SCHEDULE_PATIENCE");
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.%s", folder, name, place);
  int file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return; /* It has stopped here before. */
  close(file);
  strncat(path, ".go", sizeof path - strlen(path) - 1);
  for (long left = (patience ? atol(patience) : 10) * 1000; left > 0 && access(path, F_OK) != 0; left--)
    wait_for(1000);
}

/* The file functions of the log, with some replaced. The files themselves are the system's. */

static sqlite3_vfs *system_vfs;
static const sqlite3_io_methods *system_methods;
static sqlite3_io_methods methods;

/* The index of the write-ahead log, in numbers of 32 bits; see sqlite.org/walformat.html. */
enum { CHANGES = 2, LAST_FRAME = 4, SALT = 8, MOVED_FRAMES = 24 };

/* True when the next commit starts the log anew. */
static int is_moved(uint32_t volatile *index) {
  return index[LAST_FRAME] != 0 && index[LAST_FRAME] == index[MOVED_FRAMES];
}

static void hunt(sqlite3_file *file, const char *place) {
  const char *milliseconds = getenv("SCHEDULE_HUNT");
  void volatile *memory = NULL;
  if (!milliseconds || system_methods->xShmMap(file, 0, 32768, 0, &memory) != SQLITE_OK || !memory) return;
  uint32_t volatile *index = memory;
  uint32_t changes = index[CHANGES], salt = index[SALT];
  int is_checkpoint = place[0] == 'c', is_writer = place[0] == 'w';
  if (!is_checkpoint && !is_moved(index)) return;
  char writing[4096];
  snprintf(writing, sizeof writing, "%s/writing", getenv("SCHEDULE_FOLDER"));
  if (is_writer) close(open(writing, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  /* The others wait for the writer; and not all equally long for one another. */
  long part = is_writer ? 3 : is_checkpoint ? 1 + getpid() % 3 : 1;
  for (long left = atol(milliseconds) / part; left > 0; left--) {
    int is_there = is_checkpoint
      ? index[CHANGES] != changes && is_moved(index) && access(writing, F_OK) == 0
      : index[SALT] != salt && index[LAST_FRAME] != 0;
    if (is_there) break;
    wait_for(1000);
  }
  /* The commit that was seen still holds its locks. */
  if (!is_checkpoint && !is_writer) wait_for(10000);
  if (is_writer) unlink(writing);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  int locks = flags == (SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE) && count == 1;
  if (locks && offset == CHECKPOINT_LOCK) {
    hold("checkpoint");
    hunt(file, "checkpoint");
  }
  int result = system_methods->xShmLock(file, offset, count, flags);
  if (locks && offset == WRITE_LOCK && result == SQLITE_OK) {
    hold("write");
    hunt(file, "write");
  }
  return result;
}

/* SQLite gives back mapped pages when it has read a head that changed. */
static int unfetch(sqlite3_file *file, sqlite3_int64 offset, void *page) {
  if (!page) {
    hold("header");
    hunt(file, "header");
  }
  return system_methods->xUnfetch(file, offset, page);
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given) {
  int result = system_vfs->xOpen(vfs, name, file, flags, given);
  if (result != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB) || file->pMethods->iVersion < 3) return result;
  if (!system_methods) {
    system_methods = file->pMethods;
    methods = *system_methods;
    methods.xShmLock = shm_lock;
    methods.xUnfetch = unfetch;
  }
  if (file->pMethods == system_methods) file->pMethods = &methods;
  return result;
}

__attribute__((constructor)) static void start(void) {
  if (!getenv("SCHEDULE_HOLD") && !getenv("SCHEDULE_HUNT")) return;
  if (sqlite3_initialize() != SQLITE_OK) abort();
  system_vfs = sqlite3_vfs_find(NULL);
  static sqlite3_vfs vfs;
  vfs = *system_vfs;
  vfs.zName = "scheduled";
  vfs.pNext = NULL;
  vfs.xOpen = open_file;
  if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) abort();
}

int flock(int descriptor, int operation) {
  int (*real)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "flock");
  if (!getenv("SCHEDULE_WITHOUT_LOCK")) return real(descriptor, operation);
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 5 || strncmp(path + length - 5, ".lock", 5) != 0) return real(descriptor, operation);
  return 0;
}
