/* pop3_lines: lines of POP3 and the dots in front of those of a mail. */
#include "mailbox/pop3_lines.h"

#include <string.h>

bool
pop3_is_ok(struct str *text, const char *line, size_t len)
{
	bool ok = len >= 3 && memcmp(line, "+OK", 3) == 0;
	size_t skip = ok ? 3 : len >= 4 && memcmp(line, "-ERR", 4) == 0 ? 4 : 0;

	*text = str_trim((struct str){line + skip, len - skip});
	return ok;
}

/* "NUMBER REST"; false when there is no number, or nothing behind it. */
static bool
read_number(uint64_t *number, struct str *rest, const char *line, size_t len)
{
	size_t digits = 0;

	while (digits < len && text_is_digit(line[digits]))
		digits++;
	if (!text_u64(number, line, digits) || *number == 0 || digits == len || line[digits] != ' ')
		return false;
	*rest = str_trim((struct str){line + digits, len - digits});
	return rest->len > 0;
}

bool
pop3_read_size(uint64_t *number, uint64_t *size, const char *line, size_t len)
{
	struct str rest;
	size_t digits = 0;

	if (!read_number(number, &rest, line, len))
		return false;
	/* RFC 1939 section 5: servers may say more behind the size. */
	while (digits < rest.len && text_is_digit(rest.data[digits]))
		digits++;
	return (digits == rest.len || rest.data[digits] == ' ') && text_u64(size, rest.data, digits);
}

bool
pop3_read_uid(uint64_t *number, struct str *uid, const char *line, size_t len)
{
	size_t i;

	if (!read_number(number, uid, line, len) || uid->len > POP3_UID)
		return false;
	for (i = 0; i < uid->len; i++)
		if (uid->data[i] < 0x21 || uid->data[i] > 0x7e)
			return false;
	return true;
}

/* One byte at the beginning of a line, or behind a CR. */
static void
step(struct unstuff *state, unsigned char *out, size_t *out_len, unsigned char c)
{
	if (state->state == STUFF_LINE && c == '.') {
		state->state = STUFF_DOT;
		return;
	}
	if (state->state == STUFF_DOT && c == '\r') {
		state->state = STUFF_DOT_CR;
		return;
	}
	if (state->state == STUFF_DOT_CR && c == '\n') {
		state->state = STUFF_END;
		return;
	}
	if (state->state == STUFF_DOT_CR) {
		out[(*out_len)++] = '\r';
		state->state = STUFF_CR;
	}
	out[(*out_len)++] = c;
	if (c == '\r')
		state->state = STUFF_CR;
	else
		state->state = state->state == STUFF_CR && c == '\n' ? STUFF_LINE : STUFF_TEXT;
}

size_t
unstuff(struct unstuff *state, unsigned char *out, size_t *out_len, const unsigned char *in, size_t len)
{
	const unsigned char *end;
	size_t at = 0, run;

	*out_len = 0;
	while (at < len && state->state != STUFF_END) {
		if (state->state != STUFF_TEXT) {
			step(state, out, out_len, in[at++]);
			continue;
		}
		end = memchr(in + at, '\r', len - at);
		run = end == NULL ? len - at : (size_t)(end - (in + at)) + 1;
		memcpy(out + *out_len, in + at, run);
		*out_len += run;
		at += run;
		if (end != NULL)
			state->state = STUFF_CR;
	}
	return at;
}
