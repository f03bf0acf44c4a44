/*
 * refusal: what the words of a server that refuses something mean for whoever starts the program again. The
 * table in refusal.c is the only place that knows them.
 */
#ifndef DMARCQ_MAILBOX_REFUSAL_H
#define DMARCQ_MAILBOX_REFUSAL_H

#include "base/err.h"

/* What was refused. */
enum refusal_of {
	REFUSAL_OF_LOGIN = 1,
	REFUSAL_OF_COMMAND = 2,
	REFUSAL_OF_FETCH = 4, /* of all mails alike: it is not about the one that was asked for */
};

struct refusal {
	const char *said;         /* in any case: "[CODE" of a response code (RFC 5530, RFC 2449), or words */
	unsigned of;              /* enum refusal_of */
	enum exit_code exit_code; /* EXIT_CODE_TEMPORARY: it passes by itself */
	const char *advice;       /* what to do; NULL: nothing better than to wait */
};

/*
 * The first line of the table that is in what the server said; NULL: nothing is known of it. Of a login only
 * what surely passes is: whatever else, a password may be wrong and must not be sent again.
 */
const struct refusal *refusal_find(const char *said, enum refusal_of of);
/* Of a command behind the login. */
enum exit_code refusal_exit_code(const char *said, enum exit_code otherwise);

#endif
