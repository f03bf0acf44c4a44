/*
 * probe: what stands between this machine and a mailbox, step by step: name, ports, TLS, certificate, login,
 * folder, rights, clock. It changes nothing on the server: no mail, no flag, no folder.
 */
#ifndef DMARCQ_MAILBOX_PROBE_H
#define DMARCQ_MAILBOX_PROBE_H

#include "base/arena.h"
#include "base/err.h"
#include "mailbox/account.h"
#include "mailbox/probe_net.h"
#include "mailbox/probe_tls.h"

enum probe_result {
	PROBE_OK,
	PROBE_UNKNOWN, /* it can't be found out; nothing is wrong with that */
	PROBE_WARNING, /* it works, and something should be done nevertheless */
	PROBE_FAILED,
	PROBE_NOT_TRIED, /* because of what failed before */
};

/* Texts are those of the probe; what a server said is in them as it came, though never long. */
struct probe_step {
	const char *step;  /* "name", "port", "tls"...: docs/doctor.md lists them */
	const char *about; /* which name, address, folder...; NULL: nothing to add */
	enum probe_result result;
	enum exit_code exit_code; /* of PROBE_FAILED */
	const char *found;        /* NULL: nothing */
	const char *advice;       /* what to do; NULL: nothing */
};

enum { PROBE_STEPS = NET_ADDRESSES + 24 };

struct probe {
	struct arena arena;
	struct net_name name;
	struct probe_step steps[PROBE_STEPS];
	size_t step_count;
	struct net_port ports[NET_PORTS]; /* that of the account and those of mail, of each address */
	size_t port_count;
	struct tls_facts tls;
};

/*
 * Does all steps for an account that names a user; each takes at most so many seconds. The time of the
 * account is not asked. probe_free is due.
 */
void probe_run(struct probe *probe, const struct account *account, unsigned seconds);
void probe_free(struct probe *probe);

/* "ok", "unknown", "warning", "failed", "not tried". */
const char *probe_word(enum probe_result result);
/* "imaps" for 993; NULL for a port that has no name here. */
const char *probe_service(uint16_t port);
/* "open", "refused", "unreachable", "silent". */
const char *probe_state_word(enum net_state state);
/* That of the first step that failed; 1 when there are only warnings; 0. */
enum exit_code probe_exit_code(const struct probe *probe);

#endif
