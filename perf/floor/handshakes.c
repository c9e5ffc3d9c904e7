// Load of handshakes: CONCURRENCY threads, each of which connects, shakes hands, waits for the ticket and closes, over and over.
// `resumed` offers the latest ticket the thread was given (psk_dhe_ke), `new` none; --query asks one query before closing.
// usage: handshakes HOST PORT SECONDS new|resumed CONCURRENCY [--query]
#include "client.h"
#include <pthread.h>

struct client {
    pthread_t thread;
    SSL_SESSION *ticket;
    int ticket_came;
    long completed, resumed, failed;
};

static const char *host;
static int port, resume, query, renews;
static double end;
static SSL_CTX *context;

static int keep_ticket(SSL *tls, SSL_SESSION *ticket) {
    struct client *client = SSL_get_app_data(tls);
    SSL_SESSION_free(client->ticket);
    client->ticket = ticket;
    client->ticket_came = 1;
    return 1;
}

// A copy of it: OpenSSL refuses to offer again what has resumed once.
static void offer(SSL *tls, SSL_SESSION *ticket) {
    SSL_SESSION *copy = SSL_SESSION_dup(ticket);
    SSL_set_session(tls, copy);
    SSL_SESSION_free(copy);
}

static int await_ticket(SSL *tls, struct client *client) {
    char none;
    double limit = now() + PATIENCE_SECONDS;
    while (!client->ticket_came)
        if (SSL_get_error(tls, SSL_read(tls, &none, 1)) != SSL_ERROR_WANT_READ || now() >= limit)
            return 0;
    return 1;
}

// Waits for the server's end: its side of the close belongs to the cost, and unread bytes would make a reset of ours.
static void say_goodbye(SSL *tls, int fd) {
    char rest[4096];
    SSL_shutdown(tls);
    shutdown(fd, SHUT_WR);
    while (read(fd, rest, sizeof rest) > 0)
        ;
}

// A ticket comes before any answer, so that who asks need not wait for it.
static int connection(struct client *client, int query) {
    int fd = dial(host, port);
    if (fd < 0)
        return 0;
    SSL *tls = SSL_new(context);
    SSL_set_app_data(tls, client);
    SSL_set_fd(tls, fd);
    if (resume && client->ticket)
        offer(tls, client->ticket);
    client->ticket_came = 0;
    int done = SSL_connect(tls) == 1, resumed = done && SSL_session_reused(tls);
    if (query)
        done = done && ask(tls);
    else if (!resumed || renews)
        done = done && await_ticket(tls, client);
    client->resumed += done && resumed;
    if (done)
        say_goodbye(tls, fd);
    SSL_free(tls);
    close(fd);
    ERR_clear_error();
    return done;
}

// Whether a resumed connection is given a fresh ticket. dnsdist gives none, so there the first one serves again and again.
static int server_renews(void) {
    struct client client = {0};
    connection(&client, 1);
    connection(&client, 1);
    return client.ticket_came;
}

static void *run(void *argument) {
    struct client *client = argument;
    while (now() < end) {
        int done = connection(client, query);
        client->completed += done;
        client->failed += !done;
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 6) {
        fputs("usage: handshakes HOST PORT SECONDS new|resumed CONCURRENCY [--query]\n", stderr);
        return 2;
    }
    host = arguments[1];
    port = atoi(arguments[2]);
    resume = strcmp(arguments[4], "resumed") == 0;
    query = count > 6;
    int concurrency = atoi(arguments[5]);
    context = client_context();
    SSL_CTX_sess_set_new_cb(context, keep_ticket);
    renews = !resume || server_renews();
    struct client *clients = calloc(concurrency, sizeof *clients);
    double start = now();
    end = start + atof(arguments[3]);
    for (int i = 0; i < concurrency; i++)
        pthread_create(&clients[i].thread, NULL, run, &clients[i]);
    long completed = 0, resumed = 0, failed = 0;
    for (int i = 0; i < concurrency; i++) {
        pthread_join(clients[i].thread, NULL);
        completed += clients[i].completed;
        resumed += clients[i].resumed;
        failed += clients[i].failed;
    }
    printf("completed=%ld resumed=%ld failed=%ld seconds=%.3f\n", completed, resumed, failed, now() - start);
}
