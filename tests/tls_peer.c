/* SPDX-License-Identifier: MIT */
#include "tls_peer.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

pid_t tls_peer_run(char *const *arguments, int output)
{
    pid_t pid = fork();
    if (pid)
        return pid;
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(output >= 0 ? output : nothing, 1);
    dup2(nothing, 2);
    execvp(arguments[0], arguments);
    _exit(127);
}

bool tls_peer_certify(struct tls_peer *peer, const char *subject)
{
    *peer = (struct tls_peer){ .folder = "/tmp/test-tls-XXXXXX" };
    assert_non_null(mkdtemp(peer->folder));
    snprintf(peer->certificate, sizeof peer->certificate, "%s/cert.pem", peer->folder);
    snprintf(peer->key, sizeof peer->key, "%s/key.pem", peer->folder);
    CLEANUP(mem_free) char *name = mem_format("subjectAltName=%s", subject);
    char *arguments[] = { (char[]){ "openssl" },
                          (char[]){ "req" },
                          (char[]){ "-x509" },
                          (char[]){ "-newkey" },
                          (char[]){ "ec" },
                          (char[]){ "-pkeyopt" },
                          (char[]){ "ec_paramgen_curve:P-256" },
                          (char[]){ "-nodes" },
                          (char[]){ "-keyout" },
                          peer->key,
                          (char[]){ "-out" },
                          peer->certificate,
                          (char[]){ "-subj" },
                          (char[]){ "/CN=test" },
                          (char[]){ "-addext" },
                          name,
                          NULL };
    int status = -1;
    waitpid(tls_peer_run(arguments, -1), &status, 0);
    return status == 0;
}

static int remove_one(const char *path, const struct stat *facts UNUSED, int type UNUSED,
                      struct FTW *ftw UNUSED)
{
    return remove(path);
}

void tls_peer_stop(struct tls_peer *peer)
{
    if (peer->pid > 0) {
        kill(peer->pid, SIGTERM); /* nginx ends its worker before itself */
        waitpid(peer->pid, NULL, 0);
    }
    nftw(peer->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
