/*
 * probe_rights: what this user may do with the mails, as far as the server tells (RFC 4314); and the folders
 * that they are to go to. Nothing is tried out: that would change the mailbox.
 */
#include "base/text.h"
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"

#include <string.h>

static bool
offers(const struct probing *probing, enum imap_capability capability)
{
	return (imap_capabilities(probing->imap) & (unsigned)capability) != 0;
}

static const char *
yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

/* Fills in probing->rights; false: the server doesn't tell. */
static bool
ask_rights(struct probing *probing, const char *folder)
{
	struct err ignored;

	probing->rights[0] = '\0';
	return offers(probing, IMAP_ACL) &&
	       imap_rights(probing->imap, folder, probing->rights, &ignored) == OK &&
	       probing->rights[0] != '\0';
}

/* RFC 2086 had d for what are t and e today. */
static bool
may(const struct probing *probing, char right)
{
	char old = right == 't' || right == 'e' ? 'd' : right;

	return strchr(probing->rights, right) != NULL || strchr(probing->rights, old) != NULL;
}

/* Whether mails are to leave the folder. */
static bool
moves(const struct account *account)
{
	return account->after == AFTER_ARCHIVE || account->invalid_folder != NULL;
}

/* What of the rights the settings of the account need and have not; NULL: nothing. */
static const char *
lacking(const struct probing *probing)
{
	const struct account *account = probing->account;

	if (!may(probing, 'r'))
		return "read";
	if (account->after == AFTER_SEEN && !may(probing, 's'))
		return "mark as seen";
	if ((moves(account) || account->after == AFTER_DELETE) && (!may(probing, 't') || !may(probing, 'e')))
		return "move and delete";
	return NULL;
}

static const char *
rights_text(struct probing *probing)
{
	return probe_say(probing, "may read: %s, mark as seen: %s, move and delete: %s",
	    yes_no(may(probing, 'r')), yes_no(may(probing, 's')),
	    yes_no(may(probing, 't') && may(probing, 'e')));
}

/* Whether mails that are to go keep the flag \Deleted instead. */
static bool
stays_behind(const struct probing *probing)
{
	const struct account *account = probing->account;

	if (offers(probing, IMAP_UIDPLUS))
		return false;
	return account->after == AFTER_DELETE || (moves(account) && !offers(probing, IMAP_MOVE));
}

static void
imap_rights_step(struct probing *probing)
{
	const char *folder = probing->account->folder, *found, *missing = NULL;
	bool told;

	probe_allow_link(probing);
	told = ask_rights(probing, probing->folder);
	found = told ? rights_text(probing) : "the server does not tell them (no ACL)";
	found = probe_say(probing, "%s; MOVE: %s, UIDPLUS: %s", found, yes_no(offers(probing, IMAP_MOVE)),
	    yes_no(offers(probing, IMAP_UIDPLUS)));
	if (told)
		missing = lacking(probing);
	if (missing != NULL)
		probe_fail(probing, folder, EXIT_CODE_PERMISSION, REACH_LOGIN, found,
		    probe_say(probing, "let this user %s in this folder, or change the mailbox's settings",
			missing));
	else if (stays_behind(probing))
		probe_note(probing, folder, PROBE_WARNING, found,
		    "without UIDPLUS mails only get the flag \\Deleted, and stay until somebody expunges "
		    "them");
	else
		probe_note(probing, folder, told ? PROBE_OK : PROBE_UNKNOWN, found, NULL);
}

static void
pop3_rights_step(struct probing *probing)
{
	bool uidl = words_offers(probing->offers, "UIDL") || pop3_has_uids(probing->pop3);

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
		imap_rights_step(probing);
	else
		pop3_rights_step(probing);
}

/* Whether there is a folder of this name, as it is sent, that can only hold others. */
static bool
holds_folders_only(const struct folders *folders, const char *name)
{
	size_t i;

	for (i = 0; i < folders->count; i++)
		if (strcmp(folders->names[i], name) == 0)
			return !folders->holds_messages[i];
	return false;
}

static void
tell_target(struct probing *probing, const char *folder)
{
	char found[IMAP_FOLDER] = "";
	struct err err = {0};
	enum status status;
	bool there;

	probe_allow_link(probing);
	status = imap_find_folder(probing->imap, folder, false, found, &there, &err);
	if (status != OK)
		probe_fail(probing, folder, probe_refused_code(status, &err),
		    status == BAD ? REACH_LOGIN : REACH_TALK, probe_link_words(probing, &err),
		    probe_refused_code(status, &err) != EXIT_CODE_TEMPORARY
			? "see whether the server writes its name so: other levels, INBOX. before it"
			: probe_wait(err.what, REFUSAL_OF_COMMAND, "try again later"));
	else if (holds_folders_only(&probing->folders, found))
		probe_fail(probing, folder, EXIT_CODE_CONFIG, REACH_LOGIN, "it can hold no mails",
		    "name another folder, or one below it");
	else if (!there)
		probe_note(probing, folder, PROBE_UNKNOWN, "it is not there yet",
		    "it is made when a mail is to go there first; make it now to be sure that it can be "
		    "made");
	else if (ask_rights(probing, found) && !may(probing, 'i'))
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
