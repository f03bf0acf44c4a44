/*
 * prescan: GMime keeps every header field, and all text outside of the parts of a multipart, in memory and
 * has no limit on either, nor on parts (5 MB of empty ones take 1.4 GB); it parses addresses recursively and
 * in quadratic time. So the lines are counted first, by rules that are simpler than MIME and never count less
 * than the library will find: wherever a header may stand, lines are taken for header lines.
 */
#include "message/prescan.h"

#include "base/text.h"

#include <string.h>

enum {
	HEAD = 1024,     /* bytes of a line that are looked at */
	FIELD_COST = 64, /* a field costs the library this much at least, however short it is */
	DASHES_PER_PART =
	    20, /* lines "--" are text more often than they begin parts; a part costs about 1.4 KB */
};

enum place {
	PLACE_START,  /* before the first header line */
	PLACE_HEADER, /* in a header, or what could be one */
	PLACE_FACE,   /* outside of the parts of a multipart */
	PLACE_LEAF,   /* in the content of a part */
};

struct scanner {
	struct prescan *scan;
	const struct limits *limits;
	enum place place;
	uint64_t at;           /* offset of the line */
	uint64_t header_bytes; /* what the library keeps */
	uint64_t dashes;
	uint64_t field_bytes; /* of the field at hand */
	uint64_t dash_at;
	struct str dash; /* the line before, when it was a "--" one */
	char dash_text[HEAD];
	bool multipart, digest;                  /* seen anywhere */
	bool in_content, in_type;                /* the field at hand is a Content- one, the Content-Type */
	bool in_field;                           /* a line that begins with a blank goes on with a field */
	bool has_type, is_message, is_multipart; /* of the header at hand */
	bool face_behind; /* of the headers before it: a multipart may begin behind them */
};

/* Position of word in the line where a media type could stand: a slash, a blank, a comment or nothing
 * follows. */
static bool
has_word(struct str line, const char *word)
{
	long at = text_find_nocase(line.data, line.len, word);
	size_t behind;

	if (at < 0)
		return false;
	behind = (size_t)at + strlen(word);
	return behind == line.len || strchr("/( \t\r", line.data[behind]) != NULL;
}

static bool
begins(struct str line, const char *with)
{
	return line.len >= strlen(with) && text_same_nocase(line.data, strlen(with), with);
}

static void
begin_header(struct scanner *scanner)
{
	if (scanner->place != PLACE_HEADER)
		scanner->has_type = scanner->is_message = scanner->is_multipart = false;
	scanner->in_field = scanner->in_content = scanner->in_type = false;
	scanner->field_bytes = 0;
	scanner->place = PLACE_HEADER;
}

/* What stands behind the empty line that ends a header; where that is not certain, what costs more. */
static void
end_header(struct scanner *scanner)
{
	bool message = scanner->is_message || (scanner->digest && !scanner->has_type);

	scanner->face_behind = scanner->face_behind || scanner->is_multipart;
	scanner->place = scanner->face_behind ? PLACE_FACE : PLACE_LEAF;
	if (message)
		begin_header(scanner);
}

/* Which field begins here, if it is one whose content matters. */
static void
begin_field(struct scanner *scanner, struct str line, uint64_t len)
{
	struct str name = str_trim(line);

	scanner->in_field = true;
	scanner->in_content = begins(name, "content");
	scanner->in_type = begins(name, "content-type");
	scanner->has_type = scanner->has_type || scanner->in_type;
	scanner->field_bytes = 0;
	if (len < FIELD_COST)
		scanner->header_bytes += FIELD_COST - len;
}

static enum status
too_much_header(const struct limits *limits, struct err *err)
{
	return err_set(err, LIMIT, "more than %llu header bytes (limit mail-header-bytes)",
	    (unsigned long long)limits->mail_header_bytes);
}

/* A line longer than what is looked at may say anything. */
static void
content_type_line(struct scanner *scanner, struct str line, uint64_t len)
{
	bool any = len > HEAD;

	scanner->is_message = scanner->is_message || any || has_word(line, "message");
	scanner->is_multipart = scanner->is_multipart || any || has_word(line, "multipart");
	scanner->multipart = scanner->multipart || scanner->is_multipart;
	scanner->digest = scanner->digest || any || text_find_nocase(line.data, line.len, "digest") >= 0;
}

/* A line of a Content- field: its parameters; at worst one starts with every fourth byte that is not looked
 * at. */
static enum status
content_line(struct scanner *scanner, struct str line, uint64_t len, struct err *err)
{
	uint64_t most = scanner->limits->mail_field_bytes;
	size_t i;

	for (i = 0; i < line.len; i++)
		scanner->header_bytes += line.data[i] == ';' ? FIELD_COST : 0;
	if (len > HEAD)
		scanner->header_bytes += (len - HEAD) / 4 * FIELD_COST;
	scanner->field_bytes += len;
	if (scanner->field_bytes > most)
		return err_set(err, LIMIT, "a header field of more than %llu bytes (limit mail-field-bytes)",
		    (unsigned long long)most);
	return OK;
}

static enum status
header_line(struct scanner *scanner, struct str line, uint64_t len, struct err *err)
{
	if (!scanner->in_field || (line.data[0] != ' ' && line.data[0] != '\t'))
		begin_field(scanner, line, len);
	if (scanner->in_type)
		content_type_line(scanner, line, len);
	return scanner->in_content ? content_line(scanner, line, len, err) : OK;
}

/* A line that may be the boundary of a multipart; "--X--" may end one. */
static enum status
dash_line(struct scanner *scanner, struct str line, struct err *err)
{
	struct str text = str_trim(line);

	scanner->dash_at = scanner->at;
	memcpy(scanner->dash_text, text.data, text.len);
	scanner->dash = (struct str){scanner->dash_text, text.len};
	if (!scanner->multipart)
		return OK;
	scanner->dashes++;
	if (scanner->dashes > scanner->limits->mail_parts * DASHES_PER_PART)
		return err_set(err, LIMIT, "more than %llu parts (limit mail-parts)",
		    (unsigned long long)scanner->limits->mail_parts);
	begin_header(scanner);
	scanner->face_behind = false;
	if (text.len > 4 && text.data[text.len - 1] == '-' && text.data[text.len - 2] == '-')
		scanner->place = PLACE_FACE;
	return OK;
}

/* "--X" and a "Content-" field under it: X is a boundary, whatever the header says. */
static void
note_boundary(struct scanner *scanner, struct str line)
{
	struct prescan *scan = scanner->scan;
	struct str dash = scanner->dash;

	if (scan->boundary[0] != '\0' || dash.len < 3 || dash.len - 2 >= sizeof scan->boundary ||
	    !begins(line, "content-") || memchr(dash.data, '"', dash.len) != NULL ||
	    memchr(dash.data, '\\', dash.len) != NULL || memchr(dash.data, '\0', dash.len) != NULL)
		return;
	memcpy(scan->boundary, dash.data + 2, dash.len - 2);
	scan->boundary[dash.len - 2] = '\0';
	scan->body = scanner->dash_at;
}

static bool
is_postmark(struct str line)
{
	return (line.len >= 5 && memcmp(line.data, "From ", 5) == 0) ||
	       (line.len >= 6 && memcmp(line.data, ">From ", 6) == 0);
}

/* What may stand before the header: a byte order mark, lines of blanks, the "From " line of an mbox. */
static bool
before_header(struct scanner *scanner, struct str line, uint64_t len)
{
	static const char mark[] = "\xef\xbb\xbf";
	uint64_t skip = 0;

	if (scanner->at == 0 && line.len >= 3 && memcmp(line.data, mark, 3) == 0)
		skip = 3;
	line.data += skip;
	line.len -= (size_t)skip;
	if (str_trim(line).len == 0 || line.data[0] == ' ' || line.data[0] == '\t' || is_postmark(line))
		skip = len;
	scanner->scan->start = scanner->at + skip;
	if (skip == len)
		return true;
	begin_header(scanner);
	return false;
}

/* One line: its first bytes and its length with the line end. */
static enum status
scan_line(struct scanner *scanner, struct str line, uint64_t len, struct err *err)
{
	enum status status = OK;
	bool dashes = line.len >= 2 && line.data[0] == '-' && line.data[1] == '-';

	if (scanner->place == PLACE_START && before_header(scanner, line, len))
		return OK;
	if (scanner->dash.len > 0)
		note_boundary(scanner, line);
	scanner->dash.len = 0;
	if (scanner->place == PLACE_HEADER || scanner->place == PLACE_FACE)
		scanner->header_bytes += len;
	if (dashes)
		status = dash_line(scanner, line, err);
	else if (scanner->place == PLACE_HEADER && (line.len == 0 || (len <= 2 && line.data[0] == '\r')))
		end_header(scanner);
	else if (scanner->place == PLACE_HEADER)
		status = header_line(scanner, line, len, err);
	if (status == OK && scanner->header_bytes > scanner->limits->mail_header_bytes)
		return too_much_header(scanner->limits, err);
	return status;
}

/* The first bytes of the line at an offset without its "\n", and its whole length, across chunks. */
static struct str
read_line(struct source *source, uint64_t offset, char head[HEAD], uint64_t *len)
{
	struct str line = {head, 0};
	const unsigned char *data, *end;
	size_t got, n;

	*len = 0;
	while ((got = source_at(source, offset + *len, &data)) > 0) {
		end = memchr(data, '\n', got);
		n = end != NULL ? (size_t)(end - data) : got;
		if (*len == 0 && end != NULL) {
			/* The usual case: the line lies in one chunk. */
			*len = n + 1;
			return (struct str){(const char *)data, n < HEAD ? n : HEAD};
		}
		got = n < HEAD - line.len ? n : HEAD - line.len;
		memcpy(head + line.len, data, got);
		line.len += got;
		*len += n;
		if (end != NULL) {
			*len += 1;
			break;
		}
	}
	return line;
}

enum status
prescan(struct prescan *scan, struct source *source, const struct limits *limits, struct err *err)
{
	struct scanner scanner = {.scan = scan, .limits = limits};
	char head[HEAD];
	struct str line;
	enum status status;
	uint64_t len;

	memset(scan, 0, sizeof *scan);
	for (;;) {
		line = read_line(source, scanner.at, head, &len);
		if (source->status != OK) {
			*err = source->err;
			return source->status;
		}
		if (len == 0)
			return OK;
		status = scan_line(&scanner, line, len, err);
		if (status != OK)
			return status;
		scanner.at += len;
		if (scanner.at > limits->mail_bytes)
			return err_set(err, LIMIT, "mail of more than %llu bytes (limit mail-bytes)",
			    (unsigned long long)limits->mail_bytes);
	}
}

uint64_t
skip_postmark(struct source *source, uint64_t offset)
{
	char head[HEAD];
	struct str line;
	uint64_t len;

	line = read_line(source, offset, head, &len);
	return is_postmark(line) ? offset + len : offset;
}
