/*
 * sniff: what a thing is, by its first bytes alone. The magic numbers come first, then what looks like text:
 * XML and JSON by their first character, mails by the names of their header fields, and at last XML behind
 * junk.
 */
#include "unpack/unpack.h"

#include <string.h>

struct span {
	const unsigned char *at, *end;
};

const char *
content_word(enum content content)
{
	static const char *const words[] = {
	    [CONTENT_EMPTY] = "empty",
	    [CONTENT_XML] = "xml",
	    [CONTENT_GZIP] = "gzip",
	    [CONTENT_ZLIB] = "zlib",
	    [CONTENT_ZIP] = "zip",
	    [CONTENT_MAIL] = "mail",
	    [CONTENT_MBOX] = "mbox",
	    [CONTENT_JSON] = "json",
	    [CONTENT_OTHER] = "other",
	};

	return words[content];
}

/* RFC 1950 s. 2.2: method 8 with a 32 KiB window, a check over both bytes, no dictionary; RFC 1951: no block
 * type 3. */
static bool
is_zlib(const unsigned char *head, size_t len)
{
	if (len < 3 || head[0] != 0x78 || (head[0] * 256 + head[1]) % 31 != 0)
		return false;
	return (head[1] & 0x20) == 0 && (head[2] & 0x06) != 0x06;
}

static bool
is_zip(const unsigned char *head, size_t len)
{
	if (len < 4 || head[0] != 'P' || head[1] != 'K')
		return false;
	return (head[2] == 3 && head[3] == 4) || (head[2] == 5 && head[3] == 6);
}

/* Behind byte order marks, blanks and NULs, which the halves of UTF-16 characters are too. */
static void
skip_blanks(struct span *text)
{
	static const unsigned char marks[] = {0xef, 0xbb, 0xbf, 0xff, 0xfe};

	while (text->at < text->end && (*text->at == '\0' || text_is_blank((char)*text->at) ||
					   memchr(marks, *text->at, sizeof marks) != NULL))
		text->at++;
}

/* "<" and what may follow it in XML. */
static bool
is_element(struct span text)
{
	if (text.at == text.end || *text.at != '<')
		return false;
	text.at++;
	while (text.at < text.end && *text.at == '\0')
		text.at++;
	if (text.at == text.end)
		return false;
	return *text.at >= 0x80 || *text.at == '_' || *text.at == '!' || *text.at == '?' || *text.at == '/' ||
	       (text_lower((char)*text.at) >= 'a' && text_lower((char)*text.at) <= 'z');
}

/* True when the word stands at text without regard to case and to NULs between. */
static bool
stands(struct span text, const char *word)
{
	for (; *word != '\0'; word++) {
		while (text.at < text.end && *text.at == '\0')
			text.at++;
		if (text.at == text.end || text_lower((char)*text.at) != *word)
			return false;
		text.at++;
	}
	return true;
}

/* "<?xml" or "<feedback", the latter with any short prefix, anywhere. */
static bool
has_report(struct span text)
{
	enum { PREFIX = 64 };
	size_t i;

	while (text.at < text.end) {
		text.at = memchr(text.at, '<', (size_t)(text.end - text.at));
		if (text.at == NULL)
			return false;
		text.at++;
		if (stands(text, "?xml") || stands(text, "feedback"))
			return true;
		for (i = 0; i < PREFIX && text.at + i < text.end && strchr("<> \t\r\n:", text.at[i]) == NULL;
		     i++)
			;
		if (text.at + i < text.end && text.at[i] == ':' &&
		    stands((struct span){text.at + i, text.end}, ":feedback"))
			return true;
	}
	return false;
}

/* The next line without its end; false behind the last. */
static bool
take_line(struct span *text, struct str *line)
{
	const unsigned char *end;

	if (text->at == text->end)
		return false;
	end = memchr(text->at, '\n', (size_t)(text->end - text->at));
	line->data = (const char *)text->at;
	line->len = (size_t)((end != NULL ? end : text->end) - text->at);
	text->at = end != NULL ? end + 1 : text->end;
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* The name of a header field (RFC 5322 s. 2.2); blanks before the colon occur. Missing when it is none. */
static struct str
field_name(struct str line)
{
	size_t len = 0, end;

	while (len < line.len && line.data[len] > ' ' && line.data[len] < 127 && line.data[len] != ':')
		len++;
	for (end = len; end < line.len && (line.data[end] == ' ' || line.data[end] == '\t'); end++)
		;
	if (len == 0 || end == line.len || line.data[end] != ':')
		return (struct str){NULL, 0};
	return (struct str){line.data, len};
}

static bool
is_mail_field(struct str name)
{
	static const char *const known[] = {"arc-authentication-results", "arc-message-signature", "arc-seal",
	    "authentication-results", "auto-submitted", "cc", "content-disposition",
	    "content-transfer-encoding", "content-type", "contenttype", "date", "delivered-to",
	    "dkim-signature", "envelope-to", "from", "in-reply-to", "list-id", "message-id", "mime-version",
	    "received", "received-spf", "references", "reply-to", "resent-from", "return-path", "sender",
	    "subject", "to", "x-mailer", "x-original-to", "x-received"};
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		if (text_same_nocase(name.data, name.len, known[i]))
			return true;
	return false;
}

/*
 * A header: well-known fields up to an empty line. Where something else ends it (the empty line was lost),
 * one well-known word with a colon is not enough to call a text a mail.
 */
static bool
is_mail(struct span text)
{
	struct str line, name;
	int known = 0;

	while (take_line(&text, &line)) {
		if (line.len == 0)
			return known > 0;
		if (line.data[0] == ' ' || line.data[0] == '\t')
			continue;
		name = field_name(line);
		if (name.data == NULL)
			return known > 1;
		known += is_mail_field(name);
	}
	return known > 0;
}

/* RFC 4155: "From ", an address, a date: it is the time of day that tells it from a sentence. */
static bool
is_mbox(struct span text)
{
	struct str line;

	if (text.at < text.end && *text.at == '>')
		text.at++;
	if (!stands(text, "from ") || !take_line(&text, &line))
		return false;
	return str_has_time(line) || is_mail(text);
}

enum content
content_sniff(const unsigned char *head, size_t len)
{
	struct span text;

	if (len == 0)
		return CONTENT_EMPTY;
	text = (struct span){head, head + len};
	if (len >= 2 && head[0] == 0x1f && head[1] == 0x8b)
		return CONTENT_GZIP;
	if (is_zip(head, len))
		return CONTENT_ZIP;
	if (is_zlib(head, len))
		return CONTENT_ZLIB;
	skip_blanks(&text);
	if (text.at == text.end)
		return CONTENT_EMPTY;
	if (is_element(text))
		return CONTENT_XML;
	if (*text.at == '{' || *text.at == '[')
		return CONTENT_JSON;
	if (is_mbox(text))
		return CONTENT_MBOX;
	if (is_mail(text))
		return CONTENT_MAIL;
	return has_report(text) ? CONTENT_XML : CONTENT_OTHER;
}
