/*
 * watch FRAMEBUFFER PROGRAM: starts PROGRAM and prints two figures: the milliseconds until the
 * screen is painted, and the KiB of memory (PSS) of all its processes three seconds later. Then it
 * ends exactly those processes. A program that only has another one paint may end before.
 *
 * FRAMEBUFFER is the file that Xvfb -fbdir keeps the screen in. Reading it costs the X server
 * nothing, so looking often does not slow down what is looked at.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EVERY_ROW = 4, PROCESSES = 256 };

/* Painted: the smooth edges of text bring dozens of colours; windows that are only laid out, with
   one area after the other still empty, have a handful. */
enum { PAINTED_COLOURS = 32, DEADLINE_MS = 30000, POLL_US = 2000, SETTLED_US = 3000000 };

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void fail(const char *words) {
    fprintf(stderr, "watch: %s\n", words);
    exit(1);
}

/* Where an XWD file says how wide and how high it is. */
enum { WIDTH_AT = 4, HEIGHT_AT = 5, HEADER = 100 };
static int width, height;

/* The pixels of the screen, behind the header and the colour map of the XWD file. */
static const uint32_t *open_framebuffer(const char *path) {
    struct stat about;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &about) != 0) fail("no framebuffer");
    if (about.st_size < HEADER) fail("the framebuffer is too small");
    const char *all = mmap(NULL, about.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (all == MAP_FAILED) fail("the framebuffer cannot be read");
    width = ntohl(((const uint32_t *)all)[WIDTH_AT]);
    height = ntohl(((const uint32_t *)all)[HEIGHT_AT]);
    off_t pixels = (off_t)width * height * 4;
    if (about.st_size < pixels) fail("the framebuffer is too small");
    return (const uint32_t *)(all + about.st_size - pixels);
}

static int is_painted(const uint32_t *pixels) {
    uint32_t colour[PAINTED_COLOURS];
    int known = 0;
    for (int y = 0; y < height; y += EVERY_ROW) {
        const uint32_t *row = pixels + (size_t)y * width;
        for (int x = 0; x < width; x++) {
            if (x > 0 && row[x] == row[x - 1]) continue;
            int at = 0;
            while (at < known && colour[at] != row[x]) at++;
            if (at < known) continue;
            colour[known++] = row[x];
            if (known == PAINTED_COLOURS) return 1;
        }
    }
    return 0;
}

/* What was closed is on the screen for a moment still. */
static void wait_until_empty(const uint32_t *pixels) {
    for (int round = 0; round < 1000 && is_painted(pixels); round++) usleep(POLL_US);
}

/* The processes below this one; orphans among them too, for it adopts them (subreaper). */
static int find_descendants(pid_t *found) {
    static pid_t pid[65536], parent[65536];
    int all = 0, count = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        char path[64], line[512] = "";
        pid_t id = atoi(entry->d_name);
        if (id <= 0 || all == 65536) continue;
        snprintf(path, sizeof path, "/proc/%d/stat", id);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        if (fgets(line, sizeof line, file)) {
            char *name_end = strrchr(line, ')');
            pid[all] = id;
            if (name_end && sscanf(name_end, ") %*c %d", &parent[all]) == 1) all++;
        }
        fclose(file);
    }
    if (proc) closedir(proc);
    pid_t self = getpid();
    for (int from = -1; from < count; from++) {
        pid_t of = from < 0 ? self : found[from];
        for (int i = 0; i < all; i++)
            if (parent[i] == of && count < PROCESSES) found[count++] = pid[i];
    }
    return count;
}

static long pss_kib(pid_t id) {
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", id);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Pss: %ld", &kib) == 1) break;
    if (file) fclose(file);
    return kib;
}

static void end_descendants(void) {
    pid_t found[PROCESSES];
    for (int round = 0; round < 200; round++) {
        int count = find_descendants(found);
        if (count == 0) return;
        for (int i = 0; i < count; i++) kill(found[i], round < 100 ? SIGTERM : SIGKILL);
        usleep(10000);
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
    }
}

int main(int argc, char **argv) {
    if (argc != 3) fail("usage: watch FRAMEBUFFER PROGRAM");
    const uint32_t *pixels = open_framebuffer(argv[1]);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    wait_until_empty(pixels);
    if (is_painted(pixels)) fail("the screen is not empty");

    double start = now_ms();
    pid_t child = fork();
    if (child == 0) {
        setsid();
        int null = open("/dev/null", O_RDWR);
        dup2(null, 1);
        execl(argv[2], argv[2], (char *)NULL);
        _exit(127);
    }
    double painted = 0;
    int status;
    while (painted == 0) {
        double now = now_ms();
        if (is_painted(pixels)) painted = now - start;
        else if (waitpid(child, &status, WNOHANG) == child && status != 0) fail("the program failed");
        else if (now - start > DEADLINE_MS) {
            end_descendants();
            fail("nothing was painted in time");
        }
        usleep(POLL_US);
    }

    usleep(SETTLED_US);
    pid_t found[PROCESSES];
    int count = find_descendants(found);
    long kib = 0;
    for (int i = 0; i < count; i++) kib += pss_kib(found[i]);
    printf("%.1f %ld %d\n", painted, kib, count);
    end_descendants();
    if (count == 0) return 0;
    wait_until_empty(pixels);
    return 0;
}
