/* probing: what the files of a probe share while it runs. Only for probe*.c. */
#ifndef DMARCQ_MAILBOX_PROBING_H
#define DMARCQ_MAILBOX_PROBING_H

#include "mailbox/imap.h"
#include "mailbox/link.h"
#include "mailbox/pop3.h"
#include "mailbox/probe.h"
#include "mailbox/probe_wire.h"
#include "mailbox/refusal.h"

enum {
	SAY_TEXT = 1024,     /* bytes of what one step tells */
	OFFERS_TEXT = 4096,  /* bytes of capabilities that are kept; servers send a few hundred */
	GREETING_TEXT = 300, /* bytes of a line of the server that are shown */
};

enum { FOLDERS = 2000 /* of one account that are looked at */ };

/* Names of folders as they are sent; texts are the probe's. */
struct folders {
	const char **names;
	bool *holds_messages;
	size_t count;
};

/* How far things went: what later steps can still do. */
enum reach {
	REACH_NOTHING,
	REACH_TALK,  /* but no secret may be sent */
	REACH_LOGIN, /* everything */
};

struct probing {
	struct probe *probe;
	const struct account *account;
	unsigned seconds;
	const char *step; /* the one that runs */
	char host[NET_HOST];
	enum reach reach;
	const struct net_address *address; /* the first whose port is open */
	struct wire wire;
	char greeting[GREETING_TEXT];
	char offers[OFFERS_TEXT]; /* capabilities: words with a blank in front and behind; "" : not known */
	struct imap *imap;        /* logged in; NULL: not */
	struct pop3 *pop3;
	struct folders folders;   /* IMAP, after the login */
	char folder[IMAP_FOLDER]; /* that of the account as it is sent */
	char rights[IMAP_RIGHTS]; /* by the last one that was asked for; "": not told */
};

/* A text of the probe, cut at SAY_TEXT. */
const char *probe_say(struct probing *probing, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Notes the outcome of the step that runs; found and advice are literals or the probe's, about is copied. */
void probe_note(struct probing *probing, const char *about, enum probe_result result, const char *found,
    const char *advice);
/* The same for one that failed, after which no more than `reach` can be done. */
void probe_fail(struct probing *probing, const char *about, enum exit_code exit_code, enum reach reach,
    const char *found, const char *advice);

/* Connects to the port when that was not done yet. False: it failed, which is noted. */
bool probe_connect(struct probing *probing);

/* From now on the dialogue after the login has as much time as a step may take. */
void probe_allow_link(struct probing *probing);
/* What an error of link.h means; the time of the step may be over. */
const char *probe_link_words(struct probing *probing, const struct err *err);

/* The exit code of a command that the server refused (BAD) or did not come to. */
enum exit_code probe_refused_code(enum status status, const struct err *err);
/* What to do about words of the server that are known to pass. */
const char *probe_wait(const char *said, enum refusal_of of, const char *otherwise);

/* The steps, in probe_reach.c, probe_talk.c, probe_login.c, probe_folder.c and probe_rights.c. Each notes one
 * outcome or more. */
void probe_step_name(struct probing *probing);
void probe_step_port(struct probing *probing);
void probe_step_tls(struct probing *probing);
void probe_step_certificate(struct probing *probing);
void probe_step_greeting(struct probing *probing);
void probe_step_starttls(struct probing *probing);
void probe_step_capabilities(struct probing *probing);
void probe_step_methods(struct probing *probing);
void probe_step_clock(struct probing *probing);
void probe_step_login(struct probing *probing);
void probe_step_folder(struct probing *probing);
void probe_step_search(struct probing *probing);
void probe_step_rights(struct probing *probing);
void probe_step_archive(struct probing *probing);
void probe_step_invalid(struct probing *probing);

#endif
