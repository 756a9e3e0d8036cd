/*
 * A disk that fails: loaded before libc (LD_PRELOAD), it counts every call that changes files below a
 * folder, and lets one of them fail, that one and all after it, or ends the process there as a kill
 * would.
 *
 *   KEYTURN_FAULT_UNDER   the folder
 *   KEYTURN_FAULT_START   counting starts when this file is opened; at once when it is not set
 *   KEYTURN_FAULT_AT      which call, from 1
 *   KEYTURN_FAULT_HOW     once, forever, die, or none (only count)
 *   KEYTURN_FAULT_ERRNO   what it fails with
 *   KEYTURN_FAULT_REPORT  a file that gets "COUNT FIRED NAME" when the process ends or the fault fires
 *   KEYTURN_FAULT_NO_SYNC syncing does nothing, to build large vaults quickly
 *
 * A write that fails has written half of what it was given; a rename that fails has done nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum how { NONE, ONCE, FOREVER, DIE };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *under, *start, *report;
static size_t under_length;
static long at;
static enum how how;
static int with;
static int counting, no_sync;
static long count;
static long fired;
static const char *fired_in = "-";

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void write_report(void) {
    if (!report) return;
    char text[200];
    int length = snprintf(text, sizeof text, "%ld %ld %s\n", count, fired, fired_in);
    long file = syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) return;
    syscall(SYS_write, file, text, length);
    syscall(SYS_close, file);
}

__attribute__((constructor)) static void begin(void) {
    const char *text;
    under = getenv("KEYTURN_FAULT_UNDER");
    under_length = under ? strlen(under) : 0;
    start = getenv("KEYTURN_FAULT_START");
    report = getenv("KEYTURN_FAULT_REPORT");
    at = (text = getenv("KEYTURN_FAULT_AT")) ? atol(text) : 0;
    with = (text = getenv("KEYTURN_FAULT_ERRNO")) ? atoi(text) : EIO;
    no_sync = getenv("KEYTURN_FAULT_NO_SYNC") != NULL;
    text = getenv("KEYTURN_FAULT_HOW");
    how = !text                     ? NONE
          : !strcmp(text, "once")    ? ONCE
          : !strcmp(text, "forever") ? FOREVER
          : !strcmp(text, "die")     ? DIE
                                     : NONE;
    counting = !start;
}

__attribute__((destructor)) static void end(void) { write_report(); }

static int is_below(const char *path) {
    return under && path && !strncmp(path, under, under_length);
}

static int is_below_at(int folder, const char *path) {
    if (!path || path[0] == '/' || folder == AT_FDCWD) return is_below(path);
    char link[64], place[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = syscall(SYS_readlink, link, place, sizeof place - 1);
    if (length <= 0) return 0;
    place[length] = 0;
    return is_below(place);
}

static int is_open_below(int file) {
    return is_below_at(file, "");
}

/* Whether this call is to fail. */
static int fails(const char *name) {
    pthread_mutex_lock(&turn);
    int now = 0;
    if (counting) {
        count += 1;
        now = how != NONE && at > 0 && (count == at || (how == FOREVER && count > at));
        if (now && !fired) {
            fired = count;
            fired_in = name;
            write_report();
            if (how == DIE) syscall(SYS_kill, getpid(), 9);
        }
    }
    pthread_mutex_unlock(&turn);
    if (now) errno = with;
    return now;
}

static void notice(const char *path) {
    if (!counting && start && path && !strcmp(path, start)) counting = 1;
}

#define OPENING(name)                                                                              \
    int name(const char *path, int flags, ...) {                                                   \
        mode_t mode = 0;                                                                           \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                       \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
        }                                                                                          \
        notice(path);                                                                              \
        if ((flags & (O_CREAT | O_TRUNC)) && is_below(path) && fails(#name)) return -1;            \
        return NEXT(name)(path, flags, mode);                                                      \
    }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name)                                                                           \
    int name(int folder, const char *path, int flags, ...) {                                       \
        mode_t mode = 0;                                                                           \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                       \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
        }                                                                                          \
        notice(path);                                                                              \
        if ((flags & (O_CREAT | O_TRUNC)) && is_below_at(folder, path) && fails(#name)) return -1; \
        return NEXT(name)(folder, path, flags, mode);                                              \
    }
OPENING_AT(openat)
OPENING_AT(openat64)

ssize_t write(int file, const void *bytes, size_t length) {
    if (is_open_below(file) && fails("write")) {
        if (how == ONCE) NEXT(write)(file, bytes, length / 2);
        errno = with;
        return -1;
    }
    return NEXT(write)(file, bytes, length);
}

ssize_t writev(int file, const struct iovec *parts, int number) {
    if (is_open_below(file) && fails("writev")) return -1;
    return NEXT(writev)(file, parts, number);
}

#define WRITING(name, place)                                                                       \
    ssize_t name(int file, const void *bytes, size_t length, place offset) {                       \
        if (is_open_below(file) && fails(#name)) {                                                 \
            if (how == ONCE) NEXT(name)(file, bytes, length / 2, offset);                          \
            errno = with;                                                                          \
            return -1;                                                                             \
        }                                                                                          \
        return NEXT(name)(file, bytes, length, offset);                                            \
    }
WRITING(pwrite, off_t)
WRITING(pwrite64, off64_t)

#define SYNCING(name)                                                                              \
    int name(int file) {                                                                           \
        if (is_open_below(file) && fails(#name)) return -1;                                        \
        return no_sync ? 0 : NEXT(name)(file);                                                     \
    }
SYNCING(fsync)
SYNCING(fdatasync)

#define CUTTING(name, place)                                                                       \
    int name(int file, place length) {                                                             \
        if (is_open_below(file) && fails(#name)) return -1;                                        \
        return NEXT(name)(file, length);                                                           \
    }
CUTTING(ftruncate, off_t)
CUTTING(ftruncate64, off64_t)

int rename(const char *from, const char *to) {
    if ((is_below(from) || is_below(to)) && fails("rename")) return -1;
    return NEXT(rename)(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    if (is_below_at(to_folder, to) && fails("renameat")) return -1;
    return NEXT(renameat)(from_folder, from, to_folder, to);
}

int link(const char *from, const char *to) {
    if (is_below(to) && fails("link")) return -1;
    return NEXT(link)(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    if (is_below_at(to_folder, to) && fails("linkat")) return -1;
    return NEXT(linkat)(from_folder, from, to_folder, to, flags);
}

int unlink(const char *path) {
    if (is_below(path) && fails("unlink")) return -1;
    return NEXT(unlink)(path);
}

int unlinkat(int folder, const char *path, int flags) {
    if (is_below_at(folder, path) && fails("unlinkat")) return -1;
    return NEXT(unlinkat)(folder, path, flags);
}

int rmdir(const char *path) {
    if (is_below(path) && fails("rmdir")) return -1;
    return NEXT(rmdir)(path);
}

int mkdir(const char *path, mode_t mode) {
    if (is_below(path) && fails("mkdir")) return -1;
    return NEXT(mkdir)(path, mode);
}
