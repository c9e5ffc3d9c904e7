// Floor: the least work that answers a query over UDP from memory, as a cache hit does. One thread, one ring, no checks. The answer is made in
// the buffer that the query came in, and sends need no completion: they never wait, so what they name is free again when their submission
// has returned.
// usage: udpecho LISTEN_PORT [send]     with "send", IORING_OP_SEND with an address takes the place of IORING_OP_SENDMSG, which is fastdist's
#include "answerer.h"

#define BUFFERS 2048
#define BUFFER_SIZE 2048

struct outgoing {
    struct msghdr header;
    struct iovec bytes;
};

int main(int count, char **arguments) {
    static struct outgoing outgoing[BUFFERS];
    static unsigned short used[BUFFERS];
    int fd = listen_on(SOCK_DGRAM, atoi(arguments[1])), used_count = 0, with_send = count > 2 && !strcmp(arguments[2], "send");
    set_up_ring();
    struct buffers buffers = provide_buffers(BUFFERS, BUFFER_SIZE);
    struct msghdr form = {.msg_namelen = sizeof(struct sockaddr_in)};
    for (int i = 0; i < BUFFERS; i++) {
        struct io_uring_recvmsg_out *received = (void *)buffer(&buffers, i);
        outgoing[i].bytes.iov_base = (char *)(received + 1) + form.msg_namelen;
        outgoing[i].header = (struct msghdr){.msg_name = received + 1, .msg_namelen = form.msg_namelen, .msg_iov = &outgoing[i].bytes, .msg_iovlen = 1};
    }

    for (int is_armed = 0;;) {
        if (!is_armed) {
            struct io_uring_sqe *entry = next_entry();
            io_uring_prep_recvmsg_multishot(entry, fd, &form, 0);
            entry->flags |= IOSQE_BUFFER_SELECT;
            entry->user_data = 1;
            is_armed = 1;
        }
        io_uring_submit_and_wait(&ring, 1);
        for (int i = 0; i < used_count; i++)
            io_uring_buf_ring_add(buffers.ring, buffer(&buffers, used[i]), BUFFER_SIZE, used[i], BUFFERS - 1, i);
        io_uring_buf_ring_advance(buffers.ring, used_count);
        used_count = 0;

        struct io_uring_cqe *completion;
        unsigned head, taken = 0;
        io_uring_for_each_cqe(&ring, head, completion) {
            taken++;
            if (completion->user_data != 1)
                continue;
            is_armed = (completion->flags & IORING_CQE_F_MORE) != 0;
            if (completion->res < 0)
                continue;
            int id = completion->flags >> IORING_CQE_BUFFER_SHIFT;
            used[used_count++] = id;
            struct outgoing *out = &outgoing[id];
            int size = ((struct io_uring_recvmsg_out *)buffer(&buffers, id))->payloadlen;
            if (size < HEADER_SIZE || !(size = answer_in_place(out->bytes.iov_base, size)))
                continue;
            struct io_uring_sqe *entry = next_entry();
            if (with_send) {
                io_uring_prep_send(entry, fd, out->bytes.iov_base, size, MSG_DONTWAIT | MSG_NOSIGNAL);
                io_uring_prep_send_set_addr(entry, out->header.msg_name, out->header.msg_namelen);
            } else {
                out->bytes.iov_len = size;
                io_uring_prep_sendmsg(entry, fd, &out->header, MSG_DONTWAIT | MSG_NOSIGNAL);
            }
            entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
            entry->user_data = 2;
            sends++;
        }
        io_uring_cq_advance(&ring, taken);
        turns++;
    }
}
