/* link_failure: a connection or login that failed, in words, with the exit code that fits. */
#include "mailbox/link_failure.h"

#include "base/mem.h"
#include "base/text.h"
#include "mailbox/link.h"
#include "mailbox/probe_net.h"
#include "mailbox/refusal.h"

#include <stdlib.h>
#include <string.h>

/* What it means for whoever starts the program again. */
static enum exit_code
exit_code_of(const struct link_failure *failure)
{
	switch (failure->kind) {
	case LINK_REFUSED:
		return EXIT_CODE_PERMISSION;
	case LINK_WRONG:
	case LINK_NO_STARTTLS:
		return EXIT_CODE_CONFIG;
	case LINK_NO_TLS:
		/* TLS spoken to a port without it, or versions that don't meet; else it broke off. */
		return strstr(failure->trouble, "version") != NULL ? EXIT_CODE_CONFIG : EXIT_CODE_TEMPORARY;
	default:
		return EXIT_CODE_TEMPORARY;
	}
}

/* A port that begins without TLS can't read our hello. */
static const char *
hint(const struct link_failure *failure, const struct account *account)
{
	if (failure->kind == LINK_NO_TLS && account->security == ACCOUNT_TLS &&
	    strstr(failure->trouble, "wrong version number") != NULL)
		return account->protocol == ACCOUNT_IMAP
			   ? "; does this port begin without TLS? Then it is imap://"
			   : "; does this port begin without TLS? Then it is pop3://";
	return "";
}

/* A port that begins the other way keeps silent at each try. */
static enum status
tell_mute(const struct link_failure *failure, const struct account *account, struct err *err)
{
	const char *s = account->security == ACCOUNT_TLS ? "" : "s";

	(void)err_stop(err, EXIT_CODE_TEMPORARY,
	    "the server takes the connection and says nothing for %u seconds; does port %u begin with%s TLS? "
	    "Then it is %s%s://",
	    failure->waited, account->port, s[0] == '\0' ? "out" : "",
	    account->protocol == ACCOUNT_IMAP ? "imap" : "pop3", s);
	return err->status = FATAL;
}

/* libcurl doesn't tell a name that is none from a resolver that is not there. */
static enum status
tell_unresolved(const struct account *account, struct err *err)
{
	struct net_name *name = mem_zero(1, sizeof *name);
	char host[NET_HOST];
	bool none;

	if (net_host(host, account->host))
		net_lookup(name, host, LINK_LOOKUP);
	none = name->answer == NET_NO_NAME || name->answer == NET_NO_ADDRESS;
	free(name);
	if (none)
		return err_stop(err, EXIT_CODE_CONFIG,
		    "there is no host of the name %s: see whether it is right", account->host);
	return err_stop(err, EXIT_CODE_TEMPORARY, "the name %s can't be looked up now", account->host);
}

enum status
link_tell_failure(const struct link_failure *failure, const struct account *account, struct err *err)
{
	enum exit_code exit_code = exit_code_of(failure);
	const char *said = failure->said;
	const struct refusal *refusal = refusal_find(said, REFUSAL_OF_LOGIN);

	if (failure->kind == LINK_MUTE)
		return tell_mute(failure, account, err);
	if (failure->kind == LINK_NO_NAME)
		return tell_unresolved(account, err);
	if (failure->kind == LINK_STOPPED)
		return err_stop(err, EXIT_CODE_TEMPORARY, "stopped by request");
	if (exit_code == EXIT_CODE_PERMISSION && refusal != NULL)
		return err_stop(err, refusal->exit_code, "the server lets nobody in now: %s", said);
	if (exit_code == EXIT_CODE_PERMISSION)
		return err_stop(err, exit_code, "the server refuses the login of %s%s%s",
		    account->user == NULL ? "nobody (the URL names no user)" : account->user,
		    said[0] != '\0' ? ": " : "", said);
	if (failure->kind == LINK_NO_STARTTLS)
		return err_stop(err, exit_code,
		    "the server offers no STARTTLS, so nothing was sent (?insecure=1 would do without)");
	return err_stop(err, exit_code, "%s%s%s%s", failure->trouble, said[0] != '\0' ? ": " : "", said,
	    hint(failure, account));
}

bool
link_challenge(char *to, size_t size, struct str line)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, held = 0;
	const char *digit;
	size_t i, len = 0;

	if (line.len < 3 || memcmp(line.data, "+ ", 2) != 0)
		return false;
	for (i = 2; i < line.len && line.data[i] != '=' && len + 1 < size; i++) {
		digit = memchr(digits, line.data[i], sizeof digits - 1);
		if (digit == NULL)
			return false;
		held = (held << 6 | (unsigned)(digit - digits)) & 0xfff;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		to[len++] = (char)(held >> bits & 0xff);
	}
	to[len] = '\0';
	return len > 0 && to[0] == '{';
}
