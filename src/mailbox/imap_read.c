/*
 * imap_read: one byte is looked at a time, so that it makes no difference where the pieces end. A token keeps
 * its first IMAP_TEXT bytes; what is longer is of no use to anybody but still has to be read past.
 */
#include "mailbox/imap_read.h"

#include <string.h>

void
imap_reader_init(struct imap_reader *reader,
    enum status (*more)(void *data, unsigned char *to, size_t size, size_t *len, struct err *err), void *data,
    uint64_t literal_max)
{
	reader->more = more;
	reader->data = data;
	reader->literal_max = literal_max;
	reader->line_max = IMAP_LINE;
	reader->text = (struct str){reader->kept, 0};
	reader->is_cut = false;
	reader->literal = 0;
	reader->start = reader->end = 0;
	reader->line = 0;
	reader->needs_gap = false;
}

static enum status
fill(struct imap_reader *reader, struct err *err)
{
	if (reader->start < reader->end)
		return OK;
	reader->start = reader->end = 0;
	return reader->more(reader->data, reader->bytes, sizeof reader->bytes, &reader->end, err);
}

/* The next byte without taking it. */
static enum status
peek(struct imap_reader *reader, unsigned char *byte, struct err *err)
{
	enum status status = fill(reader, err);

	if (status != OK)
		return status;
	if (reader->line >= reader->line_max)
		return err_set(err, LIMIT, "the server sent a line of more than %llu bytes",
		    (unsigned long long)reader->line_max);
	*byte = reader->bytes[reader->start];
	return OK;
}

static void
take(struct imap_reader *reader)
{
	reader->start++;
	reader->line++;
}

static void
keep(struct imap_reader *reader, unsigned char byte)
{
	reader->is_cut = reader->text.len == IMAP_TEXT;
	if (!reader->is_cut)
		reader->kept[reader->text.len++] = (char)byte;
}

static enum status
nonsense(struct err *err, const char *what)
{
	return err_set(err, BAD, "the server's answer makes no sense: %s", what);
}

static void
end_answer(struct imap_reader *reader)
{
	reader->line = 0;
	reader->line_max = IMAP_LINE;
	reader->needs_gap = false;
}

/* CRLF; some servers and most test programs send LF alone. */
static enum status
read_end(struct imap_reader *reader, struct err *err)
{
	unsigned char byte = 0;
	enum status status = peek(reader, &byte, err);

	if (status == OK && byte == '\r') {
		take(reader);
		status = peek(reader, &byte, err);
	}
	if (status != OK)
		return status;
	if (byte != '\n')
		return nonsense(err, "a line end that is none");
	take(reader);
	return OK;
}

static enum status
read_quoted(struct imap_reader *reader, struct err *err)
{
	enum status status;
	bool escaped = false;
	unsigned char byte;

	take(reader);
	for (;;) {
		status = peek(reader, &byte, err);
		if (status != OK)
			return status;
		if (byte == '\r' || byte == '\n' || byte == '\0')
			return nonsense(err, "a quoted text without its end");
		take(reader);
		if (!escaped && byte == '"')
			return OK;
		escaped = !escaped && byte == '\\';
		if (!escaped)
			keep(reader, byte);
	}
}

/* "{123}" or "{123+}" and the line end behind it. */
static enum status
read_length(struct imap_reader *reader, struct err *err)
{
	enum status status;
	unsigned char byte;
	char digits[24];
	size_t len = 0;

	take(reader);
	for (;;) {
		status = peek(reader, &byte, err);
		if (status != OK)
			return status;
		if (byte == '}')
			break;
		if (byte != '+' || len == 0) {
			if (!text_is_digit((char)byte) || len == sizeof digits)
				return nonsense(err, "the length of a literal is no number");
			digits[len++] = (char)byte;
		}
		take(reader);
	}
	take(reader);
	if (!text_u64(&reader->literal, digits, len))
		return nonsense(err, "the length of a literal is no number");
	status = read_end(reader, err);
	if (status == OK && reader->literal > reader->literal_max)
		status = err_set(err, LIMIT, "the server announces a literal of %llu bytes",
		    (unsigned long long)reader->literal);
	return status;
}

/* What ends a word outside of []. */
static bool
ends_word(unsigned char byte)
{
	return byte == ' ' || byte == '(' || byte == ')' || byte == '"' || byte == '{' || byte == '\r' ||
	       byte == '\n';
}

/* Only the section of a body has [] with anything in it; flags and folders may have a lone one. */
static bool
opens_section(const struct imap_reader *reader)
{
	return text_same_nocase(reader->text.data, reader->text.len, "BODY") ||
	       text_same_nocase(reader->text.data, reader->text.len, "BINARY");
}

static enum status
read_word(struct imap_reader *reader, struct err *err)
{
	bool section = false;
	enum status status;
	unsigned char byte;

	for (;;) {
		status = peek(reader, &byte, err);
		if (status != OK)
			return status;
		if (byte < ' ' && byte != '\r' && byte != '\n')
			return nonsense(err, "a control character");
		if (byte == '\r' || byte == '\n' || (!section && ends_word(byte)))
			break;
		if (byte == '[')
			section = section || opens_section(reader);
		else if (byte == ']')
			section = false;
		keep(reader, byte);
		take(reader);
	}
	return section ? nonsense(err, "a [ without its ]") : OK;
}

/* Between what was quoted or literal and the next token something must stand, or else a length was a lie. */
static enum status
check_gap(struct imap_reader *reader, unsigned char byte, struct err *err)
{
	bool gap = byte == ' ' || byte == ')' || byte == '\r' || byte == '\n';

	if (reader->needs_gap && !gap)
		return nonsense(err, "it goes on where a text should have ended");
	reader->needs_gap = false;
	return OK;
}

static enum status
read_token(struct imap_reader *reader, unsigned char byte, enum imap_token *token, struct err *err)
{
	enum status status = OK;

	switch (byte) {
	case '(':
		*token = IMAP_OPEN;
		take(reader);
		return OK;
	case ')':
		*token = IMAP_CLOSE;
		take(reader);
		return OK;
	case '\r':
	case '\n':
		*token = IMAP_END;
		status = read_end(reader, err);
		if (status == OK)
			end_answer(reader);
		return status;
	case '"':
		*token = IMAP_STRING;
		reader->needs_gap = true;
		return read_quoted(reader, err);
	case '{':
		*token = IMAP_LITERAL;
		reader->needs_gap = true;
		return read_length(reader, err);
	default:
		*token = IMAP_ATOM;
		return read_word(reader, err);
	}
}

enum status
imap_read(struct imap_reader *reader, enum imap_token *token, struct err *err)
{
	enum status status;
	unsigned char byte;

	reader->text.len = 0;
	reader->is_cut = false;
	for (;;) {
		status = peek(reader, &byte, err);
		if (status == OK)
			status = check_gap(reader, byte, err);
		if (status != OK)
			return status;
		if (byte != ' ')
			return read_token(reader, byte, token, err);
		take(reader);
	}
}

/* Digits as a number of 32 bits, and the byte behind them. */
static enum status
read_number(struct imap_reader *reader, uint32_t *number, unsigned char *behind, struct err *err)
{
	uint64_t value = 0;
	enum status status;
	size_t len;

	for (len = 0;; len++) {
		status = peek(reader, behind, err);
		if (status != OK)
			return status;
		if (!text_is_digit((char)*behind))
			break;
		value = value * 10 + (uint64_t)(*behind - '0');
		if (value > UINT32_MAX)
			return nonsense(err, "a number above 32 bits");
		take(reader);
	}
	*number = (uint32_t)value;
	return len > 0 ? OK : nonsense(err, "no number where one should be");
}

enum status
imap_read_set(struct imap_reader *reader, void (*take_range)(void *to, uint32_t first, uint32_t last),
    void *to, struct err *err)
{
	unsigned char byte = ' ';
	enum status status = OK;
	uint32_t first, last;

	while (status == OK && (status = peek(reader, &byte, err)) == OK && byte == ' ')
		take(reader);
	while (status == OK) {
		status = read_number(reader, &first, &byte, err);
		last = first;
		if (status == OK && byte == ':') {
			take(reader);
			status = read_number(reader, &last, &byte, err);
		}
		if (status != OK)
			return status;
		take_range(to, first < last ? first : last, first < last ? last : first);
		if (byte != ',')
			return byte == ' ' || byte == '\r' || byte == '\n'
				   ? OK
				   : nonsense(err, "a set of numbers that is none");
		take(reader);
	}
	return status;
}

enum status
imap_read_literal(struct imap_reader *reader, const unsigned char **bytes, size_t *len, struct err *err)
{
	enum status status;
	size_t here;

	*len = 0;
	if (reader->literal == 0)
		return OK;
	status = fill(reader, err);
	if (status != OK)
		return status;
	here = reader->end - reader->start;
	*len = here < reader->literal ? here : (size_t)reader->literal;
	*bytes = reader->bytes + reader->start;
	reader->start += *len;
	reader->literal -= *len;
	return OK;
}

enum status
imap_read_text(struct imap_reader *reader, struct err *err)
{
	enum status status;
	unsigned char byte;

	reader->text.len = 0;
	for (;;) {
		status = peek(reader, &byte, err);
		if (status != OK)
			return status;
		if (byte == '\r' || byte == '\n')
			break;
		if (byte != ' ' || reader->text.len > 0)
			keep(reader, byte);
		take(reader);
	}
	status = read_end(reader, err);
	end_answer(reader);
	return status;
}

enum status
imap_read_past(struct imap_reader *reader, struct err *err)
{
	enum imap_token token = IMAP_OPEN;
	const unsigned char *bytes;
	enum status status = OK;
	size_t len = 1;

	while (status == OK && token != IMAP_END) {
		status = imap_read(reader, &token, err);
		for (len = 1; status == OK && token == IMAP_LITERAL && len > 0;)
			status = imap_read_literal(reader, &bytes, &len, err);
	}
	return status;
}

bool
imap_has_input(const struct imap_reader *reader)
{
	return reader->start < reader->end;
}
