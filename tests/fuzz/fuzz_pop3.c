/*
 * fuzz_pop3: a mail as a POP3 server sends it, and lines of its lists. The first byte says in what pieces
 * the rest comes; the text of the mail does not depend on them, is never longer than what came, and what
 * stands behind the mail's end is left alone. Stuffed again as RFC 1939 says, it gives the same text.
 */
#include "fuzz/fuzz.h"
#include "mailbox/pop3_lines.h"

#include <stdlib.h>
#include <string.h>

/* Returns the length of the text in to; *taken bytes were the mail's. */
static size_t
read_mail(unsigned char *to, size_t *taken, bool *whole, const uint8_t *data, size_t size, size_t piece)
{
	struct unstuff state = {STUFF_LINE};
	size_t len = 0, n, used;

	for (*taken = 0; *taken < size && state.state != STUFF_END; *taken += used) {
		n = size - *taken < piece ? size - *taken : piece;
		used = unstuff(&state, to + len, &n, data + *taken, n);
		len += n;
		if (used == 0 || len > *taken + used)
			abort();
	}
	*whole = state.state == STUFF_END;
	return len;
}

/* A dot in front of each line that begins with one, and the end. Returns the length. */
static size_t
stuff(unsigned char *to, const unsigned char *text, size_t len)
{
	size_t out = 0, i;

	for (i = 0; i < len; i++) {
		if (text[i] == '.' && (i == 0 || (i > 1 && text[i - 1] == '\n' && text[i - 2] == '\r')))
			to[out++] = '.';
		to[out++] = text[i];
	}
	memcpy(to + out, ".\r\n", 3);
	return out + 3;
}

static void
check_mail(const uint8_t *data, size_t size, size_t piece)
{
	unsigned char *once = malloc(size + 1), *again = malloc(size + 1), *stuffed = malloc(2 * size + 4);
	size_t taken, same_taken, len;
	bool whole, same_whole;

	if (once == NULL || again == NULL || stuffed == NULL)
		abort();
	len = read_mail(once, &taken, &whole, data, size, piece);
	if (read_mail(again, &same_taken, &same_whole, data, size, size + 1) != len || taken != same_taken ||
	    whole != same_whole || memcmp(once, again, len) != 0)
		abort();
	if (whole && len > 1 && once[len - 1] == '\n' && once[len - 2] == '\r') {
		taken = stuff(stuffed, once, len);
		again = realloc(again, taken + 1);
		if (again == NULL ||
		    read_mail(again, &same_taken, &same_whole, stuffed, taken, piece) != len ||
		    same_taken != taken || !same_whole || memcmp(once, again, len) != 0)
			abort();
	}
	free(once);
	free(again);
	free(stuffed);
}

static void
check_line(const char *line, size_t len)
{
	uint64_t number, size;
	struct str text;

	if (pop3_read_size(&number, &size, line, len) && number == 0)
		abort();
	if (pop3_read_uid(&number, &text, line, len) &&
	    (number == 0 || text.len == 0 || text.len > POP3_UID || memchr(text.data, ' ', text.len) != NULL))
		abort();
	if (pop3_is_ok(&text, line, len) && (len < 3 || line[0] != '+'))
		abort();
	if (text.len > len || (text.len > 0 && (text.data < line || text.data + text.len > line + len)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line, *end;
	size_t left;

	if (size == 0)
		return 0;
	check_mail(data + 1, size - 1, (size_t)data[0] + 1);
	line = (const char *)data + 1;
	for (left = size - 1; left > 0; left -= (size_t)(end - line), line = end) {
		end = memchr(line, '\n', left);
		end = end == NULL ? line + left : end + 1;
		check_line(line, (size_t)(end - line));
	}
	return 0;
}
