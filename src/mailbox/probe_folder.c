/*
 * probe_folder: whether the folder is there, what waits in it, and what else there is. IMAP by LIST and
 * STATUS, which select nothing; POP3 by STAT.
 */
#include "base/text.h"
#include "base/words.h"
#include "mailbox/probe_lines.h"
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"

#include <stdio.h>
#include <string.h>

enum {
	NAME_MAX_BYTES = 1000, /* a longer name of a folder is passed over */
	NAMES_SHOWN = 8,
};

static void
take_capability(struct probing *probing, const char *line)
{
	if (text_find_nocase(line, strlen(line), "* CAPABILITY ") == 0)
		words_add_offers(probing->offers, sizeof probing->offers, line, ACCOUNT_IMAP);
}

static void
take_folder(struct probing *probing, const char *line)
{
	struct folders *folders = &probing->folders;
	char name[NAME_MAX_BYTES + 1];
	bool selectable;

	if (folders->count == FOLDERS || !lines_list(name, sizeof name, &selectable, line))
		return;
	folders->names[folders->count] = probe_say(probing, "%s", name);
	folders->selectable[folders->count++] = selectable;
}

/* What the server offers to this user, and the folders there are. False: the connection broke, which is
 * noted. */
static bool
look_around(struct probing *probing)
{
	static const char list[] = "LIST \"\" \"*\"";
	struct arena *arena = &probing->probe->arena;
	const char *words;

	probing->offers[0] = '\0';
	probing->folders.names = arena_zero(arena, FOLDERS * sizeof *probing->folders.names);
	probing->folders.selectable = arena_zero(arena, FOLDERS * sizeof *probing->folders.selectable);
	if (probe_ask(probing, &words, "CAPABILITY", take_capability) != ASK_BROKEN &&
	    probe_ask(probing, &words, list, take_folder) != ASK_BROKEN)
		return true;
	probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_TALK, words, "try again later");
	return false;
}

/* Folders that may be meant, else all; NULL: there are none. */
static const char *
advice_for_folder(struct probing *probing, const char *folder)
{
	const struct folders *folders = &probing->folders;
	char text[SAY_TEXT] = "";
	size_t used = 0, shown = 0, i, distance;
	bool all = false;

	for (;;) {
		for (i = 0; i < folders->count && shown < NAMES_SHOWN; i++) {
			if (!folders->selectable[i] ||
			    (!all && !words_similar_folder(folder, folders->names[i]) &&
				!word_is_near(&distance, folder, folders->names[i])))
				continue;
			if (used + strlen(folders->names[i]) + 3 > sizeof text)
				break;
			used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
			    shown++ > 0 ? ", " : "", folders->names[i]);
		}
		if (shown > 0 || all)
			break;
		all = true;
	}
	if (shown == 0)
		return NULL;
	return probe_say(probing, all ? "there are: %s%s" : "did you mean %s%s?", text,
	    all && folders->count > shown ? ", ..." : "");
}

static void
take_status(struct probing *probing, const char *line)
{
	(void)lines_status(&probing->messages, &probing->unseen, line);
}

static void
imap_folder(struct probing *probing)
{
	const char *folder = probing->account->folder, *words;
	enum ask_answer answer;

	if (!look_around(probing))
		return;
	answer = probe_ask(
	    probing, &words, probe_command(probing, "STATUS", folder, " (MESSAGES UNSEEN)"), take_status);
	if (answer == ASK_BROKEN)
		probe_fail(probing, folder, EXIT_CODE_TEMPORARY, REACH_TALK, words, "try again later");
	else if (answer == ASK_REFUSED)
		probe_fail(
		    probing, folder, EXIT_CODE_CONFIG, REACH_TALK, words, advice_for_folder(probing, folder));
	else
		probe_note(probing, folder, PROBE_OK,
		    probe_say(probing, "%llu messages, %llu of them not seen",
			(unsigned long long)probing->messages, (unsigned long long)probing->unseen),
		    NULL);
}

static void
pop3_folder(struct probing *probing)
{
	const char *words;
	enum ask_answer answer = probe_ask(probing, &words, "STAT", NULL);
	size_t len = strcspn(words, " ");

	if (answer == ASK_BROKEN || answer == ASK_REFUSED)
		probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_TALK, words,
		    "another program may have the mailbox open: POP3 locks it");
	else if (!text_u64(&probing->messages, words, len))
		probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_TALK,
		    probe_say(probing, "this is no number of messages: %s", words), NULL);
	else
		probe_note(probing, NULL, PROBE_OK,
		    probe_say(probing, "%llu messages", (unsigned long long)probing->messages), NULL);
}

void
probe_step_folder(struct probing *probing)
{
	if (probing->account->protocol == ACCOUNT_IMAP)
		imap_folder(probing);
	else
		pop3_folder(probing);
}
