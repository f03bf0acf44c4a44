/*
 * imap: commands have tags of their own ("d7"), because libcurl has used "A001" and so on for the login.
 * After it nothing that libcurl knows of IMAP is used.
 */
#include "mailbox/imap.h"

#include "base/mem.h"
#include "mailbox/imap_dialogue.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES_MAX = 10000000 /* of one folder; the largest servers stop at a few millions */ };

/* imap_reader.more */
static enum status
more(void *data, unsigned char *to, size_t size, size_t *len, struct err *err)
{
	struct imap *imap = data;
	const unsigned char *bytes;
	enum status status = link_bytes(imap->link, &bytes, len, size, err);

	if (status == OK && *len > 0)
		memcpy(to, bytes, *len);
	return status;
}

enum status
imap_send(struct imap *imap, uint32_t *tag, struct err *err, const char *format, ...)
{
	char text[COMMAND + 32];
	va_list args;
	int head, len;

	*tag = ++imap->tag;
	head = snprintf(text, sizeof text, "d%u ", *tag);
	va_start(args, format);
	len = vsnprintf(text + head, COMMAND, format, args);
	va_end(args);
	if (len < 0 || len >= COMMAND)
		return err_set(err, BAD, "a command of more than %d bytes would be needed", COMMAND);
	memcpy(text + head + len, "\r\n", 2);
	return link_send(imap->link, text, (size_t)(head + len) + 2, err);
}

/* "d7 NO [CODE] text": the tag was read. */
static enum status
tagged(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	struct str tag = imap->reader.text;
	enum imap_token token;
	enum status status;
	uint64_t number;
	bool good, refused;

	if (tag.len < 2 || tag.data[0] != 'd' || !text_u64(&number, tag.data + 1, tag.len - 1) ||
	    number > imap->tag)
		return err_set(err, LIMIT, "the server's answer makes no sense: it begins with \"%.*s\"",
		    tag.len > 40 ? 40 : (int)tag.len, tag.data);
	status = imap_read(&imap->reader, &token, err);
	if (status != OK)
		return status;
	good = text_same_nocase(imap->reader.text.data, imap->reader.text.len, "OK");
	refused = text_same_nocase(imap->reader.text.data, imap->reader.text.len, "NO") ||
		  text_same_nocase(imap->reader.text.data, imap->reader.text.len, "BAD");
	if (token != IMAP_ATOM || (!good && !refused))
		return err_set(err, LIMIT, "the server's answer makes no sense: neither OK nor NO nor BAD");
	answer->tag = (uint32_t)number;
	answer->kind = good ? IMAP_DONE : IMAP_REFUSED;
	return imap_condition(imap, err);
}

enum status
imap_answer(struct imap *imap, struct imap_answer *answer, struct err *err)
{
	enum imap_token token;
	enum status status;

	memset(answer, 0, sizeof *answer);
	status = imap_read(&imap->reader, &token, err);
	if (status == OK && token != IMAP_ATOM)
		status = err_set(err, LIMIT, "the server's answer makes no sense: it begins with no word");
	else if (status == OK && str_eq(imap->reader.text, "*"))
		status = imap_untagged(imap, answer, err);
	else if (status == OK && str_eq(imap->reader.text, "+")) {
		status = imap_read_text(&imap->reader, err);
		imap->goes_on = true;
	} else if (status == OK)
		status = tagged(imap, answer, err);
	if (status == BAD)
		status = err->status = LIMIT;
	if (status == OK && answer->kind == IMAP_REFUSED)
		(void)err_set(err, BAD, "the server says: %s", imap->said);
	return status;
}

enum status
imap_await(struct imap *imap, uint32_t tag, struct err *err)
{
	struct imap_answer answer;
	enum status status;

	do {
		status = imap_answer(imap, &answer, err);
		if (status != OK)
			return status;
	} while (answer.tag != tag);
	return answer.kind == IMAP_REFUSED ? BAD : OK;
}

enum status
imap_ask(struct imap *imap, struct err *err, const char *format, ...)
{
	char text[COMMAND];
	va_list args;
	enum status status;
	uint32_t tag;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len < 0 || len >= COMMAND)
		return err_set(err, BAD, "a command of more than %d bytes would be needed", COMMAND);
	status = imap_send(imap, &tag, err, "%s", text);
	return status == OK ? imap_await(imap, tag, err) : status;
}

enum status
imap_open(struct imap **out, const struct account *account, uint64_t spool_memory, bool (*stop)(void),
    struct err *err)
{
	struct imap *imap;
	struct secret secret;
	struct link *link = NULL;
	enum status status;

	*out = NULL;
	status = secret_get(&secret, account, err);
	if (status != OK)
		return status;
	status = link_open(&link, account, &secret, stop, err);
	secret_free(&secret);
	if (status != OK)
		return status;
	imap = mem_zero(1, sizeof *imap);
	imap->link = link;
	imap->spool_memory = spool_memory;
	spool_init(&imap->body);
	/* Sizes that servers give beforehand are not always exact. */
	imap_reader_init(
	    &imap->reader, more, imap, account->max_message + account->max_message / 8 + IMAP_LINE);
	status = imap_ask(imap, err, "CAPABILITY");
	if (status == BAD)
		status = err_stop(err, EXIT_CODE_CONFIG, "this is no IMAP server: %s", imap->said);
	if (status != OK) {
		imap_close(imap);
		return status;
	}
	*out = imap;
	return OK;
}

void
imap_stop(struct imap *imap, bool (*stop)(void))
{
	link_stop(imap->link, stop);
}

void
imap_close(struct imap *imap)
{
	if (imap == NULL)
		return;
	link_close(imap->link);
	spool_free(&imap->body);
	free(imap);
}

enum status
imap_logout(struct imap *imap, struct err *err)
{
	imap->leaving = true;
	return imap_ask(imap, err, "LOGOUT");
}

unsigned
imap_capabilities(const struct imap *imap)
{
	return imap->capabilities;
}

const char *
imap_code(const struct imap *imap)
{
	return imap->code;
}

const struct imap_folder *
imap_folder(const struct imap *imap)
{
	return &imap->folder;
}

static enum status
select_as(struct imap *imap, const char *folder, bool read_only, struct err *err)
{
	char quoted[2 * IMAP_FOLDER];

	memset(&imap->folder, 0, sizeof imap->folder);
	(void)snprintf(imap->open, sizeof imap->open, "%s", folder);
	if (!imap_quote(quoted, sizeof quoted, folder))
		return err_set(err, BAD, "no name that a folder can have");
	return imap_ask(imap, err, "%s %s", read_only ? "EXAMINE" : "SELECT", quoted);
}

enum status
imap_select(struct imap *imap, const char *name, bool read_only, struct err *err)
{
	char code[CODE], found[IMAP_FOLDER];
	enum status status;
	struct err other;
	bool there;

	if (!imap_encode_name(found, name))
		return err_set(err, BAD, "no name that a folder can have");
	status = select_as(imap, found, read_only, err);
	if (status == BAD) {
		(void)snprintf(code, sizeof code, "%s", imap->code);
		status = imap_find_folder(imap, name, false, found, &there, &other);
		if (status == OK && there)
			status = select_as(imap, found, read_only, err);
		else {
			(void)snprintf(imap->code, sizeof imap->code, "%s", code);
			if (status > BAD)
				*err = other;
			status = status > BAD ? status : BAD;
		}
	}
	imap->arrived = 0;
	return status;
}

enum status
imap_refresh(struct imap *imap, struct err *err)
{
	return imap_ask(imap, err, "NOOP");
}

enum status
imap_search(struct imap *imap, const char *keys, struct uids *found, struct err *err)
{
	const char *charset = "";
	enum status status;
	const char *c;

	for (c = keys; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ')
			return err_set(err, BAD, "search keys with a control character in them");
		if ((unsigned char)*c >= 0x80)
			charset = "CHARSET UTF-8 ";
	}
	imap->found = found;
	status = imap_ask(imap, err, "UID SEARCH %s%s%s",
	    (imap->capabilities & IMAP_ESEARCH) != 0 ? "RETURN (ALL) " : "", charset, keys);
	imap->found = NULL;
	uids_sort(found);
	/* A set of all numbers that there can be would be asked for for days. */
	if (status == OK && uids_count(found) > MESSAGES_MAX)
		return err_set(err, LIMIT,
		    "the server's search found %llu messages, more than a folder holds (%d)",
		    (unsigned long long)uids_count(found), MESSAGES_MAX);
	return status;
}

/* A command over a set of messages. tag NULL: its end is waited for. */
static enum status
ask_set(struct imap *imap, uint32_t *tag, const char *verb, const uint32_t *uids, size_t count,
    const char *rest, struct err *err)
{
	enum status status;
	uint32_t own;
	struct buf set;

	buf_init(&set, COMMAND);
	if (!uids_write(&set, uids, count) || !buf_add(&set, "", 1))
		status = err_set(err, BAD, "a command of more than %d bytes would be needed", COMMAND);
	else
		status = imap_send(
		    imap, tag != NULL ? tag : &own, err, "%s %s%s", verb, (const char *)set.data, rest);
	buf_free(&set);
	return status == OK && tag == NULL ? imap_await(imap, own, err) : status;
}

enum status
imap_fetch(struct imap *imap, uint32_t *tag, enum imap_want want, const uint32_t *uids, size_t count,
    struct err *err)
{
	return ask_set(imap, tag, "UID FETCH", uids, count,
	    want == IMAP_WANT_SIZE ? " (UID RFC822.SIZE)" : " (UID BODY.PEEK[])", err);
}

enum status
imap_mark_seen(struct imap *imap, const uint32_t *uids, size_t count, struct err *err)
{
	return ask_set(imap, NULL, "UID STORE", uids, count, " +FLAGS.SILENT (\\Seen)", err);
}

/* Refused without asking the server. */
static enum status
refuse(struct imap *imap, const char *what, struct err *err)
{
	imap->code[0] = '\0';
	return err_set(err, BAD, "%s", what);
}

/* A copy of what can't be taken away behind it would be made again by each run. */
static enum status
check_deleting(struct imap *imap, struct err *err)
{
	if (imap->folder.read_only || imap->folder.keeps_all)
		return refuse(imap, "nothing may be deleted in this folder", err);
	return OK;
}

/* What it says is why they keep their flag. */
static enum status
expunge(struct imap *imap, const uint32_t *uids, size_t count, struct err *err)
{
	enum status status;

	/* Without UIDPLUS there is only EXPUNGE, which takes what others have marked too. */
	if ((imap->capabilities & IMAP_UIDPLUS) == 0)
		return err_set(err, SKIP, "the server can't expunge only them (no UIDPLUS)");
	status = ask_set(imap, NULL, "UID EXPUNGE", uids, count, "", err);
	return status == BAD ? err_set(err, SKIP, "asked to expunge them, the server says: %s", imap->said)
			     : status;
}

enum status
imap_delete(struct imap *imap, const uint32_t *uids, size_t count, struct err *err)
{
	enum status status = check_deleting(imap, err);

	if (status == OK)
		status = ask_set(imap, NULL, "UID STORE", uids, count, " +FLAGS.SILENT (\\Deleted)", err);
	return status == OK ? expunge(imap, uids, count, err) : status;
}

/* Two flags at once: what stops here leaves none of them, or a mail that is known to be copied. */
enum status
imap_delete_copied(struct imap *imap, const uint32_t *uids, size_t count, struct err *err)
{
	bool tells = imap->folder.keywords && (imap->capabilities & IMAP_UIDPLUS) != 0;
	enum status status = ask_set(imap, NULL, "UID STORE", uids, count,
	    tells ? " +FLAGS.SILENT (\\Deleted " IMAP_COPIED ")" : " +FLAGS.SILENT (\\Deleted)", err);

	return status == OK ? expunge(imap, uids, count, err) : status;
}

enum status
imap_move(
    struct imap *imap, const uint32_t *uids, size_t count, const char *folder, bool *copied, struct err *err)
{
	char rest[2 * IMAP_FOLDER + 1] = " ";
	enum status status;

	*copied = false;
	if (!imap_quote(rest + 1, sizeof rest - 1, folder))
		return err_set(err, BAD, "no name that a folder can have");
	/* Below a namespace it may have two names; what moves there would come back as new. */
	if (strcmp(folder, imap->open) == 0)
		return refuse(imap, "it is the folder that is read", err);
	if ((imap->capabilities & IMAP_MOVE) != 0)
		return ask_set(imap, NULL, "UID MOVE", uids, count, rest, err);
	status = check_deleting(imap, err);
	if (status == OK)
		status = ask_set(imap, NULL, "UID COPY", uids, count, rest, err);
	*copied = status == OK;
	return status == OK ? imap_delete_copied(imap, uids, count, err) : status;
}

enum status
imap_idle(struct imap *imap, struct err *err)
{
	struct imap_answer answer;
	enum status status;
	uint32_t tag;

	imap->goes_on = false;
	status = imap_send(imap, &tag, err, "IDLE");
	while (status == OK && !imap->goes_on) {
		status = imap_answer(imap, &answer, err);
		if (status == OK && answer.tag == tag)
			return answer.kind == IMAP_REFUSED
				   ? BAD
				   : err_set(err, LIMIT, "the server ends IDLE before it began");
	}
	return status;
}

enum status
imap_idle_wait(struct imap *imap, bool *news, unsigned seconds, struct err *err)
{
	struct imap_answer answer;
	enum status status = OK;
	bool ready = imap_has_input(&imap->reader);

	*news = false;
	if (!ready && imap->arrived == 0)
		status = link_wait(imap->link, &ready, seconds, err);
	while (status == OK && ready) {
		status = imap_answer(imap, &answer, err);
		ready = imap_has_input(&imap->reader) || link_has_input(imap->link);
	}
	*news = imap->arrived > 0;
	imap->arrived = 0;
	return status;
}

enum status
imap_idle_done(struct imap *imap, struct err *err)
{
	enum status status = link_send(imap->link, "DONE\r\n", 6, err);

	return status == OK ? imap_await(imap, imap->tag, err) : status;
}
