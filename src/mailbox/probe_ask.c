/*
 * probe_ask: commands after the login, one at a time, and their answers line by line. All of them only look:
 * nothing here may change a mailbox.
 */
#include "base/buf.h"
#include "base/text.h"
#include "mailbox/probing.h"

#include <stdio.h>
#include <string.h>

enum {
	ANSWER_LINES = 100000,   /* lines of one answer: an account has some thousand folders at most */
	ANSWER_LINE = 65536,     /* bytes of one, literals inside */
	COMMAND_TEXT = 4 * 1024, /* bytes of a command: two folders, encoded */
};

/* The size of a literal that a line ends with, "{12}" or "{12+}"; false: there is none. */
static bool
ends_with_literal(uint64_t *size, const char *line, size_t *len)
{
	const char *open = memrchr(line, '{', *len);
	size_t digits;

	if (*len < 3 || line[*len - 1] != '}' || open == NULL)
		return false;
	digits = (size_t)(line + *len - 1 - (open + 1));
	if (digits > 0 && open[digits] == '+')
		digits--;
	if (!text_u64(size, open + 1, digits))
		return false;
	*len = (size_t)(open - line);
	return true;
}

/* The bytes of a literal as a quoted string. */
static enum status
add_literal(struct buf *line, struct link *link, uint64_t size, struct err *err)
{
	const unsigned char *bytes;
	size_t len, i;
	enum status status;
	bool fits;

	if (size > ANSWER_LINE)
		return err_set(err, LIMIT, "the server sent a literal of more than %d bytes", ANSWER_LINE);
	fits = buf_add_text(line, "\"");
	for (; size > 0; size -= len) {
		status = link_bytes(link, &bytes, &len, (size_t)size, err);
		if (status != OK)
			return status;
		for (i = 0; i < len; i++) {
			if (bytes[i] == '"' || bytes[i] == '\\')
				fits = fits && buf_add_text(line, "\\");
			fits = fits && buf_add(line, bytes + i, 1);
		}
	}
	fits = fits && buf_add_text(line, "\"");
	return fits ? OK : err_set(err, LIMIT, "the server sent a line of more than %d bytes", ANSWER_LINE);
}

/* A line with the literals in it, as a text. */
static enum status
whole_line(struct buf *line, struct probing *probing, struct err *err)
{
	bool imap = probing->account->protocol == ACCOUNT_IMAP, more = true;
	const char *text;
	enum status status;
	uint64_t size;
	size_t len;

	buf_clear(line);
	while (more) {
		status = link_line(probing->link, &text, &len, err);
		if (status != OK)
			return status;
		more = imap && ends_with_literal(&size, text, &len);
		if (!buf_add(line, text, len))
			return err_set(
			    err, LIMIT, "the server sent a line of more than %d bytes", ANSWER_LINE);
		status = more ? add_literal(line, probing->link, size, err) : OK;
		if (status != OK)
			return status;
	}
	return buf_add(line, "", 1) ? OK : err_set(err, LIMIT, "too long a line");
}

/* Whether this is the last line of an answer; *good says how it ended, *words what the server said. */
static bool
is_last(const struct probing *probing, const char *tag, const char *line, bool *good, const char **words)
{
	size_t len = strlen(tag);

	if (probing->account->protocol == ACCOUNT_POP3) {
		*good = line[0] == '+';
		*words = line + strcspn(line, " ") + (strchr(line, ' ') != NULL);
		return true;
	}
	if (strncmp(line, tag, len) != 0)
		return false;
	*words = line + len;
	len = strcspn(*words, " ");
	*good = text_same_nocase(*words, len, "OK");
	return true;
}

static enum status
take_answer(struct probing *probing, struct buf *line, const char *tag, bool *good, const char **words,
    void (*take)(struct probing *probing, const char *line), struct err *err)
{
	enum status status;
	int i;

	for (i = 0; i < ANSWER_LINES; i++) {
		status = whole_line(line, probing, err);
		if (status != OK)
			return status;
		if (is_last(probing, tag, (const char *)line->data, good, words))
			return OK;
		if (take != NULL)
			take(probing, (const char *)line->data);
	}
	return err_set(err, LIMIT, "an answer of more than %d lines", ANSWER_LINES);
}

enum ask_answer
probe_ask(struct probing *probing, const char **words, const char *command,
    void (*take)(struct probing *probing, const char *line))
{
	char tag[16] = "", text[COMMAND_TEXT + 32];
	const char *said = "";
	enum status status;
	bool good = false;
	struct buf line;
	struct err err = {0};

	if (probing->account->protocol == ACCOUNT_IMAP)
		(void)snprintf(tag, sizeof tag, "d%u ", ++probing->tag);
	(void)snprintf(text, sizeof text, "%s%s\r\n", tag, command);
	buf_init(&line, ANSWER_LINE + 1);
	probe_allow_link(probing);
	status = link_send(probing->link, text, strlen(text), &err);
	if (status == OK)
		status = take_answer(probing, &line, tag, &good, &said, take, &err);
	*words =
	    status == OK ? probe_say(probing, "%.*s", GREETING_TEXT, said) : probe_link_words(probing, &err);
	buf_free(&line);
	return status != OK ? ASK_BROKEN : good ? ASK_OK : ASK_REFUSED;
}

const char *
probe_command(struct probing *probing, const char *word, const char *name, const char *rest)
{
	char text[COMMAND_TEXT];
	size_t used = (size_t)snprintf(text, sizeof text, "%s \"", word), i;

	for (i = 0; name[i] != '\0' && used + strlen(rest) + 4 < sizeof text; i++) {
		if (name[i] == '"' || name[i] == '\\')
			text[used++] = '\\';
		text[used++] = name[i];
	}
	(void)snprintf(text + used, sizeof text - used, "\"%s", rest);
	return arena_str(&probing->probe->arena, (struct str){text, strlen(text) + 1}).data;
}
