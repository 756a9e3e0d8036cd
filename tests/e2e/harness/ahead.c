/* Loaded before the C library: the clock of the wall is AHEAD_S seconds ahead, whatever program asks. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int answer = real(which, now);
    const char *ahead = getenv("AHEAD_S");
    if (which == CLOCK_REALTIME && ahead) now->tv_sec += atol(ahead);
    return answer;
}
