/*
 * imap_untagged: what a server says without being asked, or before it says that a command is done. A new
 * answer is a function and a line in the table; what is not in it is read past.
 */
#include "mailbox/imap_dialogue.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FOUND_MAX = 10000000 /* ranges of UIDs: 8 bytes of memory each */ };

static enum status
nonsense(struct err *err)
{
	return err_set(
	    err, LIMIT, "the server's answer makes no sense: it is not of the form that it has to be");
}

static bool
text_is(const struct imap *imap, const char *word)
{
	return text_same_nocase(imap->reader.text.data, imap->reader.text.len, word);
}

static enum status
read_number(struct imap *imap, uint64_t *number, struct err *err)
{
	enum imap_token token;
	enum status status = imap_read(&imap->reader, &token, err);

	if (status == OK &&
	    (token != IMAP_ATOM || !text_u64(number, imap->reader.text.data, imap->reader.text.len)))
		status = nonsense(err);
	return status;
}

/* A text in any of its forms, cut at size; NIL is an empty one. token: its first token, already read. */
static enum status
take_text(struct imap *imap, enum imap_token token, char *to, size_t size, struct err *err)
{
	struct str text = imap->reader.text;
	const unsigned char *bytes;
	enum status status = OK;
	size_t len = 0, piece = 1;

	if (token == IMAP_ATOM || token == IMAP_STRING) {
		(void)snprintf(to, size, "%.*s",
		    token == IMAP_ATOM && text_is(imap, "NIL") ? 0 : (int)text.len, text.data);
		return OK;
	}
	if (token != IMAP_LITERAL)
		return nonsense(err);
	while (status == OK && piece > 0) {
		status = imap_read_literal(&imap->reader, &bytes, &piece, err);
		if (status != OK)
			break;
		if (piece > 0 && piece < size - len) {
			memcpy(to + len, bytes, piece);
			len += piece;
		}
	}
	to[len] = '\0';
	return status;
}

static enum status
read_text(struct imap *imap, char *to, size_t size, struct err *err)
{
	enum imap_token token;
	enum status status = imap_read(&imap->reader, &token, err);

	return status == OK ? take_text(imap, token, to, size, err) : status;
}

/* Reads past a list whose parenthesis was read. */
static enum status
skip_list(struct imap *imap, struct err *err)
{
	const unsigned char *bytes;
	enum imap_token token;
	enum status status = OK;
	unsigned depth = 1;
	size_t len;

	while (status == OK && depth > 0) {
		status = imap_read(&imap->reader, &token, err);
		if (status != OK)
			return status;
		if (token == IMAP_END)
			return nonsense(err);
		depth += token == IMAP_OPEN;
		depth -= token == IMAP_CLOSE;
		for (len = 1; status == OK && token == IMAP_LITERAL && len > 0;)
			status = imap_read_literal(&imap->reader, &bytes, &len, err);
	}
	return status;
}

static enum status
read_body(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	const unsigned char *bytes;
	enum status status = imap_read(&imap->reader, &token, err);
	size_t len = 1;

	if (status != OK)
		return status;
	spool_clear(&imap->body);
	answer->has_body = true;
	answer->body = &imap->body;
	if (token == IMAP_ATOM && text_is(imap, "NIL")) {
		answer->has_nothing = true;
		return OK;
	}
	if (token == IMAP_STRING && imap->reader.is_cut)
		return err_set(
		    err, LIMIT, "the server gives a mail as a quoted text of more than %d bytes", IMAP_TEXT);
	if (token == IMAP_STRING)
		return spool_add(&imap->body, imap->reader.text.data, imap->reader.text.len,
		    (size_t)imap->spool_memory, UINT64_MAX, err);
	if (token != IMAP_LITERAL)
		return nonsense(err);
	while (status == OK && len > 0) {
		status = imap_read_literal(&imap->reader, &bytes, &len, err);
		if (status == OK && len > 0)
			status =
			    spool_add(&imap->body, bytes, len, (size_t)imap->spool_memory, UINT64_MAX, err);
	}
	return status;
}

/* One name and value of a FETCH answer; the name was read. */
static enum status
read_attribute(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	enum status status;
	uint64_t number;
	char text[8];

	if (text_is(imap, "UID")) {
		status = read_number(imap, &number, err);
		if (status == OK && (number == 0 || number > UINT32_MAX))
			status = nonsense(err);
		answer->uid = status == OK ? (uint32_t)number : 0;
		return status;
	}
	if (text_is(imap, "RFC822.SIZE")) {
		answer->has_size = true;
		return read_number(imap, &answer->size, err);
	}
	if (text_is(imap, "BODY[]"))
		return read_body(imap, answer, err);
	status = imap_read(&imap->reader, &token, err);
	if (status == OK && token == IMAP_OPEN)
		return skip_list(imap, err);
	return status == OK ? take_text(imap, token, text, sizeof text, err) : status;
}

static enum status
on_fetch(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	enum status status = imap_read(&imap->reader, &token, err);

	if (status == OK && token != IMAP_OPEN)
		status = nonsense(err);
	while (status == OK) {
		status = imap_read(&imap->reader, &token, err);
		if (status != OK || token == IMAP_CLOSE)
			break;
		status = token == IMAP_ATOM ? read_attribute(imap, answer, err) : nonsense(err);
	}
	if (status == OK)
		status = imap_read(&imap->reader, &token, err);
	if (status == OK && token != IMAP_END)
		status = nonsense(err);
	/* One without UID is news of flags that nobody asked for. */
	if (status == OK && answer->uid != 0 && (answer->has_size || answer->has_body))
		answer->kind = IMAP_HAS;
	return status;
}

static void
take_found(void *to, uint32_t first, uint32_t last)
{
	struct uids *found = to;

	if (found != NULL && last > 0 && found->count <= FOUND_MAX)
		uids_add(found, first > 0 ? first : 1, last);
}

/* Any number of answers may come, and each number in them may be a range of its own. */
static enum status
check_found(const struct imap *imap, struct err *err)
{
	if (imap->found == NULL || imap->found->count <= FOUND_MAX)
		return OK;
	return err_set(err, LIMIT, "the server found more than %d messages", FOUND_MAX);
}

/* "* SEARCH 1 2 3", and "(MODSEQ 4)" behind it. */
static enum status
on_search(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	enum status status;
	uint64_t number;

	(void)answer;
	imap->reader.line_max = IMAP_LINE_SEARCH;
	for (;;) {
		status = imap_read(&imap->reader, &token, err);
		if (status == OK && token == IMAP_OPEN)
			status = skip_list(imap, err);
		else if (status == OK && token == IMAP_END)
			return OK;
		else if (status == OK &&
			 (token != IMAP_ATOM ||
			     !text_u64(&number, imap->reader.text.data, imap->reader.text.len) ||
			     number > UINT32_MAX))
			status = nonsense(err);
		else if (status == OK)
			take_found(imap->found, (uint32_t)number, (uint32_t)number);
		if (status == OK)
			status = check_found(imap, err);
		if (status != OK)
			return status;
	}
}

/* "* ESEARCH (TAG "d7") UID ALL 1:5,9"; without ALL nothing was found. */
static enum status
on_esearch(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	enum status status;

	(void)answer;
	imap->reader.line_max = IMAP_LINE_SEARCH;
	for (;;) {
		status = imap_read(&imap->reader, &token, err);
		if (status == OK && token == IMAP_OPEN)
			status = skip_list(imap, err);
		else if (status == OK && token == IMAP_END)
			return OK;
		else if (status == OK && token == IMAP_ATOM && text_is(imap, "ALL"))
			status = imap_read_set(&imap->reader, take_found, imap->found, err);
		if (status == OK)
			status = check_found(imap, err);
		if (status != OK)
			return status;
	}
}

static enum status
on_capability(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	static const struct {
		const char *word;
		enum imap_capability bits;
	} words[] = {{"ESEARCH", IMAP_ESEARCH}, {"UIDPLUS", IMAP_UIDPLUS}, {"MOVE", IMAP_MOVE},
	    {"IDLE", IMAP_IDLE}, {"NAMESPACE", IMAP_NAMESPACE}, {"ACL", IMAP_ACL},
	    {"IMAP4rev2", IMAP_ESEARCH | IMAP_UIDPLUS | IMAP_MOVE | IMAP_IDLE | IMAP_NAMESPACE}};
	enum imap_token token;
	enum status status;
	size_t i;

	(void)answer;
	imap->capabilities = 0;
	while ((status = imap_read(&imap->reader, &token, err)) == OK && token == IMAP_ATOM)
		for (i = 0; i < sizeof words / sizeof words[0]; i++)
			if (text_is(imap, words[i].word))
				imap->capabilities |= (unsigned)words[i].bits;
	return status != OK || token == IMAP_END ? status : nonsense(err);
}

/* "* LIST (\HasNoChildren) "/" name" */
static enum status
on_list(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	bool selectable = true;
	char name[IMAP_FOLDER];
	enum imap_token token;
	enum status status = imap_read(&imap->reader, &token, err);

	(void)answer;
	if (status == OK && token != IMAP_OPEN)
		return nonsense(err);
	while (status == OK && (status = imap_read(&imap->reader, &token, err)) == OK && token == IMAP_ATOM)
		if (text_is(imap, "\\NonExistent") || text_is(imap, "\\Noselect"))
			selectable = false;
	if (status == OK && token != IMAP_CLOSE)
		return nonsense(err);
	if (status == OK)
		status = read_text(imap, name, sizeof name, err);
	if (status == OK)
		status = read_text(imap, name, sizeof name, err);
	if (status == OK && selectable &&
	    (strcmp(name, imap->told.name) == 0 ||
		(text_same_nocase(name, strlen(name), "INBOX") &&
		    text_same_nocase(imap->told.name, strlen(imap->told.name), "INBOX"))))
		imap->told.listed = true;
	if (status == OK && imap->told.take != NULL)
		imap->told.take(imap->told.data, name, selectable);
	return status == OK ? imap_read_past(&imap->reader, err) : status;
}

/* "* NAMESPACE (("INBOX." ".")) NIL NIL": only the first personal one matters. */
static enum status
on_namespace(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	enum status status = imap_read(&imap->reader, &token, err);
	char delimiter[4] = "";

	(void)answer;
	if (status == OK && token == IMAP_OPEN)
		status = imap_read(&imap->reader, &token, err);
	if (status == OK && token == IMAP_OPEN) {
		status = read_text(imap, imap->told.prefix, sizeof imap->told.prefix, err);
		if (status == OK)
			status = read_text(imap, delimiter, sizeof delimiter, err);
		imap->told.delimiter = delimiter[0];
		imap->told.has_namespace = status == OK;
	}
	return status == OK ? imap_read_past(&imap->reader, err) : status;
}

/* "* STATUS name (MESSAGES 5)" */
static enum status
on_status(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	char name[8];
	enum imap_token token;
	uint64_t number;
	enum status status = read_text(imap, name, sizeof name, err);

	(void)answer;
	if (status == OK)
		status = imap_read(&imap->reader, &token, err);
	if (status == OK && token != IMAP_OPEN)
		return nonsense(err);
	while (status == OK && (status = imap_read(&imap->reader, &token, err)) == OK && token == IMAP_ATOM) {
		bool messages = text_is(imap, "MESSAGES");

		status = read_number(imap, &number, err);
		if (status == OK && messages)
			imap->told.messages = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
	}
	return status == OK ? imap_read_past(&imap->reader, err) : status;
}

/* "* MYRIGHTS name lrswipkxte" */
static enum status
on_rights(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	char name[8];
	enum status status = read_text(imap, name, sizeof name, err);

	(void)answer;
	if (status == OK)
		status = read_text(imap, imap->told.rights, sizeof imap->told.rights, err);
	return status == OK ? imap_read_past(&imap->reader, err) : status;
}

/* "[UIDVALIDITY 5]": of codes, few matter. rest: what stands between the word and the bracket. */
static void
apply_code(struct imap *imap, struct str rest)
{
	uint64_t number;

	rest = str_trim(rest);
	if (strcmp(imap->code, "UIDVALIDITY") == 0 && text_u64(&number, rest.data, rest.len))
		imap->folder.uid_validity = number > UINT32_MAX ? 0 : (uint32_t)number;
	if (strcmp(imap->code, "READ-ONLY") == 0)
		imap->folder.read_only = true;
	if (strcmp(imap->code, "PERMANENTFLAGS") != 0)
		return;
	imap->folder.keeps_all = text_find_nocase(rest.data, rest.len, "\\Deleted") < 0;
	imap->folder.keywords = text_find_nocase(rest.data, rest.len, "\\*") >= 0;
}

/* "OK [CODE rest] whatever": the text was read. */
static void
note_code(struct imap *imap)
{
	struct str text = imap->reader.text;
	size_t len = 1, i;
	const char *end;

	imap->code[0] = '\0';
	(void)snprintf(imap->said, sizeof imap->said, "%.*s", (int)text.len, text.data);
	end = text.len > 0 && text.data[0] == '[' ? memchr(text.data, ']', text.len) : NULL;
	if (end == NULL)
		return;
	while (text.data + len < end && text.data[len] != ' ')
		len++;
	for (i = 1; i < len && i < sizeof imap->code; i++) {
		imap->code[i - 1] = (char)toupper((unsigned char)text.data[i]);
		imap->code[i] = '\0';
	}
	apply_code(imap, (struct str){text.data + len, (size_t)(end - text.data) - len});
}

enum status
imap_condition(struct imap *imap, struct err *err)
{
	enum status status = imap_read_text(&imap->reader, err);

	if (status == OK)
		note_code(imap);
	return status;
}

static enum status
on_condition(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	(void)answer;
	return imap_condition(imap, err);
}

static enum status
on_bye(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum status status = on_condition(imap, answer, err);

	if (status != OK || imap->leaving)
		return status;
	return err_stop(err, EXIT_CODE_TEMPORARY, "the server ends the connection: %s", imap->said);
}

static enum status
numbered(struct imap *imap, uint64_t number, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	enum status status = imap_read(&imap->reader, &token, err);

	if (status != OK || token != IMAP_ATOM)
		return status == OK ? nonsense(err) : status;
	if (text_is(imap, "FETCH"))
		return on_fetch(imap, answer, err);
	if (text_is(imap, "EXISTS")) {
		if (number > imap->folder.exists)
			imap->arrived++;
		imap->folder.exists = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
	}
	if (text_is(imap, "EXPUNGE") && imap->folder.exists > 0)
		imap->folder.exists--;
	return imap_read_past(&imap->reader, err);
}

enum status
imap_untagged(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	static const struct {
		const char *word;
		enum status (*read)(struct imap *imap, struct imap_answer *answer, struct err *err);
	} words[] = {
	    {"OK", on_condition},
	    {"NO", on_condition},
	    {"BAD", on_condition},
	    {"PREAUTH", on_condition},
	    {"BYE", on_bye},
	    {"SEARCH", on_search},
	    {"ESEARCH", on_esearch},
	    {"CAPABILITY", on_capability},
	    {"LIST", on_list},
	    {"NAMESPACE", on_namespace},
	    {"STATUS", on_status},
	    {"MYRIGHTS", on_rights},
	};
	enum imap_token token;
	enum status status = imap_read(&imap->reader, &token, err);
	uint64_t number;
	size_t i;

	if (status != OK || token != IMAP_ATOM)
		return status == OK ? nonsense(err) : status;
	if (text_u64(&number, imap->reader.text.data, imap->reader.text.len))
		return numbered(imap, number, answer, err);
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_is(imap, words[i].word))
			return words[i].read(imap, answer, err);
	return imap_read_past(&imap->reader, err);
}
