/*
 * pop3: the dialogue with a POP3 server behind the login (RFC 1939, RFC 2449): which mails there are, their
 * bytes, taking them away. Requests are sent ahead where the server takes that. Mails are
 * deleted by pop3_quit alone: a connection that ends without it deletes nothing.
 */
#ifndef DMARCQ_MAILBOX_POP3_H
#define DMARCQ_MAILBOX_POP3_H

#include "base/stream.h"
#include "base/text.h"
#include "mailbox/account.h"

struct pop3;

/* One mail as the server lists it. */
struct pop3_mail {
	uint64_t number, size; /* number: in this connection only */
	struct str uid; /* stays the same; missing when the server has no UIDL, or no usable one for it */
};

enum { POP3_MAILS = 10000000 /* of one mailbox: their list is in memory, about 60 bytes each */ };

/*
 * Connects, logs in and lists the mails, in the order of their numbers. stop and errors as in link_open.
 * TEMP: the server's answers can't be followed, or there are more than POP3_MAILS. pop3_close is due when OK.
 */
enum status pop3_open(struct pop3 **pop3, const struct account *account, bool (*stop)(void), struct err *err);
/* Ends the connection; without pop3_quit nothing is deleted. NULL is accepted. */
void pop3_close(struct pop3 *pop3);

/* The i-th mail, borrowed; NULL behind the last. */
const struct pop3_mail *pop3_mail(const struct pop3 *pop3, size_t i);
size_t pop3_count(const struct pop3 *pop3);
/* Whether the mails have unique ids. */
bool pop3_has_uids(const struct pop3 *pop3);

/* How many mails may be asked for before the first one is read: 1 without PIPELINING. */
unsigned pop3_ahead(const struct pop3 *pop3);
/* Asks for a mail. */
enum status pop3_ask(struct pop3 *pop3, const struct pop3_mail *mail, struct err *err);
/*
 * The bytes of the mail that was asked for first of those not read yet, into an empty spool. BAD: the server
 * refuses (err has its words); LIMIT: it is longer than max bytes. Both leave the connection in order. TEMP:
 * the connection broke; FATAL: there is no room for temporary files.
 */
enum status pop3_read(
    struct pop3 *pop3, struct spool *spool, size_t spool_memory, uint64_t max, struct err *err);

/*
 * Deletes the mails with these numbers and takes leave; nothing may be asked for and not read. TEMP: the
 * connection broke before the server said that it is done; BAD: it refuses some, err has its words. What was
 * to be deleted may be there still.
 */
enum status pop3_quit(struct pop3 *pop3, const uint64_t *numbers, size_t count, struct err *err);

#endif
