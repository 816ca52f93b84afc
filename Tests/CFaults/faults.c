#include "faults.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

static _Atomic uint32_t armed_mask;
static _Atomic int armed_how;
static _Atomic int64_t first_failing;
static _Atomic bool armed_persistent;
static _Atomic int64_t calls;
static _Atomic int64_t failures;

void faults_arm(uint32_t mask, int how, int64_t k, int is_persistent) {
  armed_how = how;
  first_failing = k;
  armed_persistent = is_persistent != 0;
  calls = 0;
  failures = 0;
  armed_mask = mask;
}

int64_t faults_disarm(int64_t *failed) {
  armed_mask = 0;
  *failed = failures;
  return calls;
}

/// Counts a call; true when it is to fail.
static bool fails(uint32_t call) {
  if (!(armed_mask & call)) return false;
  int64_t number = atomic_fetch_add(&calls, 1) + 1;
  if (armed_persistent ? number < first_failing : number != first_failing) return false;
  failures++;
  return true;
}

static int code(int error) {
  switch (armed_how) {
    case FAULT_FULL: return SQLITE_FULL;
    case FAULT_BUSY: return SQLITE_BUSY;
    default: return error;
  }
}

// MARK: Files

typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
} faulty_file;

static sqlite3_vfs *system_vfs;

static sqlite3_file *real(sqlite3_file *file) { return ((faulty_file *)file)->real; }

static int f_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int f_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  if (!fails(FAULT_READ)) return real(file)->pMethods->xRead(real(file), bytes, count, offset);
  if (armed_how != FAULT_HALF) return code(SQLITE_IOERR_READ);
  int result = real(file)->pMethods->xRead(real(file), bytes, count, offset);
  memset((char *)bytes + count / 2, 0, (size_t)(count - count / 2));
  return result == SQLITE_OK ? SQLITE_IOERR_SHORT_READ : result;
}

static int f_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  if (!fails(FAULT_WRITE)) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
  if (armed_how == FAULT_HALF) real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
  return code(SQLITE_IOERR_WRITE);
}

static int f_truncate(sqlite3_file *file, sqlite3_int64 size) {
  if (fails(FAULT_TRUNCATE)) return code(SQLITE_IOERR_TRUNCATE);
  return real(file)->pMethods->xTruncate(real(file), size);
}

static int f_sync(sqlite3_file *file, int flags) {
  if (fails(FAULT_SYNC)) return code(SQLITE_IOERR_FSYNC);
  return real(file)->pMethods->xSync(real(file), flags);
}

static int f_size(sqlite3_file *file, sqlite3_int64 *size) {
  if (fails(FAULT_FILE_SIZE)) return code(SQLITE_IOERR_FSTAT);
  return real(file)->pMethods->xFileSize(real(file), size);
}

static int f_lock(sqlite3_file *file, int level) {
  if (fails(FAULT_LOCK)) return code(SQLITE_IOERR_LOCK);
  return real(file)->pMethods->xLock(real(file), level);
}

static int f_unlock(sqlite3_file *file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}

static int f_reserved(sqlite3_file *file, int *is_reserved) {
  return real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}

static int f_control(sqlite3_file *file, int operation, void *argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int f_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int f_device(sqlite3_file *file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int f_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
  if (fails(FAULT_SHM_MAP)) {
    *memory = NULL;
    return code(SQLITE_IOERR_SHMMAP);
  }
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

static int f_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  // Giving a lock back does not fail.
  if ((flags & SQLITE_SHM_LOCK) && fails(FAULT_SHM_LOCK)) return code(SQLITE_IOERR_SHMLOCK);
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void f_shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int f_shm_unmap(sqlite3_file *file, int deletes) {
  return real(file)->pMethods->xShmUnmap(real(file), deletes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
};

static int v_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  (void)vfs;
  faulty_file *faulty = (faulty_file *)file;
  faulty->base.pMethods = NULL;
  if (fails(FAULT_OPEN)) return code(SQLITE_CANTOPEN);
  faulty->real = (sqlite3_file *)&faulty[1];
  int result = system_vfs->xOpen(system_vfs, name, faulty->real, flags, out_flags);
  if (faulty->real->pMethods) faulty->base.pMethods = &methods;
  return result;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int syncs) {
  (void)vfs;
  if (fails(FAULT_DELETE)) return code(SQLITE_IOERR_DELETE);
  return system_vfs->xDelete(system_vfs, name, syncs);
}

static int v_access(sqlite3_vfs *vfs, const char *name, int flags, int *answer) {
  (void)vfs;
  if (fails(FAULT_ACCESS)) return code(SQLITE_IOERR_ACCESS);
  return system_vfs->xAccess(system_vfs, name, flags, answer);
}

// MARK: Memory

static sqlite3_mem_methods system_memory;

static void *m_malloc(int size) {
  return fails(FAULT_MALLOC) ? NULL : system_memory.xMalloc(size);
}

static void *m_realloc(void *memory, int size) {
  return fails(FAULT_MALLOC) ? NULL : system_memory.xRealloc(memory, size);
}

int faults_install(void) {
  int result = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory);
  if (result != SQLITE_OK) return result;
  static sqlite3_mem_methods memory;
  memory = system_memory;
  memory.xMalloc = m_malloc;
  memory.xRealloc = m_realloc;
  result = sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
  if (result != SQLITE_OK) return result;
  // Small allocations else come from a block of each connection's own, and never fail.
  result = sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
  if (result != SQLITE_OK) return result;
  result = sqlite3_initialize();
  if (result != SQLITE_OK) return result;
  system_vfs = sqlite3_vfs_find(NULL);
  static sqlite3_vfs vfs;
  vfs = *system_vfs;
  vfs.zName = "faulty";
  vfs.pNext = NULL;
  vfs.szOsFile += (int)sizeof(faulty_file);
  vfs.xOpen = v_open;
  vfs.xDelete = v_delete;
  vfs.xAccess = v_access;
  return sqlite3_vfs_register(&vfs, 1);
}
