/*
 * account: a mailbox on a server: where it is, how one logs in there, and what is to become of its mail. It
 * comes from a URL ("imaps://user@host/INBOX"), or from a section of the configuration.
 */
#ifndef DMARCQ_MAILBOX_ACCOUNT_H
#define DMARCQ_MAILBOX_ACCOUNT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum account_protocol { ACCOUNT_IMAP, ACCOUNT_POP3 };

enum account_security {
	ACCOUNT_TLS,      /* imaps, pop3s: TLS from the first byte (RFC 8314) */
	ACCOUNT_STARTTLS, /* imap, pop3: STARTTLS or STLS, without which there is no login */
	ACCOUNT_CLEAR,    /* imap, pop3 with ?insecure=1 */
};

/* What becomes of a mail whose reports are all stored. */
enum account_after {
	AFTER_LEAVE,   /* nothing */
	AFTER_SEEN,    /* IMAP: it gets the flag \Seen */
	AFTER_ARCHIVE, /* IMAP: it moves to account.archive */
	AFTER_DELETE,
};

/* Texts are the arena's that it was made in, UTF-8; missing ones are NULL. */
struct account {
	const char *name; /* of [mailbox NAME]; NULL: it was only a URL */
	const char *url;  /* as people and the database see it, without secrets: "imaps://user@host/INBOX" */
	enum account_protocol protocol;
	enum account_security security;
	const char *user, *host;
	uint16_t port;
	const char *folder; /* IMAP; "INBOX" when nothing was said */
	/* How to log in: see secret_get. At most one of them is set. */
	const char *password_file, *password_command, *credential, *token_command;
	const char *ca_file; /* PEM; NULL: the system's */
	enum account_after after;
	const char *archive;        /* folder of AFTER_ARCHIVE */
	const char *invalid_folder; /* IMAP: where mails go whose reports were rejected; NULL: they stay */
	const char *search;         /* IMAP: search keys (RFC 9051 section 6.4.4) instead of ALL */
	unsigned batch;             /* messages asked for at once */
	unsigned timeout;           /* seconds without a byte from the server */
	uint64_t max_message;       /* bytes; a longer one stays where it is and is told */
};

enum {
	ACCOUNT_BATCH = 50, /* four of them on their way keep a line of 50 ms busy */
	ACCOUNT_TIMEOUT =
	    60, /* RFC 9051 section 5.4 lets a server be silent for long; people don't wait longer */
};
#define ACCOUNT_MAX_MESSAGE UINT64_C(104857600)

/* Whether a text is the URL of a mailbox: it begins with a scheme that this reads. */
bool account_is_url(const char *text);

/*
 * Reads SCHEME://[USER[:PASSWORD]@]HOST[:PORT][/FOLDER][?insecure=1] (RFC 3986 percent encoding; RFC 5092,
 * RFC 2384) with everything else at its default. A password in it is refused: command lines can be seen by
 * everybody. FATAL with exit code 64 names what is wrong.
 */
enum status account_from_url(struct account *account, struct arena *arena, const char *text, struct err *err);

/* account->url made again, when something it shows was changed. */
void account_name_url(struct account *account, struct arena *arena);

#endif
