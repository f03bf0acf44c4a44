/*
 * probe_folder: whether the folder is there, what waits in it, and what else there is. IMAP by LIST and
 * STATUS, which select nothing; the setting `search` is tried in a folder that is opened only for reading.
 */
#include "base/text.h"
#include "base/words.h"
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_SHOWN = 8 };

static void
take_folder(void *data, const char *name, bool holds_messages)
{
	struct probing *probing = data;
	struct folders *folders = &probing->folders;

	if (folders->count == FOLDERS)
		return;
	folders->names[folders->count] = probe_say(probing, "%s", name);
	folders->holds_messages[folders->count++] = holds_messages;
}

static enum status
list_folders(struct probing *probing, struct err *err)
{
	struct arena *arena = &probing->probe->arena;
	struct folders *folders = &probing->folders;

	folders->names = arena_zero(arena, FOLDERS * sizeof *folders->names);
	folders->holds_messages = arena_zero(arena, FOLDERS * sizeof *folders->holds_messages);
	return imap_list(probing->imap, take_folder, probing, err);
}

static bool
may_be_meant(const char *wanted, const char *name)
{
	size_t distance;

	return words_similar_folder(wanted, name) || word_is_near(&distance, wanted, name);
}

/* Names of folders into text: those that may be meant, or all; how many. */
static size_t
put_names(char text[SAY_TEXT], const struct folders *folders, const char *wanted, bool all)
{
	char name[IMAP_FOLDER];
	size_t used = 0, shown = 0, i;

	for (i = 0; i < folders->count && shown < NAMES_SHOWN; i++) {
		imap_decode_name(name, folders->names[i]);
		if (!folders->holds_messages[i] || (!all && !may_be_meant(wanted, name)) ||
		    used + strlen(name) + 3 > SAY_TEXT)
			continue;
		used += (size_t)snprintf(text + used, SAY_TEXT - used, "%s%s", shown++ > 0 ? ", " : "", name);
	}
	return shown;
}

/* Folders that may be meant, else all. */
static const char *
advice_for_folder(struct probing *probing, const char *wanted)
{
	const struct folders *folders = &probing->folders;
	char text[SAY_TEXT] = "";
	size_t shown = put_names(text, folders, wanted, false);

	if (shown > 0)
		return probe_say(probing, "did you mean %s?", text);
	shown = put_names(text, folders, wanted, true);
	if (shown == 0)
		return "this user sees no folder at all: log in with a mail program, and see whether there "
		       "is any";
	return probe_say(probing, "there are: %s%s", text, folders->count > shown ? ", ..." : "");
}

/* The folder's name as it is sent, and its messages. A server may keep one that it has out of its list. */
static enum status
count_messages(struct probing *probing, uint32_t *messages, struct err *err)
{
	enum status status;
	bool there;

	status =
	    imap_find_folder(probing->imap, probing->account->folder, false, probing->folder, &there, err);
	return status == OK ? imap_count(probing->imap, probing->folder, messages, err) : status;
}

static void
imap_folder_step(struct probing *probing)
{
	const char *folder = probing->account->folder;
	uint32_t messages = 0;
	struct err err = {0};
	enum exit_code code;
	enum status status;

	probe_allow_link(probing);
	status = list_folders(probing, &err);
	if (status <= BAD)
		status = count_messages(probing, &messages, &err);
	if (status != OK) {
		code = probe_refused_code(status, &err);
		probe_fail(probing, folder, code, REACH_TALK, probe_link_words(probing, &err),
		    code == EXIT_CODE_TEMPORARY ? probe_wait(err.what, REFUSAL_OF_COMMAND, "try again later")
						: advice_for_folder(probing, folder));
	} else
		probe_note(
		    probing, folder, PROBE_OK, probe_say(probing, "messages: %u", (unsigned)messages), NULL);
}

void
probe_step_folder(struct probing *probing)
{
	if (probing->account->protocol == ACCOUNT_IMAP)
		imap_folder_step(probing);
	else
		probe_note(probing, NULL, PROBE_OK,
		    probe_say(probing, "messages: %zu", pop3_count(probing->pop3)), NULL);
}

void
probe_step_search(struct probing *probing)
{
	const struct account *account = probing->account;
	struct err err = {0};
	enum status status;
	struct uids found;

	uids_init(&found);
	probe_allow_link(probing);
	status = imap_select(probing->imap, account->folder, true, &err);
	if (status == OK)
		status = imap_search(probing->imap, account->search, &found, &err);
	if (status == OK)
		probe_note(probing, account->search, PROBE_OK,
		    probe_say(
			probing, "messages that it finds: %llu", (unsigned long long)uids_count(&found)),
		    NULL);
	else if (probe_refused_code(status, &err) != EXIT_CODE_TEMPORARY)
		probe_fail(probing, account->search, probe_refused_code(status, &err), REACH_LOGIN,
		    probe_link_words(probing, &err),
		    "mend the setting search: its words are those of RFC 9051 section 6.4.4, texts in "
		    "quotes");
	else
		probe_fail(probing, account->search, EXIT_CODE_TEMPORARY, REACH_TALK,
		    probe_link_words(probing, &err),
		    probe_wait(err.what, REFUSAL_OF_COMMAND, "try again later, or search for less"));
	uids_free(&found);
}
