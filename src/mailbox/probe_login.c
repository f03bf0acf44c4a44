/*
 * probe_login: the login, by the same imap.c, pop3.c and link.c as an import, so that it meets what an import
 * would meet; and the hints that a provider's own words seldom give.
 */
#include "base/text.h"
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"
#include "mailbox/secret.h"

#include <string.h>

/* link.h asks without an argument. */
static int64_t give_up_at;

static bool
is_late(void)
{
	return net_now() > give_up_at;
}

void
probe_allow_link(struct probing *probing)
{
	give_up_at = net_now() + (int64_t)probing->seconds * 1000;
}

const char *
probe_link_words(struct probing *probing, const struct err *err)
{
	if (is_late())
		return probe_say(probing, "this was not done within %u seconds", probing->seconds);
	return probe_say(probing, "%s%s%s", err->where, err->where[0] != '\0' ? ": " : "", err->what);
}

static bool
says(const struct err *err, const char *words)
{
	return text_find_nocase(err->what, strlen(err->what), words) >= 0;
}

static const char *
advice_for_refusal(const struct probing *probing, const struct err *err)
{
	const char *provider = words_provider(probing->host, probing->account->protocol);

	if (probing->account->token_command != NULL)
		return "the token may be expired, or be made for another user or scope";
	if (provider != NULL)
		return provider;
	if (says(err, "app password") || says(err, "application-specific") || says(err, "app-specific"))
		return "make an app password in the settings of the provider";
	return "see whether user and password are right (the user is mostly the whole address), and whether "
	       "the account may use this protocol";
}

/* What keeps from having a password to send. */
static const char *
advice_for_secret(const struct probing *probing, enum exit_code code)
{
	if (probing->account->credential != NULL)
		return "by hand give --password-file FILE; the unit has it with LoadCredential=";
	if (code == EXIT_CODE_PERMISSION)
		return "give the file to the user who runs this, and let nobody else read it";
	if (probing->account->password_command != NULL || probing->account->token_command != NULL)
		return "run that command by hand, as this user";
	return "name what holds it: password-file, password-command, credential; or --password-file FILE";
}

static void
tell_failure(struct probing *probing, enum status status, const struct err *err)
{
	enum exit_code code = status == FATAL ? err->exit_code : EXIT_CODE_TEMPORARY;
	const char *advice = NULL;

	if (code == EXIT_CODE_PERMISSION && says(err, "the server refuses"))
		advice = advice_for_refusal(probing, err);
	else if (code == EXIT_CODE_PERMISSION || code == EXIT_CODE_CONFIG)
		advice = advice_for_secret(probing, code);
	else if (code == EXIT_CODE_TEMPORARY)
		advice =
		    probe_wait(err->what, REFUSAL_OF_LOGIN, "try again later; the server's log says more");
	probe_fail(probing, probing->account->user, code, REACH_TALK, probe_link_words(probing, err), advice);
}

void
probe_step_login(struct probing *probing)
{
	const struct account *account = probing->account;
	struct err err = {0};
	enum status status;

	/* One connection at a time: some servers count them. */
	wire_close(&probing->wire);
	probe_allow_link(probing);
	/* A command that prints the secret has a time of its own. */
	if (account->password_command != NULL || account->token_command != NULL)
		give_up_at += INT64_C(1000) * SECRET_SECONDS;
	status = account->protocol == ACCOUNT_IMAP ? imap_open(&probing->imap, account, 0, is_late, &err)
						   : pop3_open(&probing->pop3, account, is_late, &err);
	if (status != OK)
		tell_failure(probing, status, &err);
	else
		probe_note(probing, account->user, PROBE_OK,
		    account->token_command != NULL ? "accepted, with an OAuth2 token" : "accepted", NULL);
}
