/*
 * pop3: each command is a function of a few lines over ask and answer. The lists of a mailbox are read line
 * by line; mails go to their spool in chunks.
 */
#include "mailbox/pop3.h"

#include "base/arena.h"
#include "base/mem.h"
#include "mailbox/link.h"
#include "mailbox/pop3_lines.h"
#include "mailbox/secret.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 65536,
	AHEAD = 4,   /* batches on their way: enough for a line of 50 ms */
	SHOWN = 200, /* of a server's words */
	REQUEST = 64,
};

struct pop3 {
	struct link *link;
	struct arena arena; /* unique ids */
	struct pop3_mail *mails;
	size_t count, cap;
	unsigned batch;
	bool can_pipeline, has_uids;
	char requests[4096]; /* not sent yet */
	size_t request_len;
	unsigned char text[CHUNK + 1];
};

static enum status
flush(struct pop3 *pop3, struct err *err)
{
	size_t len = pop3->request_len;

	pop3->request_len = 0;
	return len == 0 ? OK : link_send(pop3->link, pop3->requests, len, err);
}

/* Requests gather until an answer is waited for. */
static enum status __attribute__((format(printf, 3, 4)))
ask(struct pop3 *pop3, struct err *err, const char *format, ...)
{
	enum status status = OK;
	va_list args;

	if (pop3->request_len + REQUEST > sizeof pop3->requests)
		status = flush(pop3, err);
	va_start(args, format);
	pop3->request_len += (size_t)vsnprintf(pop3->requests + pop3->request_len, REQUEST, format, args);
	va_end(args);
	return status;
}

/* A line of an answer; one that is too long can't be gone on behind. */
static enum status
next_line(struct pop3 *pop3, const char **line, size_t *len, struct err *err)
{
	enum status status = flush(pop3, err);

	if (status == OK)
		status = link_line(pop3->link, line, len, err);
	if (status != LIMIT)
		return status;
	err->status = TEMP;
	err->exit_code = EXIT_CODE_TEMPORARY;
	return TEMP;
}

/* The first line of an answer. BAD: the server refuses. */
static enum status
answer(struct pop3 *pop3, const char *what, struct err *err)
{
	enum status status;
	const char *line;
	struct str text;
	size_t len;

	status = next_line(pop3, &line, &len, err);
	if (status != OK)
		return status;
	if (pop3_is_ok(&text, line, len))
		return OK;
	if (len < 4 || memcmp(line, "-ERR", 4) != 0)
		return err_stop(err, EXIT_CODE_TEMPORARY, "the answer to %s is none of POP3: %.*s", what,
		    (int)(text.len < SHOWN ? text.len : SHOWN), text.data);
	return err_set(err, BAD, "the server refuses %s: %.*s", what,
	    (int)(text.len < SHOWN ? text.len : SHOWN), text.data);
}

static enum status
strange(const char *what, const char *line, size_t len, struct err *err)
{
	return err_stop(err, EXIT_CODE_TEMPORARY, "the answer to %s can't be followed: %.*s", what,
	    (int)(len < SHOWN ? len : SHOWN), line);
}

/* The lines of a long answer behind its first one, to their end. take says whether a line makes sense. */
static enum status
each_line(struct pop3 *pop3, const char *what, bool (*take)(struct pop3 *pop3, const char *line, size_t len),
    struct err *err)
{
	enum status status;
	const char *line;
	size_t len;

	for (;;) {
		status = next_line(pop3, &line, &len, err);
		if (status != OK || (len == 1 && line[0] == '.'))
			return status;
		if (!take(pop3, line, len))
			return strange(what, line, len, err);
	}
}

static bool
take_capability(struct pop3 *pop3, const char *line, size_t len)
{
	if (text_same_nocase(line, len, "PIPELINING"))
		pop3->can_pipeline = true;
	return true;
}

/* Numbers rise: that is how unique ids find their mails. */
static bool
take_size(struct pop3 *pop3, const char *line, size_t len)
{
	struct pop3_mail mail = {.uid = {NULL, 0}};

	if (!pop3_read_size(&mail.number, &mail.size, line, len) || pop3->count == POP3_MAILS ||
	    (pop3->count > 0 && mail.number <= pop3->mails[pop3->count - 1].number))
		return false;
	if (pop3->count == pop3->cap) {
		pop3->cap = pop3->cap == 0 ? 256 : pop3->cap * 2;
		pop3->mails = mem_grow(pop3->mails, pop3->cap * sizeof *pop3->mails);
	}
	pop3->mails[pop3->count++] = mail;
	return true;
}

static int
by_number(const void *a, const void *b)
{
	const struct pop3_mail *left = a, *right = b;

	return left->number < right->number ? -1 : left->number > right->number;
}

/* A line that can't be read leaves a mail without a unique id; it is no reason to leave the mailbox alone. */
static bool
take_uid(struct pop3 *pop3, const char *line, size_t len)
{
	struct pop3_mail key, *mail;
	struct str uid;

	if (!pop3_read_uid(&key.number, &uid, line, len) || pop3->count == 0)
		return true;
	mail = bsearch(&key, pop3->mails, pop3->count, sizeof key, by_number);
	if (mail != NULL && mail->uid.data == NULL) {
		mail->uid = arena_str(&pop3->arena, uid);
		pop3->has_uids = true;
	}
	return true;
}

static int
by_uid(const void *a, const void *b)
{
	const struct str *left = &(*(struct pop3_mail *const *)a)->uid,
			 *right = &(*(struct pop3_mail *const *)b)->uid;
	size_t len = left->len < right->len ? left->len : right->len;
	int order = len == 0 ? 0 : memcmp(left->data, right->data, len);

	return order != 0 ? order : (left->len > right->len) - (left->len < right->len);
}

/* An id that two mails have is none: the one must not be deleted for the other. */
static void
drop_twins(struct pop3 *pop3)
{
	struct pop3_mail **sorted = mem_zero(pop3->count, sizeof *sorted);
	size_t i, end, count = 0;

	for (i = 0; i < pop3->count; i++)
		if (pop3->mails[i].uid.data != NULL)
			sorted[count++] = &pop3->mails[i];
	if (count > 1)
		qsort(sorted, count, sizeof *sorted, by_uid);
	for (i = 0; i < count; i = end) {
		for (end = i + 1; end < count && by_uid(&sorted[i], &sorted[end]) == 0; end++)
			continue;
		for (; end > i + 1 && i < end; i++)
			sorted[i]->uid = (struct str){NULL, 0};
	}
	free(sorted);
}

/* CAPA and UIDL are optional. */
static enum status
list_mails(struct pop3 *pop3, struct err *err)
{
	struct err refusal;
	enum status status = ask(pop3, err, "CAPA\r\n");

	if (status == OK)
		status = answer(pop3, "CAPA", err);
	if (status == OK)
		status = each_line(pop3, "CAPA", take_capability, err);
	if (status == OK || status == BAD)
		status = ask(pop3, err, "LIST\r\n");
	if (status == OK)
		status = answer(pop3, "LIST", err);
	if (status == OK)
		status = each_line(pop3, "LIST", take_size, err);
	if (status == BAD) {
		refusal = *err;
		return err_stop(err, EXIT_CODE_TEMPORARY, "%s", refusal.what);
	}
	if (status != OK)
		return status;
	status = ask(pop3, err, "UIDL\r\n");
	if (status == OK)
		status = answer(pop3, "UIDL", err);
	if (status == OK)
		status = each_line(pop3, "UIDL", take_uid, err);
	drop_twins(pop3);
	return status == BAD ? OK : status;
}

enum status
pop3_open(struct pop3 **out, const struct account *account, bool (*stop)(void), struct err *err)
{
	struct pop3 *pop3 = mem_zero(1, sizeof *pop3);
	struct secret secret;
	enum status status;

	*out = NULL;
	arena_init(&pop3->arena);
	pop3->batch = account->batch;
	status = secret_get(&secret, account, err);
	if (status == OK)
		status = link_open(&pop3->link, account, &secret, stop, err);
	secret_free(&secret);
	if (status == OK)
		status = list_mails(pop3, err);
	if (status != OK) {
		pop3_close(pop3);
		return status;
	}
	*out = pop3;
	return OK;
}

void
pop3_close(struct pop3 *pop3)
{
	if (pop3 == NULL)
		return;
	link_close(pop3->link);
	arena_free(&pop3->arena);
	free(pop3->mails);
	free(pop3);
}

const struct pop3_mail *
pop3_mail(const struct pop3 *pop3, size_t i)
{
	return i < pop3->count ? &pop3->mails[i] : NULL;
}

size_t
pop3_count(const struct pop3 *pop3)
{
	return pop3->count;
}

bool
pop3_has_uids(const struct pop3 *pop3)
{
	return pop3->has_uids;
}

unsigned
pop3_ahead(const struct pop3 *pop3)
{
	return pop3->can_pipeline ? pop3->batch * AHEAD : 1;
}

enum status
pop3_ask(struct pop3 *pop3, const struct pop3_mail *mail, struct err *err)
{
	return ask(pop3, err, "RETR %" PRIu64 "\r\n", mail->number);
}

/* To the end of the mail also when there is no room for it: the next answer stands behind it. */
static enum status
read_text(struct pop3 *pop3, struct spool *spool, size_t spool_memory, uint64_t max, struct err *err)
{
	struct unstuff state = {STUFF_LINE};
	enum status status, kept = OK;
	const unsigned char *bytes;
	size_t len, used, text;
	struct err trouble;

	while (state.state != STUFF_END) {
		status = link_bytes(pop3->link, &bytes, &len, CHUNK, err);
		if (status != OK)
			return status;
		used = unstuff(&state, pop3->text, &text, bytes, len);
		link_unread(pop3->link, len - used);
		if (kept == OK)
			kept = spool_add(spool, pop3->text, text, spool_memory, max, &trouble);
	}
	if (kept != OK)
		*err = trouble;
	return kept;
}

enum status
pop3_read(struct pop3 *pop3, struct spool *spool, size_t spool_memory, uint64_t max, struct err *err)
{
	enum status status = answer(pop3, "RETR", err);

	return status == OK ? read_text(pop3, spool, spool_memory, max, err) : status;
}

/* *refused counts those that the server will not delete; err has its last words. */
static enum status
delete_all(struct pop3 *pop3, const uint64_t *numbers, size_t count, size_t *refused, struct err *err)
{
	size_t asked = 0, answered = 0, ahead = pop3_ahead(pop3);
	enum status status = OK;

	*refused = 0;
	while (status == OK && answered < count) {
		if (asked < count && asked - answered < ahead) {
			status = ask(pop3, err, "DELE %" PRIu64 "\r\n", numbers[asked++]);
			continue;
		}
		status = answer(pop3, "DELE", err);
		answered++;
		if (status == BAD) {
			++*refused;
			status = OK;
		}
	}
	return status;
}

enum status
pop3_quit(struct pop3 *pop3, const uint64_t *numbers, size_t count, struct err *err)
{
	struct err refusal = {.status = OK};
	size_t refused;
	enum status status = delete_all(pop3, numbers, count, &refused, err);

	if (refused > 0)
		refusal = *err;
	if (status == OK)
		status = ask(pop3, err, "QUIT\r\n");
	if (status == OK)
		status = answer(pop3, "QUIT", err);
	if (status != OK || refused == 0)
		return status;
	return err_set(err, BAD, "%s", refusal.what);
}
