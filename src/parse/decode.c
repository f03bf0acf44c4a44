/*
 * decode: a byte order mark decides, then the declaration, then the bytes themselves: what is valid UTF-8 is
 * read as such whatever it is declared to be, and a byte that fits nothing is read as windows-1252, which is
 * what it mostly is.
 */
#include "parse/decode.h"

#include "base/mem.h"

#include <errno.h>
#include <iconv.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 16384, CARRY = 8, DECLARATION = 256, NAME = 40 };

enum coding { CODING_UTF8, CODING_WINDOWS, CODING_UTF16LE, CODING_UTF16BE, CODING_OTHER };

struct decoder {
	struct stream *from;
	const unsigned char *chunk;
	size_t chunk_len;
	enum coding coding;
	iconv_t converter; /* CODING_OTHER */
	unsigned char in[PIECE + CARRY];
	size_t in_len;
	char out[(PIECE + CARRY) * 4];
	size_t out_len;
	bool end, misdeclared, bad_bytes, controls;
};

/* The encoding that an XML declaration names; empty when there is none. */
static void
declared(char name[NAME], const unsigned char *head, size_t len)
{
	const char *text = (const char *)head;
	size_t most = len < DECLARATION ? len : DECLARATION, n = 0;
	long start = text_find_nocase(text, most, "<?xml"), at;
	char quote;

	name[0] = '\0';
	if (start < 0)
		return;
	at = text_find_nocase(text + start, most - (size_t)start, "encoding");
	if (at < 0)
		return;
	at += start + 8;
	while ((size_t)at < most && (text_is_blank(text[at]) || text[at] == '='))
		at++;
	if ((size_t)at >= most)
		return;
	quote = text[at++];
	if (quote != '"' && quote != '\'')
		return;
	while ((size_t)at < most && text[at] != quote && n < NAME - 1)
		name[n++] = text_lower(text[at++]);
	name[n] = '\0';
}

/* The same for text of two bytes a character. */
static void
declared_wide(char name[NAME], const unsigned char *head, size_t len)
{
	unsigned char narrow[DECLARATION];
	size_t n = 0, i;

	for (i = 0; i < len && n < sizeof narrow; i++)
		if (head[i] != 0)
			narrow[n++] = head[i];
	declared(name, narrow, n);
}

static bool
one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static bool
is_utf8_name(const char *name)
{
	static const char *const names[] = {"", "utf-8", "utf8", "us-ascii", "ascii", NULL};

	return one_of(name, names);
}

static enum coding
coding_of_bytes(const unsigned char *head, size_t len)
{
	bool low = len >= 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0;
	bool high = len >= 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0;

	if (low || (len >= 2 && head[0] == 0xff && head[1] == 0xfe))
		return CODING_UTF16LE;
	if (high || (len >= 2 && head[0] == 0xfe && head[1] == 0xff))
		return CODING_UTF16BE;
	return CODING_UTF8;
}

bool
decode_is_plain(const unsigned char *head, size_t len)
{
	char name[NAME];

	declared(name, head, len);
	return coding_of_bytes(head, len) == CODING_UTF8 && is_utf8_name(name);
}

/* Whether the text holds multi-byte characters and all of them are valid; a sequence cut at the end is. */
static bool
looks_like_utf8(const unsigned char *head, size_t len)
{
	bool multi = false;
	uint32_t point;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = text_utf8((const char *)head + i, len - i, &point);
		if (n == 0)
			return multi && len - i < 4;
		multi = multi || n > 1;
	}
	return multi;
}

static void
choose(struct decoder *decoder, const unsigned char *head, size_t len)
{
	static const char *const western[] = {
	    "iso-8859-1", "latin1", "iso8859-1", "iso_8859-1", "l1", "windows-1252", "cp1252", NULL};
	char name[NAME];

	decoder->coding = coding_of_bytes(head, len);
	if (decoder->coding != CODING_UTF8) {
		declared_wide(name, head, len);
		decoder->misdeclared = name[0] != '\0' && strncmp(name, "utf-16", 6) != 0 &&
				       strcmp(name, "utf16") != 0 && strncmp(name, "iso-10646", 9) != 0;
		return;
	}
	declared(name, head, len);
	if (is_utf8_name(name))
		return;
	if (looks_like_utf8(head, len) || strncmp(name, "utf-", 4) == 0) {
		decoder->misdeclared = true;
		return;
	}
	if (one_of(name, western)) {
		decoder->coding = CODING_WINDOWS;
		return;
	}
	decoder->converter = iconv_open("UTF-8", name);
	if (decoder->converter == (iconv_t)-1)
		decoder->misdeclared = true;
	else
		decoder->coding = CODING_OTHER;
}

struct decoder *
decoder_open(struct stream *from, const unsigned char *head, size_t len)
{
	struct decoder *decoder = mem_alloc(sizeof *decoder);

	memset(decoder, 0, offsetof(struct decoder, in));
	decoder->in_len = decoder->out_len = 0;
	decoder->end = decoder->misdeclared = decoder->bad_bytes = decoder->controls = false;
	decoder->converter = (iconv_t)-1;
	decoder->from = from;
	choose(decoder, head, len);
	return decoder;
}

void
decoder_give(struct decoder *decoder, const unsigned char *bytes, size_t len)
{
	decoder->chunk = bytes;
	decoder->chunk_len = len;
}

void
decoder_close(struct decoder *decoder)
{
	if (decoder == NULL)
		return;
	if (decoder->converter != (iconv_t)-1)
		(void)iconv_close(decoder->converter);
	free(decoder);
}

/* Characters that XML 1.0 allows (section 2.2), less the byte order mark. */
static void
put(struct decoder *decoder, uint32_t point)
{
	if ((point < 0x20 && point != '\t' && point != '\n' && point != '\r') || point == 0xfffe ||
	    point == 0xffff)
		decoder->controls = true;
	else if (point != 0xfeff)
		decoder->out_len += text_utf8_put(decoder->out + decoder->out_len, point);
}

static uint32_t
windows_point(unsigned char c)
{
	static const uint16_t c1[32] = {0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6,
	    0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178};

	return c >= 0x80 && c < 0xa0 ? c1[c - 0x80] : c;
}

/* Each returns how many bytes it used; the rest is carried to the next piece. */
static size_t
decode_utf8(struct decoder *decoder)
{
	size_t i = 0, n;
	uint32_t point;

	while (i < decoder->in_len) {
		n = text_utf8((const char *)decoder->in + i, decoder->in_len - i, &point);
		if (n == 0 && !decoder->end && decoder->in_len - i < 4)
			break;
		if (n == 0) {
			decoder->bad_bytes = true;
			point = windows_point(decoder->in[i]);
			n = 1;
		}
		put(decoder, point);
		i += n;
	}
	return i;
}

static size_t
decode_windows(struct decoder *decoder)
{
	size_t i;

	for (i = 0; i < decoder->in_len; i++)
		put(decoder, windows_point(decoder->in[i]));
	return i;
}

static uint32_t
unit(const struct decoder *decoder, size_t i)
{
	const unsigned char *in = decoder->in + i;

	return decoder->coding == CODING_UTF16LE ? (uint32_t)(in[0] | in[1] << 8)
						 : (uint32_t)(in[0] << 8 | in[1]);
}

static size_t
decode_utf16(struct decoder *decoder)
{
	uint32_t point, low;
	size_t i = 0;

	while (i + 2 <= decoder->in_len) {
		point = unit(decoder, i);
		if (point >= 0xd800 && point < 0xdc00) {
			if (i + 4 > decoder->in_len && !decoder->end)
				return i;
			low = i + 4 <= decoder->in_len ? unit(decoder, i + 2) : 0;
			if (low >= 0xdc00 && low < 0xe000) {
				point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		if (point >= 0xd800 && point < 0xe000) {
			decoder->bad_bytes = true;
			point = 0xfffd;
		}
		put(decoder, point);
		i += 2;
	}
	return decoder->end ? decoder->in_len : i;
}

static size_t
decode_other(struct decoder *decoder)
{
	char text[PIECE * 4 + CARRY * 4], *to = text, *from = (char *)decoder->in;
	size_t room = sizeof text, left = decoder->in_len, i, n;
	uint32_t point;

	while (left > 0 && iconv(decoder->converter, &from, &left, &to, &room) == (size_t)-1) {
		if (errno != EILSEQ && !(errno == EINVAL && decoder->end))
			break;
		from++;
		left--;
		decoder->bad_bytes = true;
		if (room >= 3) {
			n = text_utf8_put(to, 0xfffd);
			to += n;
			room -= n;
		}
	}
	for (i = 0; i < (size_t)(to - text); i += n) {
		n = text_utf8(text + i, (size_t)(to - text) - i, &point);
		if (n == 0)
			break;
		put(decoder, point);
	}
	return decoder->in_len - left;
}

/* Fills the piece from the stream. */
static enum status
take(struct decoder *decoder, struct err *err)
{
	enum status status;
	size_t n;

	while (decoder->in_len < PIECE && !decoder->end) {
		if (decoder->chunk_len == 0) {
			status = stream_next(decoder->from, &decoder->chunk, &decoder->chunk_len, err);
			if (status != OK)
				return status;
			decoder->end = decoder->chunk_len == 0;
			continue;
		}
		n = PIECE - decoder->in_len < decoder->chunk_len ? PIECE - decoder->in_len
								 : decoder->chunk_len;
		memcpy(decoder->in + decoder->in_len, decoder->chunk, n);
		decoder->in_len += n;
		decoder->chunk += n;
		decoder->chunk_len -= n;
	}
	return OK;
}

enum status
decoder_next(struct decoder *decoder, struct str *text, struct err *err)
{
	enum status status;
	size_t used;

	do {
		decoder->out_len = 0;
		status = take(decoder, err);
		if (status != OK)
			return status;
		if (decoder->coding == CODING_UTF8)
			used = decode_utf8(decoder);
		else if (decoder->coding == CODING_WINDOWS)
			used = decode_windows(decoder);
		else if (decoder->coding == CODING_OTHER)
			used = decode_other(decoder);
		else
			used = decode_utf16(decoder);
		memmove(decoder->in, decoder->in + used, decoder->in_len - used);
		decoder->in_len -= used;
	} while (decoder->out_len == 0 && !(decoder->end && (decoder->in_len == 0 || used == 0)));
	text->data = decoder->out;
	text->len = decoder->out_len;
	return OK;
}

bool
decoder_was_misdeclared(const struct decoder *decoder)
{
	return decoder->misdeclared;
}

bool
decoder_had_bad_bytes(const struct decoder *decoder)
{
	return decoder->bad_bytes;
}

bool
decoder_had_controls(const struct decoder *decoder)
{
	return decoder->controls;
}
