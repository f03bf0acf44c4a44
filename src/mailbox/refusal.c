/*
 * refusal: a server's words in a table. A new one is a line, with its server; it must not be among the words
 * of a server that also uses them for a wrong password ("login frequency limited, or system is busy").
 */
#include "mailbox/refusal.h"

#include "base/text.h"

#include <string.h>

enum {
	LOGIN = REFUSAL_OF_LOGIN,
	COMMAND = REFUSAL_OF_COMMAND,
	FETCH = REFUSAL_OF_FETCH,
	ALL = LOGIN | COMMAND | FETCH,
};

static const char connections[] =
    "other programs hold connections to this mailbox: close some, or raise the server's limit "
    "(Dovecot: mail_max_userip_connections)";
static const char too_often[] = "it was asked too often: wait, and import less often";
static const char a_day[] =
    "so much was fetched that the provider lets in nobody for some hours, a day at most";
static const char locked[] = "another program has the mailbox open: POP3 locks it";
static const char in_use[] = "another program has the mailbox open";

/* Words stand before codes: they say more. */
static const struct refusal table[] = {
    {"too many simultaneous connections", ALL, EXIT_CODE_TEMPORARY, connections}, /* Gmail, [ALERT] */
    {"maximum number of connections", ALL, EXIT_CODE_TEMPORARY, connections},     /* Dovecot */
    {"too many connections", ALL, EXIT_CODE_TEMPORARY, connections},
    {"too many concurrent connections", ALL, EXIT_CODE_TEMPORARY, connections},
    {"command or bandwidth limits", ALL, EXIT_CODE_TEMPORARY, a_day},          /* Gmail, [ALERT], [AUTH] */
    {"request is throttled", ALL, EXIT_CODE_TEMPORARY, too_often},             /* Exchange Online */
    {"rate limit hit", ALL, EXIT_CODE_TEMPORARY, too_often},                   /* Yahoo, [LIMIT] */
    {"server unavailable.", LOGIN | COMMAND, EXIT_CODE_TEMPORARY, NULL},       /* Exchange Online */
    {"exceeded the login limit", LOGIN, EXIT_CODE_TEMPORARY, too_often},       /* Outlook.com, POP3 */
    {"temporary authentication failure", LOGIN, EXIT_CODE_TEMPORARY, NULL},    /* Dovecot */
    {"temporary problem, please try again", LOGIN, EXIT_CODE_TEMPORARY, NULL}, /* Courier */
    {"maildrop already locked", LOGIN, EXIT_CODE_TEMPORARY, locked},           /* RFC 1939 section 4 */
    {"unable to lock maildrop", LOGIN, EXIT_CODE_TEMPORARY, locked},           /* Cyrus */
    /* RFC 5530. What the administrator is to be asked for can be a login that is switched off. */
    {"[UNAVAILABLE", LOGIN | COMMAND, EXIT_CODE_TEMPORARY, NULL},
    {"[INUSE", LOGIN | COMMAND, EXIT_CODE_TEMPORARY, in_use},
    {"[LIMIT", LOGIN | COMMAND, EXIT_CODE_TEMPORARY, too_often},
    {"[OVERQUOTA", LOGIN | COMMAND, EXIT_CODE_TEMPORARY, NULL},
    {"[SERVERBUG", LOGIN | COMMAND, EXIT_CODE_TEMPORARY, NULL},
    {"[CONTACTADMIN", COMMAND, EXIT_CODE_TEMPORARY, NULL},
    {"[NOPERM", COMMAND, EXIT_CODE_PERMISSION, NULL},
    {"[CANNOT", COMMAND, EXIT_CODE_CONFIG, NULL},
    {"[NONEXISTENT", COMMAND, EXIT_CODE_CONFIG, NULL},
    /* In no RFC: Yahoo. */
    {"[TEMPFAIL", LOGIN | COMMAND, EXIT_CODE_TEMPORARY, NULL},
    /* POP3: RFC 2449 section 8, RFC 3206. */
    {"[IN-USE", LOGIN, EXIT_CODE_TEMPORARY, locked},
    {"[LOGIN-DELAY", LOGIN, EXIT_CODE_TEMPORARY, too_often},
    {"[SYS/TEMP", LOGIN, EXIT_CODE_TEMPORARY, NULL},
};

/* A code is whole: behind it come its arguments or the bracket. */
static bool
has(const char *said, const char *what)
{
	long at = text_find_nocase(said, strlen(said), what);
	const char *end;

	if (at < 0 || what[0] != '[')
		return at >= 0;
	end = said + at + strlen(what);
	return (*end == ']' || *end == ' ' || *end == '/') && strchr(end, ']') != NULL;
}

const struct refusal *
refusal_find(const char *said, enum refusal_of of)
{
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if ((table[i].of & of) != 0 && has(said, table[i].said))
			return &table[i];
	return NULL;
}

enum exit_code
refusal_exit_code(const char *said, enum exit_code otherwise)
{
	const struct refusal *refusal = refusal_find(said, REFUSAL_OF_COMMAND);

	return refusal != NULL ? refusal->exit_code : otherwise;
}
