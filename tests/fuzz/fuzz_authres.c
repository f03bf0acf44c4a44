/*
 * fuzz_authres: a value of Authentication-Results. What is read keeps to the limits, holds no character that
 * ends a line, and is read again alike when it is written in the form of the RFC.
 */
#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "parse/authres.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* As a quoted string. */
static void
put_quoted(struct buf *to, struct str text)
{
	size_t i;

	must(buf_add_text(to, "\""));
	for (i = 0; i < text.len; i++) {
		must((unsigned char)text.data[i] >= ' ');
		must((text.data[i] != '"' && text.data[i] != '\\') || buf_add_text(to, "\\"));
		must(buf_add(to, text.data + i, 1));
	}
	must(buf_add_text(to, "\""));
}

static void
put_result(struct buf *to, const struct authres_result *result, size_t *properties)
{
	const struct authres_property *property;

	must(buf_add_text(to, "; method=") && result->method.len > 0);
	put_quoted(to, result->result);
	if (result->reason.data != NULL) {
		must(buf_add_text(to, " reason="));
		put_quoted(to, result->reason);
	}
	for (property = result->properties; property != NULL; property = property->next) {
		must(buf_add_text(to, " type.name="));
		put_quoted(to, property->value);
		++*properties;
	}
}

static void
check_same(const struct authres_result *a, const struct authres_result *b)
{
	const struct authres_property *left, *right;

	for (; a != NULL && b != NULL; a = a->next, b = b->next) {
		must(str_same(a->result, b->result) && str_same(a->reason, b->reason) && !b->loose);
		right = b->properties;
		for (left = a->properties; left != NULL; left = left->next, right = right->next)
			must(right != NULL && str_same(left->value, right->value));
		must(right == NULL);
	}
	must(a == NULL && b == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	const struct authres_result *result;
	size_t results = 0, properties = 0;
	struct authres authres, again;
	struct arena arena;
	struct buf written;

	arena_init(&arena);
	buf_init(&written, 16 * AUTHRES_BYTES);
	must(buf_add_text(&written, "id"));
	if (authres_parse(&authres, text, &arena))
		for (result = authres.results; result != NULL; result = result->next, results++)
			put_result(&written, result, &properties);
	must(results <= AUTHRES_RESULTS && properties <= AUTHRES_PROPERTIES);
	must(authres.results == NULL || !authres.none);
	(void)authres_domain(authres.id, &arena);
	text = (struct str){(const char *)written.data, written.len};
	must(authres_parse(&again, text, &arena) == (results > 0) || again.cut);
	if (!again.cut)
		check_same(authres.results, again.results);
	buf_free(&written);
	arena_free(&arena);
	return 0;
}
