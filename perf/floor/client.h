// What the TLS clients beside it share: a context, a connection to a server and one question.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_SECONDS 5

// n00000.bench.example A, in the frame of RFC 1035 section 4.2.2; the first two bytes after the length are the ID.
static const unsigned char QUERY[] = "\0\046\0\0\1\0\0\1\0\0\0\0\0\0\006n00000\005bench\007example\0\0\1\0\1";
#define QUERY_SIZE (sizeof QUERY - 1)

static inline double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

// TLS 1.3 without validation. Reads return after a ticket, where AUTO_RETRY would wait on for data.
static inline SSL_CTX *client_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    return context;
}

// A connected socket whose reads and writes give up after PATIENCE_SECONDS, or -1.
static inline int dial(const char *host, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(host)};
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

// Exactly `size` bytes into `into`, or 0.
static inline int read_all(SSL *tls, unsigned char *into, int size) {
    double limit = now() + PATIENCE_SECONDS;
    for (int got = 0; got < size;) {
        int n = SSL_read(tls, into + got, size - got);
        if (n > 0)
            got += n;
        else if (SSL_get_error(tls, n) != SSL_ERROR_WANT_READ || now() >= limit)
            return 0;
    }
    return 1;
}

// Asks the query and reads one answer; 1 when it came and was NOERROR.
static inline int ask(SSL *tls) {
    unsigned char answer[2 + 65535];
    return SSL_write(tls, QUERY, QUERY_SIZE) > 0 && read_all(tls, answer, 2) && read_all(tls, answer + 2, answer[0] << 8 | answer[1])
        && (answer[5] & 15) == 0;
}
