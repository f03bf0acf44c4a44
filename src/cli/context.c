/* context: what a command asks about its own command line, and how the program speaks to people. */
#include "base/text.h"
#include "cli/options.h"
#include "output/escape.h"

#include <string.h>

static const struct given *
find_given(const struct context *context, const char *name)
{
	size_t i;

	for (i = 0; i < context->given_count; i++)
		if (strcmp(context->given[i].option->name, name) == 0)
			return &context->given[i];
	return NULL;
}

const char *
context_option(const struct context *context, const char *name)
{
	const struct given *given = find_given(context, name);

	return given == NULL ? NULL : given->value;
}

const char *
context_each(const struct context *context, const char *name, size_t i)
{
	size_t at;

	for (at = 0; at < context->given_count; at++)
		if (strcmp(context->given[at].option->name, name) == 0 && i-- == 0)
			return context->given[at].value;
	return NULL;
}

bool
context_has(const struct context *context, const char *name)
{
	const struct given *given = find_given(context, name);

	return given != NULL && !given->is_default;
}

uint64_t
context_number(const struct context *context, const char *name, uint64_t fallback)
{
	const struct given *given = find_given(context, name);

	return given == NULL ? fallback : given->number;
}

static void
text_print(FILE *to, const char *text)
{
	size_t len = strlen(text), harmless;
	char visible[ESCAPE_TEXT];
	struct escape escape;

	while (len > 0) {
		harmless = escape_harmless(text, len);
		(void)fwrite(text, 1, harmless, to);
		text += harmless;
		len -= harmless;
		if (len == 0)
			return;
		escape = escape_read(text, len);
		(void)fwrite(visible, 1, escape_text(visible, escape), to);
		text += escape.len;
		len -= escape.len;
	}
}

void
line_print(FILE *to, const char *text)
{
	text_print(to, text);
	(void)fputc('\n', to);
}

void
message_print(FILE *to, const struct err *err)
{
	(void)fputs("dmarcq: ", to);
	if (err->where[0] != '\0') {
		text_print(to, err->where);
		(void)fputs(": ", to);
	}
	line_print(to, err->what);
}

void
context_message(const struct context *context, const struct err *err)
{
	if (!context->quiet)
		message_print(stderr, err);
}
