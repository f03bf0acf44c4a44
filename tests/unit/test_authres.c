/* Values of Authentication-Results as they are written, and what stands in them. */
#include "base/buf.h"
#include "parse/authres.h"
#include "unit/drain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (int)(sizeof table / sizeof table[0])

/* What was read, in one line: id/version: method/version=result(reason) type.name=value; ~ for a loose one.
 */
static const struct {
	const char *text, *out;
} fields[] = {
    /* RFC 8601 appendix B */
    {"example.org 1; none", "example.org/1: none"},
    {"example.com;\r\n\tspf=pass smtp.mailfrom=example.net",
	"example.com: spf=pass smtp.mailfrom=example.net"},
    {"example.com;\r\n  auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n  spf=pass "
     "smtp.mailfrom=example.net",
	"example.com: auth=pass smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net"},
    {"example.com; dkim=pass reason=\"good signature\" header.i=@mail-router.example.net;\r\n"
     "  dkim=fail reason=\"bad signature\" header.i=@newyork.example.com",
	"example.com: dkim=pass(good signature) header.i=@mail-router.example.net; "
	"dkim=fail(bad signature) header.i=@newyork.example.com"},
    {"foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
     " policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) "
     "1362471462",
	"foo.example.net/1: dkim/1=fail policy.expired=1362471462"},
    {"example.net; dkim/ 1=pass header. d=a.example", "example.net: dkim/1=pass header.d=a.example"},
    /* large receivers and common software */
    {"mx.google.com;\r\n       dkim=pass header.i=@example.com header.s=20230601 header.b=AbC/+x1=;\r\n"
     "       spf=pass (google.com: domain of a@example.com designates 192.0.2.1 as permitted sender) "
     "smtp.mailfrom=a@example.com;\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) "
     "header.from=example.com",
	"mx.google.com: dkim=pass header.i=@example.com header.s=20230601 header.b=AbC/+x1=; "
	"spf=pass smtp.mailfrom=a@example.com; dmarc=pass header.from=example.com"},
    {"spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.com; dkim=pass (signature was verified)\r\n"
     " header.d=example.com;dmarc=pass action=none\r\n header.from=example.com;compauth=pass reason=100",
	": spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com; "
	"dmarc=pass action=none header.from=example.com; compauth=pass(100)"},
    {"spf=softfail (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.com; tenant.mail.example.net; "
     "dkim=fail\r\n"
     " (signature did not verify)\r\n header.d=example.com;tenant.mail.example.net; dmarc=fail",
	": spf=softfail smtp.mailfrom=example.com; dkim=fail header.d=example.com; dmarc=fail"},
    {"mx.example.org;\r\n\tiprev=pass (host.example.com) smtp.remote-ip=192.0.2.1;\r\n\tspf=pass "
     "smtp.mailfrom=example.com;\r\n\tdkim=pass header.d=example.com header.s=k "
     "header.a=rsa-sha256;\r\n\tdmarc=pass "
     "header.from=example.com",
	"mx.example.org: iprev=pass smtp.remote-ip=192.0.2.1; spf=pass smtp.mailfrom=example.com; "
	"dkim=pass header.d=example.com header.s=k header.a=rsa-sha256; dmarc=pass header.from=example.com"},
    {"atlas.example.org;\r\n dkim=pass header.i=@a.example header.s=s1;\r\n dmarc=pass(p=REJECT) "
     "header.from=a.example;",
	"atlas.example.org: dkim=pass header.i=@a.example header.s=s1; dmarc=pass header.from=a.example"},
    {"mail.example.org;\r\n dkim=pass (2048-bit key; unprotected) header.d=a.example header.b=uiPxLgim",
	"mail.example.org: dkim=pass header.d=a.example header.b=uiPxLgim"},
    {"mail.example.org;\n    arc=fail\n      (as.1.a.example=fail (bad signature), ams.1.a.example=fail "
     "(bad))\n"
     "      smtp.remote-ip=192.0.2.1",
	"mail.example.org: arc=fail smtp.remote-ip=192.0.2.1"},
    {"mail.example.org; iprev=pass policy.iprev=\"192.0.2.1\"; spf=neutral smtp.mailfrom=\"\" "
     "smtp.helo=\"a.example\"",
	"mail.example.org: iprev=pass policy.iprev=192.0.2.1; spf=neutral smtp.mailfrom= "
	"smtp.helo=a.example"},
    /* sloppy */
    {"mx.example.org spf=pass smtp.mailfrom=a.example dkim=pass header.d=b.example",
	"mx.example.org: ~spf=pass smtp.mailfrom=a.example; ~dkim=pass header.d=b.example"},
    {"mx.example.org none", "mx.example.org: none"},
    {"mx.example.org; dkim=none dmarc=fail header.from=a.example",
	"mx.example.org: dkim=none; ~dmarc=fail header.from=a.example"},
    {"; spf=pass smtp.helo=a.example", ": spf=pass smtp.helo=a.example"},
    {";; mx.example.org;; spf=pass;", ": spf=pass"},
    {"mx.example.org; spf=pass smtp.mailfrom=; dkim=none",
	"mx.example.org: spf=pass smtp.mailfrom=; dkim=none"},
    {"mx.example.org; spf=pass smtp.mailfrom= smtp.helo=a.example",
	"mx.example.org: spf=pass smtp.mailfrom= smtp.helo=a.example"},
    {"mx.example.org; spf= dkim=pass", "mx.example.org: spf=; ~dkim=pass"},
    {"mx.example.org; spf = pass smtp.mailfrom = a.example",
	"mx.example.org: spf=pass smtp.mailfrom=a.example"},
    {"MX.Example.ORG; DKIM=Pass Header.D=A.Example", "mx.example.org: dkim=pass header.d=A.Example"},
    {"\"mx example\"; spf=pass", "mx example: spf=pass"},
    {"mx.example.org.; spf=pass", "mx.example.org.: spf=pass"},
    {"mx.example.org; x-new=pass header.d=a.example", "mx.example.org: x-new=pass header.d=a.example"},
    {"mx.example.org; header.d=a.example; spf=pass", "mx.example.org: spf=pass"},
    {"mx.example.org; dkim=pass header.d=a.example; header.s=key",
	"mx.example.org: dkim=pass header.d=a.example header.s=key"},
    {"mx.example.org; dkim=pass reason=a reason=b", "mx.example.org: dkim=pass(a)"},
    {"mx.example.org; reason=a; =b; dkim=pass", "mx.example.org: dkim=pass"},
    {"mx.example.org; spf=pass smtp.mailfrom=\"a;b c\"@a.example; dkim=none",
	"mx.example.org: spf=pass smtp.mailfrom=a;b c@a.example; dkim=none"},
    {"mx.example.org; spf=pass smtp.mailfrom=<>", "mx.example.org: spf=pass smtp.mailfrom=<>"},
    {"mx.example.org; dmarc=fail) header.from=a.example", "mx.example.org: dmarc=fail header.from=a.example"},
    /* what stands in a string or a comment is never a result */
    {"mx.example.org; spf=fail reason=\"\\\"; dmarc=pass header.from=a.example\"",
	"mx.example.org: spf=fail(\"; dmarc=pass header.from=a.example)"},
    {"mx.example.org; spf=fail reason=\"; dmarc=pass", "mx.example.org: spf=fail(; dmarc=pass)"},
    {"mx.example.org; spf=fail (\\); dmarc=pass", "mx.example.org: spf=fail"},
    {"mx.example.org; spf=fail ((a); dmarc=pass", "mx.example.org: spf=fail"},
    {"mx.example.org; spf=fail smtp.mailfrom=dmarc=pass@a.example",
	"mx.example.org: spf=fail smtp.mailfrom=dmarc=pass@a.example"},
    {"mx.example.org; spf=fail smtp.mailfrom=a dmarc=pass@a.example",
	"mx.example.org: spf=fail smtp.mailfrom=a; ~dmarc=pass@a.example"},
};

/* Nothing in it. */
static const char *const empty[] = {"", " ", ";", "mx.example.org", "mx.example.org;", "mx.example.org 1;",
    "(none)", "mx.example.org; \"", "=", "mx.example.org; =;", "some words"};

static const struct {
	const char *value, *domain;
} domains[] = {
    {"example.com", "example.com"},
    {"Example.COM.", "example.com"},
    {"@example.com", "example.com"},
    {"user@example.com", "example.com"},
    {"<user@example.com>", "example.com"},
    {"a@b@example.com", "example.com"},
    {"b\xc3\xbc"
     "cher.example",
	"xn--bcher-kva.example"},
    {"", NULL},
    {"<>", NULL},
    {"user@", NULL},
    {"not a domain", NULL},
};

static void
put(struct buf *to, const char *before, struct str text)
{
	if (text.data == NULL)
		return;
	ck_assert(buf_add_text(to, before));
	ck_assert(buf_add(to, text.data, text.len));
}

static void
put_result(struct buf *to, const struct authres_result *result)
{
	const struct authres_property *property;

	put(to, result->loose ? "~" : "", result->method);
	put(to, "/", result->version);
	put(to, "=", result->result);
	put(to, "(", result->reason);
	put(to, "", str_of(result->reason.data != NULL ? ")" : NULL));
	for (property = result->properties; property != NULL; property = property->next) {
		put(to, " ", property->type);
		put(to, property->type.data != NULL ? "." : " ", property->name);
		put(to, "=", property->value);
	}
	put(to, result->next != NULL ? "; " : "", str_of(""));
}

START_TEST(field)
{
	const struct authres_result *result;
	struct authres authres;
	struct arena arena;
	struct buf line;

	arena_init(&arena);
	buf_init(&line, 4096);
	ck_assert(authres_parse(&authres, str_of(fields[_i].text), &arena));
	put(&line, "", authres.id);
	put(&line, "/", authres.version);
	put(&line, authres.none ? ": none" : ": ", str_of(""));
	for (result = authres.results; result != NULL; result = result->next)
		put_result(&line, result);
	ck_assert(buf_add(&line, "", 1));
	ck_assert_str_eq((const char *)line.data, fields[_i].out);
	ck_assert(!authres.cut);
	buf_free(&line);
	arena_free(&arena);
}
END_TEST

START_TEST(nothing)
{
	struct authres authres;
	struct arena arena;

	arena_init(&arena);
	ck_assert(!authres_parse(&authres, str_of(empty[_i]), &arena));
	ck_assert_ptr_null(authres.results);
	ck_assert(!authres.none);
	arena_free(&arena);
}
END_TEST

START_TEST(missing)
{
	struct authres authres;
	struct arena arena;

	arena_init(&arena);
	ck_assert(!authres_parse(&authres, str_of(NULL), &arena));
	arena_free(&arena);
}
END_TEST

START_TEST(property)
{
	struct authres authres;
	struct arena arena;

	arena_init(&arena);
	ck_assert(authres_parse(
	    &authres, str_of("mx; dkim=pass d=1 smtp.d=2 header.d=3 header.d=4 header.i="), &arena));
	ck_assert(str_eq(authres_property(authres.results, "header", "d"), "3"));
	ck_assert(str_eq(authres_property(authres.results, "header", "i"), ""));
	ck_assert_ptr_null(authres_property(authres.results, "header", "s").data);
	arena_free(&arena);
}
END_TEST

START_TEST(domain)
{
	struct arena arena;
	struct str out;

	arena_init(&arena);
	out = authres_domain(str_of(domains[_i].value), &arena);
	if (domains[_i].domain == NULL)
		ck_assert_ptr_null(out.data);
	else
		ck_assert(str_eq(out, domains[_i].domain));
	ck_assert_ptr_null(authres_domain(str_of(NULL), &arena).data);
	arena_free(&arena);
}
END_TEST

/* A text of the start and a piece so many times; free is due. */
static char *
repeat(const char *start, const char *piece, size_t times)
{
	size_t i, len = strlen(start), each = strlen(piece);
	char *text = malloc(len + each * times + 1);

	ck_assert_ptr_nonnull(text);
	memcpy(text, start, len);
	for (i = 0; i < times; i++)
		memcpy(text + len + i * each, piece, each);
	text[len + each * times] = '\0';
	return text;
}

static const struct {
	const char *piece;
	size_t times, results;
	bool cut;
} limits[] = {
    {"; dkim=pass", AUTHRES_RESULTS, AUTHRES_RESULTS, false},
    {"; dkim=pass", AUTHRES_RESULTS + 1, AUTHRES_RESULTS, true},
    {"; dkim=pass header.d=a", AUTHRES_RESULTS + 1, AUTHRES_RESULTS, true},
    {"; dkim=pass a.b=c a.b=c a.b=c", AUTHRES_RESULTS, AUTHRES_RESULTS, true},
};

START_TEST(limit)
{
	char *text = repeat("mx", limits[_i].piece, limits[_i].times);
	const struct authres_result *result;
	struct authres authres;
	struct arena arena;
	size_t count = 0;

	arena_init(&arena);
	ck_assert(authres_parse(&authres, str_of(text), &arena));
	for (result = authres.results; result != NULL; result = result->next)
		count++;
	ck_assert_uint_eq(count, limits[_i].results);
	ck_assert_int_eq(authres.cut, limits[_i].cut);
	arena_free(&arena);
	free(text);
}
END_TEST

/* What is cut in its middle would say something else. */
START_TEST(bytes)
{
	char *piece = repeat("; dkim=pass header.d=", "a", 200), *text = repeat("mx", piece, 90);
	const struct authres_result *result;
	struct authres authres;
	struct arena arena;
	size_t count = 0;

	arena_init(&arena);
	ck_assert(authres_parse(&authres, str_of(text), &arena));
	for (result = authres.results; result != NULL; result = result->next, count++)
		ck_assert_uint_eq(authres_property(result, "header", "d").len, 200);
	ck_assert_uint_eq(count, AUTHRES_BYTES / strlen(piece));
	ck_assert(authres.cut);
	arena_free(&arena);
	free(text);
	free(piece);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("authres");
	TCase *tests = tcase_create("authres");

	tcase_add_loop_test(tests, field, 0, COUNT(fields));
	tcase_add_loop_test(tests, nothing, 0, COUNT(empty));
	tcase_add_test(tests, missing);
	tcase_add_test(tests, property);
	tcase_add_loop_test(tests, domain, 0, COUNT(domains));
	tcase_add_loop_test(tests, limit, 0, COUNT(limits));
	tcase_add_test(tests, bytes);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
