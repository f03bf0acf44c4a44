/*
 * probe_login: the login, by the same link.c as an import, so that it meets what an import would meet; and
 * the hints that the provider's own words seldom give.
 */
#include "base/text.h"
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"

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
	return probe_say(probing, "%s", err->what);
}

static const char *
advice_for_refusal(const struct probing *probing, const struct err *err)
{
	static const char *const signs[] = {"app password", "application-specific", "app-specific"};
	const char *provider = words_provider(probing->host, probing->account->protocol);
	size_t i;

	if (provider != NULL)
		return provider;
	for (i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (text_find_nocase(err->what, strlen(err->what), signs[i]) >= 0)
			return "make an app password in the settings of the provider";
	return "see whether user and password are right (the user is mostly the whole address), and whether "
	       "the account may use this protocol";
}

static void
tell_failure(struct probing *probing, const struct secret *secret, const struct err *err)
{
	const char *found = probe_link_words(probing, err), *advice = NULL;

	if (err->exit_code == EXIT_CODE_PERMISSION)
		advice = secret->is_token ? "the token may be expired, or be made for another user or scope"
					  : advice_for_refusal(probing, err);
	else if (err->exit_code == EXIT_CODE_TEMPORARY)
		advice = "try again later; the server's log says more";
	probe_fail(probing, probing->account->user, err->exit_code, REACH_TALK, found, advice);
}

void
probe_step_login(struct probing *probing)
{
	const struct account *account = probing->account;
	struct secret secret = {0};
	struct err err = {0};
	enum status status;

	/* One connection at a time: some servers count them. */
	wire_close(&probing->wire);
	status = secret_get(&secret, account, &err);
	if (status != OK)
		probe_fail(probing, account->user, err.exit_code, REACH_TALK,
		    probe_say(probing, "%s%s%s", err.where, err.where[0] != '\0' ? ": " : "", err.what),
		    "say where the password is");
	else {
		probe_allow_link(probing);
		status = link_open(&probing->link, account, &secret, is_late, &err);
		if (status != OK)
			tell_failure(probing, &secret, &err);
		else
			probe_note(probing, account->user, PROBE_OK,
			    secret.is_token ? "accepted, with an OAuth2 token" : "accepted", NULL);
	}
	secret_free(&secret);
}
