/*
 * imap_folder: names of folders: how they are written (RFC 3501 section 5.1.3), whether they are there, and
 * the personal namespace below which some servers have all of them (RFC 2342).
 */
#include "mailbox/imap_dialogue.h"

#include <stdio.h>
#include <string.h>

/* Units of UTF-16 in modified base64, between & and -. */
struct shifted {
	char *to;
	size_t len;
	uint32_t bits;
	unsigned count; /* bits that are not written yet */
	bool open;
};

static void
put_sextets(struct shifted *out, bool all)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

	while (out->count >= 6 || (all && out->count > 0)) {
		if (out->count < 6) {
			out->bits <<= 6 - out->count;
			out->count = 6;
		}
		out->to[out->len++] = digits[out->bits >> (out->count - 6) & 63];
		out->count -= 6;
	}
}

static void
put_unit(struct shifted *out, uint32_t unit)
{
	if (!out->open)
		out->to[out->len++] = '&';
	out->open = true;
	out->bits = out->bits << 16 | unit;
	out->count += 16;
	put_sextets(out, false);
}

static void
shift_out(struct shifted *out)
{
	if (!out->open)
		return;
	put_sextets(out, true);
	out->to[out->len++] = '-';
	out->open = false;
	out->bits = out->count = 0;
}

bool
imap_encode_name(char to[IMAP_FOLDER], const char *name)
{
	struct shifted out = {.to = to};
	size_t len = strlen(name), at = 0, step;
	uint32_t point;

	while (at < len) {
		step = text_utf8(name + at, len - at, &point);
		/* A character takes at most 9 bytes: two units, & and -. */
		if (step == 0 || point < ' ' || point == 0x7f || out.len + 12 > IMAP_FOLDER)
			return false;
		at += step;
		if (point > 0xffff) {
			put_unit(&out, 0xd800 + ((point - 0x10000) >> 10));
			put_unit(&out, 0xdc00 + ((point - 0x10000) & 0x3ff));
		} else if (point > 0x7e)
			put_unit(&out, point);
		else {
			shift_out(&out);
			out.to[out.len++] = (char)point;
			if (point == '&')
				out.to[out.len++] = '-';
		}
	}
	shift_out(&out);
	to[out.len] = '\0';
	return out.len > 0;
}

/* One digit of modified base64; 64: it is none. */
static uint32_t
sextet_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (uint32_t)(at - digits) : 64;
}

/* What stands between & and -, as UTF-8; its length, 0 when it is none. *text moves behind the -. */
static size_t
unshift(char *to, size_t room, const char **text)
{
	uint32_t bits = 0, unit, high = 0, sextet;
	unsigned count = 0;
	size_t len = 0;
	const char *c;

	for (c = *text; (sextet = sextet_of(*c)) < 64; c++) {
		bits = bits << 6 | sextet;
		count += 6;
		if (count < 16)
			continue;
		count -= 16;
		unit = bits >> count & 0xffff;
		if (len + 4 > room || unit == 0 || (unit >= 0xdc00 && unit < 0xe000) != (high != 0))
			return 0;
		if (unit >= 0xd800 && unit < 0xdc00)
			high = unit;
		else if (high != 0) {
			len += text_utf8_put(to + len, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
			high = 0;
		} else
			len += text_utf8_put(to + len, unit);
	}
	*text = c + 1;
	return *c == '-' && high == 0 ? len : 0;
}

void
imap_decode_name(char to[IMAP_FOLDER], const char *name)
{
	const char *from = name;
	size_t len = 0, n;

	while (*from != '\0' && len + 1 < IMAP_FOLDER) {
		if (*from != '&')
			to[len++] = *from++;
		else if (from[1] == '-') {
			to[len++] = '&';
			from += 2;
		} else {
			from++;
			n = unshift(to + len, IMAP_FOLDER - 1 - len, &from);
			if (n == 0) {
				(void)snprintf(to, IMAP_FOLDER, "%s", name);
				return;
			}
			len += n;
		}
	}
	to[len] = '\0';
}

bool
imap_quote(char *to, size_t size, const char *text)
{
	size_t len = 0;

	to[len++] = '"';
	for (; *text != '\0'; text++) {
		if (*text == '\r' || *text == '\n' || len + 4 > size)
			return false;
		if (*text == '"' || *text == '\\')
			to[len++] = '\\';
		to[len++] = *text;
	}
	to[len++] = '"';
	to[len] = '\0';
	return true;
}

static enum status
is_listed(struct imap *imap, const char *folder, bool *there, struct err *err)
{
	char quoted[2 * IMAP_FOLDER];
	enum status status;

	imap->told.listed = false;
	(void)snprintf(imap->told.name, sizeof imap->told.name, "%s", folder);
	if (!imap_quote(quoted, sizeof quoted, folder))
		return err_set(err, BAD, "no name that a folder can have");
	status = imap_ask(imap, err, "LIST \"\" %s", quoted);
	*there = imap->told.listed;
	return status;
}

/* The name below the personal namespace, with its delimiter for "/"; the same name where there is none. */
static bool
in_namespace(const struct imap *imap, char to[IMAP_FOLDER], const char *folder)
{
	const char *prefix = imap->told.prefix;
	char delimiter = imap->told.delimiter;
	size_t i;

	if (text_same_nocase(folder, strlen(folder), "INBOX") || strncmp(folder, prefix, strlen(prefix)) == 0)
		prefix = "";
	if (strlen(prefix) + strlen(folder) + 1 > IMAP_FOLDER)
		return false;
	(void)snprintf(to, IMAP_FOLDER, "%s%s", prefix, folder);
	for (i = strlen(prefix); delimiter != '\0' && to[i] != '\0'; i++)
		if (to[i] == '/')
			to[i] = delimiter;
	return true;
}

static enum status
make(struct imap *imap, const char *folder, struct err *err)
{
	char quoted[2 * IMAP_FOLDER];
	enum status status;
	struct err other;

	if (!imap_quote(quoted, sizeof quoted, folder))
		return err_set(err, BAD, "no name that a folder can have");
	status = imap_ask(imap, err, "CREATE %s", quoted);
	if (status == BAD && strcmp(imap->code, "ALREADYEXISTS") == 0)
		status = OK;
	/* So that mail programs show it; whether they do is no reason to fail. */
	if (status == OK && imap_ask(imap, &other, "SUBSCRIBE %s", quoted) > BAD) {
		*err = other;
		status = err->status;
	}
	return status;
}

enum status
imap_find_folder(
    struct imap *imap, const char *name, bool make_it, char found[IMAP_FOLDER], bool *there, struct err *err)
{
	char plain[IMAP_FOLDER];
	enum status status;

	*there = false;
	if (!imap_encode_name(plain, name))
		return err_set(err, BAD, "no name that a folder can have");
	if (!imap->asked_namespace && (imap->capabilities & IMAP_NAMESPACE) != 0) {
		imap->asked_namespace = true;
		status = imap_ask(imap, err, "NAMESPACE");
		if (status > BAD)
			return status;
	}
	(void)snprintf(found, IMAP_FOLDER, "%s", plain);
	status = is_listed(imap, found, there, err);
	if (status > BAD || *there || !in_namespace(imap, found, plain))
		return status;
	if (strcmp(found, plain) != 0)
		status = is_listed(imap, found, there, err);
	if (status > BAD || *there || !make_it)
		return status == BAD ? OK : status;
	status = make(imap, found, err);
	*there = status == OK;
	return status;
}

enum status
imap_list(struct imap *imap, void (*take)(void *data, const char *name, bool holds_messages), void *data,
    struct err *err)
{
	enum status status;

	imap->told.take = take;
	imap->told.data = data;
	status = imap_ask(imap, err, "LIST \"\" \"*\"");
	imap->told.take = NULL;
	return status;
}

enum status
imap_count(struct imap *imap, const char *folder, uint32_t *messages, struct err *err)
{
	char quoted[2 * IMAP_FOLDER];
	enum status status;

	if (!imap_quote(quoted, sizeof quoted, folder))
		return err_set(err, BAD, "no name that a folder can have");
	imap->told.messages = 0;
	status = imap_ask(imap, err, "STATUS %s (MESSAGES)", quoted);
	*messages = imap->told.messages;
	return status;
}

enum status
imap_rights(struct imap *imap, const char *folder, char rights[IMAP_RIGHTS], struct err *err)
{
	char quoted[2 * IMAP_FOLDER];
	enum status status;

	if (!imap_quote(quoted, sizeof quoted, folder))
		return err_set(err, BAD, "no name that a folder can have");
	imap->told.rights[0] = '\0';
	status = imap_ask(imap, err, "MYRIGHTS %s", quoted);
	(void)snprintf(rights, IMAP_RIGHTS, "%s", imap->told.rights);
	return status;
}
