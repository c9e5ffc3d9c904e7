// Floor: the least work that answers queries over TCP, or over TLS where there is a certificate, from memory, as cache hits are. One thread,
// one ring, no checks. Frames are answered as they come; a connection's answers leave in one send a turn, and over TLS in one record.
// usage: streamecho LISTEN_PORT [CERT KEY]
#include "answerer.h"
#include <openssl/ssl.h>

#define BUFFERS 1024
#define BUFFER_SIZE 4096
#define MOST 4096
#define ROOM 65536
#define GROWTH (int)(sizeof RECORD + sizeof OPT)

enum { ACCEPTED = 1, RECEIVED, SENT };

static struct connection {
    int fd, part_size, plain_size, out_size, is_sending, is_touched;
    SSL *tls;
    BIO *in, *out;
    unsigned char *part;  // the beginning of a frame whose rest has not come
    unsigned char *plain; // framed answers
    unsigned char *sent;  // what leaves: the answers, or their ciphertext
} connections[MOST];
static int touched[MOST], touched_count;
static struct buffers buffers;

static unsigned long long data_of(int kind, int number) {
    return (unsigned long long)kind << 32 | number;
}

static void touch(int number) {
    if (!connections[number].is_touched) {
        connections[number].is_touched = 1;
        touched[touched_count++] = number;
    }
}

static void receive(int number) {
    struct io_uring_sqe *entry = next_entry();
    io_uring_prep_recv_multishot(entry, connections[number].fd, NULL, 0, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->user_data = data_of(RECEIVED, number);
}

static void begin(int fd, SSL_CTX *context) {
    int number = 0, one = 1;
    while (number < MOST && connections[number].fd)
        number++;
    if (number == MOST) {
        close(fd);
        return;
    }
    struct connection *c = &connections[number];
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!c->part) {
        c->part = malloc(3 * ROOM + 3 * 16384);
        c->plain = c->part + ROOM;
        c->sent = c->plain + ROOM;
    }
    c->fd = fd;
    c->part_size = c->plain_size = c->out_size = c->is_sending = 0;
    if (context) {
        c->tls = SSL_new(context);
        SSL_set_accept_state(c->tls);
        c->in = BIO_new(BIO_s_mem());
        c->out = BIO_new(BIO_s_mem());
        SSL_set_bio(c->tls, c->in, c->out);
    }
    receive(number);
}

static void finish(struct connection *c) {
    SSL_free(c->tls);
    c->tls = NULL;
    close(c->fd);
    c->fd = 0;
}

// Answers whole frames; returns the bytes they took. What does not fit is left for a client that reads.
static int answer_frames(struct connection *c, const unsigned char *bytes, int size) {
    int at = 0;
    while (size - at >= 2) {
        int length = bytes[at] << 8 | bytes[at + 1];
        if (size - at - 2 < length || c->plain_size + length + 2 + GROWTH > ROOM)
            break;
        unsigned char *answer = c->plain + c->plain_size + 2;
        memcpy(answer, bytes + at + 2, length);
        int answered = answer_in_place(answer, length);
        answer[-2] = answered >> 8;
        answer[-1] = answered;
        c->plain_size += answered + 2;
        at += length + 2;
    }
    return at;
}

static void take_plain(struct connection *c, const unsigned char *bytes, int size) {
    if (c->part_size) {
        memcpy(c->part + c->part_size, bytes, size);
        bytes = c->part;
        size += c->part_size;
    }
    int taken = answer_frames(c, bytes, size);
    memmove(c->part, bytes + taken, c->part_size = size - taken);
}

static void take(int number, const struct io_uring_cqe *completion) {
    struct connection *c = &connections[number];
    if (completion->res <= 0 && completion->res != -ENOBUFS) {
        finish(c);
        return;
    }
    if (completion->res > 0) {
        int id = completion->flags >> IORING_CQE_BUFFER_SHIFT;
        unsigned char *bytes = buffer(&buffers, id), clear[16384];
        if (c->tls) {
            BIO_write(c->in, bytes, completion->res);
            for (int n; (n = SSL_read(c->tls, clear, sizeof clear)) > 0;)
                take_plain(c, clear, n);
        } else {
            take_plain(c, bytes, completion->res);
        }
        io_uring_buf_ring_add(buffers.ring, bytes, BUFFER_SIZE, id, BUFFERS - 1, 0);
        io_uring_buf_ring_advance(buffers.ring, 1);
        touch(number);
    }
    if (!(completion->flags & IORING_CQE_F_MORE))
        receive(number);
}

// Sends what has gathered, unless something is on its way.
static void send_answers(int number) {
    struct connection *c = &connections[number];
    c->is_touched = 0;
    if (!c->fd || c->is_sending)
        return;
    if (c->tls) {
        for (int at = 0, n; at < c->plain_size && (n = SSL_write(c->tls, c->plain + at, c->plain_size - at)) > 0; at += n)
            ;
        int n = BIO_read(c->out, c->sent, ROOM + 2 * 16384);
        c->out_size = n > 0 ? n : 0;
    } else {
        unsigned char *gathered = c->plain;
        c->plain = c->sent;
        c->sent = gathered;
        c->out_size = c->plain_size;
    }
    c->plain_size = 0;
    if (!c->out_size)
        return;
    struct io_uring_sqe *entry = next_entry();
    io_uring_prep_send(entry, c->fd, c->sent, c->out_size, MSG_WAITALL | MSG_NOSIGNAL);
    entry->user_data = data_of(SENT, number);
    c->is_sending = 1;
    sends++;
}

int main(int count, char **arguments) {
    SSL_CTX *context = NULL;
    if (count > 3) {
        context = SSL_CTX_new(TLS_server_method());
        if (SSL_CTX_use_certificate_chain_file(context, arguments[2]) != 1 || SSL_CTX_use_PrivateKey_file(context, arguments[3], SSL_FILETYPE_PEM) != 1)
            return 1;
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    }
    int listener = listen_on(SOCK_STREAM, atoi(arguments[1]));
    set_up_ring();
    buffers = provide_buffers(BUFFERS, BUFFER_SIZE);
    struct io_uring_sqe *entry = next_entry();
    io_uring_prep_multishot_accept(entry, listener, NULL, NULL, 0);
    entry->user_data = data_of(ACCEPTED, 0);
    for (;;) {
        io_uring_submit_and_wait(&ring, 1);
        struct io_uring_cqe *completion;
        unsigned head, taken = 0;
        io_uring_for_each_cqe(&ring, head, completion) {
            taken++;
            int number = (int)completion->user_data;
            switch (completion->user_data >> 32) {
            case ACCEPTED:
                if (completion->res > 0)
                    begin(completion->res, context);
                break;
            case RECEIVED:
                take(number, completion);
                break;
            case SENT:
                connections[number].is_sending = 0;
                touch(number);
                break;
            }
        }
        io_uring_cq_advance(&ring, taken);
        turns++;
        for (int i = 0; i < touched_count; i++)
            send_answers(touched[i]);
        touched_count = 0;
    }
}
