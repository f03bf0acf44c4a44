/* secret: what proves to a server who logs in: a password or an OAuth2 token, never from the command line. */
#ifndef DMARCQ_MAILBOX_SECRET_H
#define DMARCQ_MAILBOX_SECRET_H

#include "base/err.h"
#include "mailbox/account.h"

enum {
	SECRET_BYTES = 16384, /* of a secret; tokens of Microsoft have 2 to 4 KB */
	SECRET_SECONDS = 60,  /* for a command to print it */
};

struct secret {
	char *text;    /* owned; wiped when freed */
	bool is_token; /* OAuth2 bearer token (RFC 6750): XOAUTH2 or OAUTHBEARER (RFC 7628) */
};

/*
 * The secret of an account, fetched anew each time, because tokens expire. In this order: what the account
 * names; $CREDENTIALS_DIRECTORY/dmarcq-password (a systemd credential); $DMARCQ_PASSWORD. Of a file and of
 * what a command prints, the first line counts. Commands are run by /bin/sh with the program's own standard
 * error and nothing on standard input, for at most SECRET_SECONDS. FATAL with exit code 78: there is none, or
 * what was named can't be had; 77: the file may not be read, or others may read it. TEMP: the command took
 * too long or ended with 75. Errors never hold the secret. secret_free is due.
 */
enum status secret_get(struct secret *secret, const struct account *account, struct err *err);
void secret_free(struct secret *secret);

#endif
