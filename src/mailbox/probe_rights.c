/*
 * probe_rights: what this user may do with the mails, as far as the server tells (RFC 4314); and the folders
 * that they are to go to. Nothing is tried out: that would change the mailbox.
 */
#include "base/text.h"
#include "mailbox/probe_lines.h"
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"

#include <stdio.h>
#include <string.h>

static void
take_rights(struct probing *probing, const char *line)
{
	(void)lines_rights(probing->rights, sizeof probing->rights, line);
}

/* Fills in probing->rights; false: the server doesn't tell. */
static bool
ask_rights(struct probing *probing, const char *folder)
{
	const char *words;

	probing->rights[0] = '\0';
	if (!words_offers(probing->offers, "ACL"))
		return false;
	return probe_ask(probing, &words, probe_command(probing, "MYRIGHTS", folder, ""), take_rights) ==
		   ASK_OK &&
	       probing->rights[0] != '\0';
}

/* RFC 2086 had d for what are t and e today, and c for k. */
static bool
may(const struct probing *probing, char right)
{
	char old = right == 't' || right == 'e' ? 'd' : right == 'k' ? 'c' : right;

	return strchr(probing->rights, right) != NULL || strchr(probing->rights, old) != NULL;
}

/* What of the rights the settings of the account need and have not; NULL: nothing. */
static const char *
lacking(const struct probing *probing)
{
	bool removes = probing->account->after == AFTER_ARCHIVE || probing->account->after == AFTER_DELETE ||
		       probing->account->invalid_folder != NULL;

	if (!may(probing, 'r'))
		return "read";
	if (probing->account->after == AFTER_SEEN && !may(probing, 's'))
		return "mark as seen";
	if (removes && (!may(probing, 't') || !may(probing, 'e')))
		return "move and delete";
	return NULL;
}

static const char *
rights_text(struct probing *probing)
{
	return probe_say(probing, "may read: %s, mark as seen: %s, move and delete: %s",
	    may(probing, 'r') ? "yes" : "no", may(probing, 's') ? "yes" : "no",
	    may(probing, 't') && may(probing, 'e') ? "yes" : "no");
}

static void
imap_rights(struct probing *probing)
{
	const char *folder = probing->account->folder, *found, *missing = NULL, *advice = NULL;
	bool uidplus = words_offers(probing->offers, "UIDPLUS"), told = ask_rights(probing, folder);
	bool removes = probing->account->after == AFTER_ARCHIVE || probing->account->after == AFTER_DELETE;
	enum probe_result result = told ? PROBE_OK : PROBE_UNKNOWN;

	found = told ? rights_text(probing) : "the server does not tell them (no ACL)";
	found = probe_say(probing, "%s; MOVE: %s, UIDPLUS: %s", found,
	    words_offers(probing->offers, "MOVE") ? "yes" : "no", uidplus ? "yes" : "no");
	if (told)
		missing = lacking(probing);
	if (removes && !uidplus) {
		result = PROBE_WARNING;
		advice = "without UIDPLUS no single mail can be expunged";
	}
	if (missing != NULL)
		probe_fail(probing, folder, EXIT_CODE_PERMISSION, REACH_LOGIN, found,
		    probe_say(probing, "let this user %s in this folder, or set after = leave", missing));
	else
		probe_note(probing, folder, result, found, advice);
}

static void
pop3_rights(struct probing *probing)
{
	bool uidl = probing->offers[0] == '\0' || words_offers(probing->offers, "UIDL");

	if (uidl)
		probe_note(probing, NULL, PROBE_OK, "POP3 lets everybody read and delete; UIDL: yes", NULL);
	else
		probe_note(probing, NULL, PROBE_WARNING, "POP3 lets everybody read and delete; UIDL: no",
		    "without UIDL it can't be remembered what was read: use IMAP, or set after = delete");
}

void
probe_step_rights(struct probing *probing)
{
	if (probing->account->protocol == ACCOUNT_IMAP)
		imap_rights(probing);
	else
		pop3_rights(probing);
}

/* The place of a folder in the list, or its count. */
static size_t
find_folder(const struct folders *folders, const char *name)
{
	size_t i;

	for (i = 0; i < folders->count; i++)
		if (strcmp(folders->names[i], name) == 0)
			break;
	return i;
}

static void
tell_target(struct probing *probing, const char *folder)
{
	const struct folders *folders = &probing->folders;
	size_t at = find_folder(folders, folder);

	if (at == folders->count)
		probe_note(probing, folder, PROBE_UNKNOWN, "it is not there yet",
		    "it is made when a mail is to go there first; make it now to be sure that it can be "
		    "made");
	else if (!folders->selectable[at])
		probe_fail(probing, folder, EXIT_CODE_CONFIG, REACH_LOGIN, "it can hold no mails",
		    "name another folder, or one below it");
	else if (ask_rights(probing, folder) && !may(probing, 'i'))
		probe_fail(probing, folder, EXIT_CODE_PERMISSION, REACH_LOGIN,
		    "it is there, but no mail may be put into it", "let this user insert there");
	else
		probe_note(probing, folder, PROBE_OK, "it is there", NULL);
}

void
probe_step_archive(struct probing *probing)
{
	tell_target(probing, probing->account->archive);
}

void
probe_step_invalid(struct probing *probing)
{
	tell_target(probing, probing->account->invalid_folder);
}
