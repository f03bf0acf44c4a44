/* tlsrpt_find: where a TLS report may be, by its bytes alone. */
#include "parse/tlsrpt.h"

#include <string.h>

/* Names that no other JSON has; each report has most of them, most of them early. */
static const char *const names[] = {"\"organization-name\"", "\"policy-type\"",
    "\"total-successful-session-count\"", "\"total-failure-session-count\"", "\"failure-details\"", NULL};

bool
tlsrpt_is_likely(const unsigned char *head, size_t len)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (memmem(head, len, names[i], strlen(names[i])) != NULL)
			return true;
	return false;
}

bool
tlsrpt_seek(size_t *at, struct str text)
{
	static const char mark[] = {'\xef', '\xbb', '\xbf', '\0'};

	while (*at < text.len &&
	       (text_is_blank(text.data[*at]) || memchr(mark, text.data[*at], sizeof mark) != NULL))
		(*at)++;
	return *at < text.len;
}
