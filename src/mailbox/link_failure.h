/* link_failure: what link.c tells of a connection that it could not make; private to this folder. */
#ifndef DMARCQ_MAILBOX_LINK_FAILURE_H
#define DMARCQ_MAILBOX_LINK_FAILURE_H

#include "base/err.h"
#include "base/text.h"
#include "mailbox/account.h"

enum link_trouble {
	LINK_REFUSED,     /* the login */
	LINK_WRONG,       /* a certificate, or a setting */
	LINK_NO_STARTTLS, /* it is not offered */
	LINK_NO_TLS,      /* the handshake came to nothing */
	LINK_NO_NAME,     /* the name was not found */
	LINK_STOPPED,     /* by request */
	LINK_MUTE,        /* connected, and nothing came */
	LINK_BROKE,       /* anything else */
};

struct link_failure {
	enum link_trouble kind;
	const char *trouble; /* libcurl's words for it */
	const char *said;    /* the server's last refusal; "" */
	unsigned waited;     /* seconds, of LINK_MUTE */
};

/* As link_open says. Asks the resolver again when it is about the name. */
enum status link_tell_failure(
    const struct link_failure *failure, const struct account *account, struct err *err);

/*
 * What a server tells of a token that it refuses: "+ " and JSON in base64 (RFC 7628 section 3.2.2, and Google
 * and Microsoft with XOAUTH2), to which libcurl may hang up before the refusal comes. Cut at size, with its
 * NUL. False: the line is another one.
 */
bool link_challenge(char *to, size_t size, struct str line);

#endif
