/*
 * link: a connection to a mail server. libcurl looks up the name, does TLS or STARTTLS, checks the
 * certificate and logs in; from then on this is a pipe of bytes for the dialogue of imap.c and pop3.c.
 * Every wait ends when the server sends nothing for the account's time-out, however long the whole takes.
 */
#ifndef DMARCQ_MAILBOX_LINK_H
#define DMARCQ_MAILBOX_LINK_H

#include "base/err.h"
#include "mailbox/account.h"
#include "mailbox/secret.h"

#include <stdbool.h>
#include <stddef.h>

struct link;

enum {
	LINK_LINE = 65536, /* bytes of one line: servers answer in lines of some KB at most, literals apart */
	LINK_GREETING =
	    20, /* seconds until a server greets, or goes on with TLS: the slowest look up our name */
	LINK_LOOKUP = 10, /* seconds to find out why a name was not found */
};

/*
 * Connects and logs in. stop (may be NULL) is asked during waits: when it says true, TEMP. Errors say what
 * failed in the server's words where it gave some. TEMP, exit code 75: no resolver answers, nobody answers,
 * the connection broke; FATAL 75: it stands and nobody greets, which another try would not mend; FATAL 77:
 * the login was refused; FATAL 78: there is no such name, the certificate is not to be trusted or for another
 * name, the server offers no TLS, the CA file can't be read. *link is NULL then.
 */
enum status link_open(struct link **link, const struct account *account, const struct secret *secret,
    bool (*stop)(void), struct err *err);
/* Where the system's CA certificates are that link_open trusts when the account names no file; NULL: there is
 * no such file, or folder. */
void link_trust(const char **file, const char **folder);
/* Closes without a word to the server. NULL is accepted. */
void link_close(struct link *link);
/* Who is asked during waits from now on; may be NULL. */
void link_stop(struct link *link, bool (*stop)(void));

/* Sends all of it. TEMP: the connection broke or the server takes nothing any more. */
enum status link_send(struct link *link, const void *bytes, size_t len, struct err *err);

/*
 * The next line without its CRLF (or LF), borrowed until the next call. LIMIT: it is longer than LINK_LINE;
 * the connection can't be used any more. TEMP: the connection broke, or nothing came in time.
 */
enum status link_line(struct link *link, const char **line, size_t *len, struct err *err);

/*
 * At least one and at most max bytes of what comes next, as they are, borrowed until the next call. TEMP as
 * above.
 */
enum status link_bytes(
    struct link *link, const unsigned char **bytes, size_t *len, size_t max, struct err *err);

/* The last n bytes that link_bytes gave come again: they belong to what follows. Before any other call. */
void link_unread(struct link *link, size_t n);

/* Whether something can be read without waiting for the server: for IDLE. */
bool link_has_input(struct link *link);
/*
 * Waits until something can be read (*ready) or seconds are over; returns early when stop says so. TEMP: the
 * connection broke.
 */
enum status link_wait(struct link *link, bool *ready, unsigned seconds, struct err *err);

#endif
