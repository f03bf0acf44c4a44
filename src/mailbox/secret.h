/* secret: what proves to a server who logs in: a password or an OAuth2 token, never from the command line. */
#ifndef DMARCQ_MAILBOX_SECRET_H
#define DMARCQ_MAILBOX_SECRET_H

#include "base/err.h"
#include "mailbox/account.h"

struct secret {
	char *text;    /* owned; wiped when freed */
	bool is_token; /* OAuth2 bearer token (RFC 6750): XOAUTH2 or OAUTHBEARER (RFC 7628) */
};

/*
 * The secret of an account, fetched anew each time, because tokens expire. In this order: what the account
 * names; $CREDENTIALS_DIRECTORY/dmarcq-password (a systemd credential); $DMARCQ_PASSWORD. FATAL with exit
 * code 78: there is none, or what was named can't be had; 77: it may not be read. secret_free is due.
 */
enum status secret_get(struct secret *secret, const struct account *account, struct err *err);
void secret_free(struct secret *secret);

#endif
