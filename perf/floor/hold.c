// COUNT clients that ask one query each and then keep silent. At SIGUSR1 each asks again, over the same connection.
// usage: hold HOST PORT COUNT
#include "client.h"
#include <signal.h>

// How many of the clients get an answer; those that are not connected do not.
static int ask_all(SSL **clients, int count) {
    int answered = 0;
    for (int i = 0; i < count; i++)
        answered += clients[i] && ask(clients[i]);
    return answered;
}

int main(int count_, char **arguments) {
    if (count_ < 4) {
        fputs("usage: hold HOST PORT COUNT\n", stderr);
        return 2;
    }
    int count = atoi(arguments[3]), opened = 0, number;
    SSL_CTX *context = client_context();
    SSL **clients = calloc(count, sizeof *clients);
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGUSR1);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < count; i++) {
        int fd = dial(arguments[1], atoi(arguments[2]));
        if (fd < 0)
            continue;
        clients[i] = SSL_new(context);
        SSL_set_fd(clients[i], fd);
        opened += SSL_connect(clients[i]) == 1 && ask(clients[i]);
    }
    printf("opened=%d\n", opened);
    while (sigwait(&wanted, &number) == 0)
        printf("answered=%d\n", ask_all(clients, count));
}
