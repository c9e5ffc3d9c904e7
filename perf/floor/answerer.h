// What the answerers share: an answer made of the question and given bytes, a ring, and its provided buffers.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER_SIZE 12
#define SUBMISSIONS 4096
#define COMPLETIONS 16384

// What stands behind the question: one A record that points to its name, and an OPT without options for who sent one.
static const unsigned char RECORD[] = {0xc0, HEADER_SIZE, 0, 1, 0, 1, 0, 1, 0x51, 0x80, 0, 4, 192, 0, 2, 1};
static const unsigned char OPT[] = {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};

static struct io_uring ring;
static unsigned long turns, queries, sends;

static void print_stats(int signal) {
    (void)signal;
    dprintf(2, "stats shard id=0 turns=%lu\nstats client queries=%lu sends=%lu\nstats end\n", turns, queries, sends);
}

// Bytes of header and question of a query of so many bytes, or 0 when it has none that fits.
static inline int question_end(const unsigned char *query, int size) {
    int at = HEADER_SIZE;
    while (at < size && query[at])
        at += query[at] + 1;
    return at + 5 <= size ? at + 5 : 0;
}

// Makes the query's answer where the query is; returns its size, or 0 for none. Room behind the query is for the caller to see to.
static inline int answer_in_place(unsigned char *message, int size) {
    int end = question_end(message, size), has_opt = message[11];
    if (!end)
        return 0;
    message[2] |= 0x80;
    message[3] |= 0x80;
    memset(message + 6, 0, 6);
    message[7] = 1;
    message[11] = has_opt;
    memcpy(message + end, RECORD, sizeof RECORD);
    end += sizeof RECORD;
    if (has_opt) {
        memcpy(message + end, OPT, sizeof OPT);
        end += sizeof OPT;
    }
    queries++;
    return end;
}

// The flags of fastdist's own ring (src/Fastdist.Ring/IoUring).
static inline void set_up_ring(void) {
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
        .cq_entries = COMPLETIONS,
    };
    if (io_uring_queue_init_params(SUBMISSIONS, &ring, &parameters) || io_uring_register_ring_fd(&ring) != 1) {
        puts("no io_uring");
        exit(1);
    }
    signal(SIGUSR1, print_stats);
}

static inline struct io_uring_sqe *next_entry(void) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
    if (!entry) {
        io_uring_submit(&ring);
        entry = io_uring_get_sqe(&ring);
    }
    return entry;
}

struct buffers {
    unsigned char *bytes;
    struct io_uring_buf_ring *ring;
    int count, size;
};

static inline struct buffers provide_buffers(int count, int size) {
    struct buffers buffers = {.count = count, .size = size};
    if (posix_memalign((void **)&buffers.bytes, 4096, (size_t)count * size) || posix_memalign((void **)&buffers.ring, 4096, count * sizeof(struct io_uring_buf)))
        exit(1);
    struct io_uring_buf_reg registration = {.ring_addr = (unsigned long)buffers.ring, .ring_entries = count};
    if (io_uring_register_buf_ring(&ring, &registration, 0)) {
        puts("no buffer rings");
        exit(1);
    }
    io_uring_buf_ring_init(buffers.ring);
    for (int i = 0; i < count; i++)
        io_uring_buf_ring_add(buffers.ring, buffers.bytes + (size_t)i * size, size, i, count - 1, i);
    io_uring_buf_ring_advance(buffers.ring, count);
    return buffers;
}

static inline unsigned char *buffer(struct buffers *buffers, int id) {
    return buffers->bytes + (size_t)id * buffers->size;
}

static inline int listen_on(int type, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, room = 4 << 20, fd = socket(AF_INET, type, 0);
    setsockopt(fd, SOL_SOCKET, type == SOCK_DGRAM ? SO_REUSEPORT : SO_REUSEADDR, &one, sizeof one);
    if (type == SOCK_DGRAM)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || (type == SOCK_STREAM && listen(fd, 1024))) {
        perror("bind");
        exit(1);
    }
    return fd;
}
