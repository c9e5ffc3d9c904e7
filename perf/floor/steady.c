// One established client that asks RATE queries a second and times each from when it was due, so that a late one counts as late.
// The first second is not counted: whatever is to disturb it can start when this has said that it is ready.
// usage: steady HOST PORT SECONDS RATE
#include "client.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>

#define MAX_QUERIES 65536
#define WARM_UP_SECONDS 1

static double due[MAX_QUERIES], latencies[MAX_QUERIES];
static int counted;

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void send_query(SSL *tls, unsigned id) {
    unsigned char query[QUERY_SIZE];
    memcpy(query, QUERY, QUERY_SIZE);
    query[2] = id >> 8;
    query[3] = id;
    SSL_write(tls, query, QUERY_SIZE);
}

// Takes the answers that have come; returns how many, or -1 when the connection has ended.
static int take_answers(SSL *tls, double count_from) {
    static unsigned char buffer[1 << 17];
    static int filled;
    int taken = 0, n, at = 0;
    while ((n = SSL_read(tls, buffer + filled, sizeof buffer - filled)) > 0)
        filled += n;
    if (SSL_get_error(tls, n) != SSL_ERROR_WANT_READ)
        return -1;
    for (int size; filled - at >= 4 && filled - at >= (size = 2 + (buffer[at] << 8 | buffer[at + 1])); at += size, taken++) {
        double asked = due[buffer[at + 2] << 8 | buffer[at + 3]];
        if (asked >= count_from)
            latencies[counted++] = now() - asked;
    }
    memmove(buffer, buffer + at, filled -= at);
    return taken;
}

static double percentile_ms(int percent) {
    return counted ? latencies[(long)(counted - 1) * percent / 100] * 1e3 : 0;
}

int main(int count, char **arguments) {
    if (count < 5) {
        fputs("usage: steady HOST PORT SECONDS RATE\n", stderr);
        return 2;
    }
    double rate = atof(arguments[4]);
    int total = (WARM_UP_SECONDS + atof(arguments[3])) * rate, warm_up = WARM_UP_SECONDS * rate, sent = 0, answered = 0;
    int fd = dial(arguments[1], atoi(arguments[2]));
    SSL *tls = SSL_new(client_context());
    SSL_set_fd(tls, fd);
    if (total > MAX_QUERIES || fd < 0 || SSL_connect(tls) != 1 || !ask(tls)) {
        puts("no answer to the first query");
        return 1;
    }
    // The server is to be timed, not how long this process waits for a processor beside the load.
    setpriority(PRIO_PROCESS, 0, -20);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    puts("ready");
    fflush(stdout);

    double start = now(), end = start + total / rate + PATIENCE_SECONDS;
    while (answered < total && now() < end) {
        while (sent < total && now() >= start + sent / rate) {
            due[sent] = start + sent / rate;
            send_query(tls, sent++);
        }
        double wait = (sent < total ? start + sent / rate : end) - now();
        struct timespec timeout = {.tv_nsec = wait < 0 ? 0 : wait < 0.5 ? wait * 1e9 : 5e8};
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        ppoll(&readable, 1, &timeout, NULL);
        int taken = take_answers(tls, start + warm_up / rate);
        if (taken < 0)
            break;
        answered += taken;
    }
    qsort(latencies, counted, sizeof *latencies, by_size);
    printf("asked=%d lost=%d p50=%.3f p99=%.3f max=%.3f\n", total - warm_up, total - warm_up - counted,
        percentile_ms(50), percentile_ms(99), percentile_ms(100));
}
