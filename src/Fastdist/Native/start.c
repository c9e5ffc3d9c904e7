/*
 * What must work before the .NET runtime does, in C because it runs before any managed code can, and compiled for any
 * x86-64. It comes first in the link, so that what it defines is not taken from the runtime's archives.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

/*
 * The runtime's own (minipal/random.h) read /dev/urandom, which a bare container has not got; its callers then end the
 * process, or seed their hashes with the clock. getrandom(2) needs no file, and waits only while the kernel boots.
 */
int32_t minipal_get_cryptographically_secure_random_bytes(uint8_t *buffer, int32_t length)
{
    for (int32_t filled = 0; filled < length;)
    {
        ssize_t count = getrandom(buffer + filled, (size_t)(length - filled), 0);
        if (count < 0 && errno != EINTR)
        {
            return -1;
        }

        filled += count > 0 ? (int32_t)count : 0;
    }

    return 0;
}

void minipal_get_non_cryptographically_secure_random_bytes(uint8_t *buffer, int32_t length)
{
    (void)minipal_get_cryptographically_secure_random_bytes(buffer, length);
}

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

/* Below this the runtime crashes where it cannot say why. */
__attribute__((constructor)) static void require_address_space(void)
{
    const rlim_t needed = (rlim_t)256 << 20;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur < needed)
    {
        say(program_invocation_short_name);
        say(": not enough address space: the limit (ulimit -v) has to be 262144 kB at least, and about 2000000 for a service\n");
        _exit(1);
    }
}

static void *nothing(void *argument)
{
    return argument;
}

/* Nor does the runtime tell when it gets no thread of its own. */
__attribute__((constructor)) static void require_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, nothing, NULL) != 0)
    {
        say(program_invocation_short_name);
        say(": not enough threads: not one can be started (ulimit -u, or the limit of pids of the container)\n");
        _exit(1);
    }

    pthread_join(thread, NULL);
}

#ifdef REQUIRE_X86_64_V3

enum processor_register { EAX, EBX, ECX, EDX };

/* What x86-64-v3 has beyond the first x86-64 (System V ABI, AMD64 supplement, section 3.1.1), by its place in CPUID. */
static const struct
{
    const char *name;
    uint32_t leaf;
    enum processor_register place;
    uint32_t bit;
} s_needed[] = {
    {"sse3", 1, ECX, 0},         {"ssse3", 1, ECX, 9},      {"sse4.1", 1, ECX, 19},      {"sse4.2", 1, ECX, 20},
    {"cmpxchg16b", 1, ECX, 13},  {"popcnt", 1, ECX, 23},    {"osxsave", 1, ECX, 27},     {"avx", 1, ECX, 28},
    {"fma", 1, ECX, 12},         {"f16c", 1, ECX, 29},      {"movbe", 1, ECX, 22},       {"avx2", 7, EBX, 5},
    {"bmi1", 7, EBX, 3},         {"bmi2", 7, EBX, 8},       {"lzcnt", 0x80000001, ECX, 5}, {"lahf", 0x80000001, ECX, 0},
};

/* The runtime would end the process too, without telling what is missing or what would do. */
__attribute__((constructor)) static void require_processor(void)
{
    int is_missing = 0;
    for (size_t i = 0; i < sizeof s_needed / sizeof *s_needed; i++)
    {
        uint32_t registers[4] = {0};
        (void)__get_cpuid_count(s_needed[i].leaf, 0, &registers[EAX], &registers[EBX], &registers[ECX], &registers[EDX]);
        if ((registers[s_needed[i].place] >> s_needed[i].bit & 1) == 0)
        {
            say(is_missing ? ", " : program_invocation_short_name);
            say(is_missing ? "" : ": this processor does not have ");
            say(s_needed[i].name);
            is_missing = 1;
        }
    }

    if (is_missing)
    {
        say("; this binary is built for x86-64-v3 (Intel Haswell, AMD Zen and later): use such a processor, have the virtual"
            " machine show its own (cpu type host), or build with IlcInstructionSet=x86-64-v2 in aot.props\n");
        _exit(1);
    }
}

#endif
