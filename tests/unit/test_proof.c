/* Which Authentication-Results are believed, and what they come to. Hosts of mx.example.org are trusted. */
#include "ingest/proof.h"
#include "unit/drain.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (int)(sizeof table / sizeof table[0])

#define OURS                                                                                                 \
	"Received: from mail.example.com (mail.example.com [192.0.2.1])\r\n\tby mx.example.org (Postfix) "   \
	"with ESMTPS id 1;\r\n\tTue, 2 Jun 2026 00:00:00 +0000\n"
#define INNER                                                                                                \
	"Received: from mx.example.org (mx.example.org [198.51.100.1]) by imap.example.org with LMTP id 2; " \
	"date\n"
#define THEIRS                                                                                               \
	"Received: from evil.example.net (evil.example.net [192.0.2.66]) by mail.example.com with ESMTP; "   \
	"date\n"
#define PASS "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n"
#define FAIL "Authentication-Results: mx.example.org; dmarc=fail header.from=example.com\n"
#define FROM "From: Reports <reports@example.com>\n"

static const struct {
	const char *mail, *by, *results; /* by NULL: nobody is believed */
} traces[] = {
    /* where servers put their field: above their Received, or below it */
    {PASS OURS FROM, "mx.example.org", "dmarc=pass:example.com"},
    {OURS PASS FROM, "mx.example.org", "dmarc=pass:example.com"},
    {INNER PASS OURS FROM, "mx.example.org", "dmarc=pass:example.com"},
    {INNER OURS PASS THEIRS FROM, "mx.example.org", "dmarc=pass:example.com"},
    /* hops that name nobody: an address, one name, a private one, no host at all */
    {"Received: by 2001:db8::1 with SMTP id a; date\n" OURS PASS FROM, "mx.example.org",
	"dmarc=pass:example.com"},
    {"Received: from mx.example.org by 198.51.100.2 with SMTP; date\n" PASS OURS FROM, "mx.example.org",
	"dmarc=pass:example.com"},
    {"Received: from mx.example.org by store7; date\n" PASS OURS FROM, "mx.example.org",
	"dmarc=pass:example.com"},
    {"Received: from a by store7.ny.internal; date\n" PASS OURS FROM, "mx.example.org",
	"dmarc=pass:example.com"},
    {"Received: (qmail 1 invoked by uid 89); date\n" PASS OURS FROM, "mx.example.org",
	"dmarc=pass:example.com"},
    /* several fields and servers */
    {"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=a@b.example.com\n"
     "Authentication-Results: mx.example.org; dkim=pass header.d=example.com\n" PASS OURS FROM,
	"mx.example.org", "spf=pass:b.example.com dkim=pass:example.com dmarc=pass:example.com"},
    {"Authentication-Results: filter.example.org; dkim=fail header.d=example.com\n" INNER PASS OURS FROM,
	"filter.example.org mx.example.org", "dkim=fail:example.com dmarc=pass:example.com"},
    {"Authentication-Results: MX.example.org; dkim=pass header.d=a.example dmarc=pass "
     "header.from=example.com\n" OURS FROM,
	"mx.example.org", "dkim=pass:a.example"},
    {"Authentication-Results: mx.example.org; arc=none\n" INNER PASS OURS FROM, "mx.example.org",
	"dmarc=pass:example.com"},
    {"Authentication-Results: mx.example.org; dkim=none; spf=none\n" OURS FROM, "mx.example.org", ""},
    {"Authentication-Results: mx.example.org; dkim=pass header.i=a@example.com; spf=pass "
     "smtp.helo=a.example.com\n" OURS FROM,
	"mx.example.org", "dkim=pass:example.com"},
    {"Authentication-Results: mx.example.org; dkim=pass header.d=b.example; spf=fail "
     "smtp.mailfrom=a.example; dmarc=fail "
     "header.from=c.example\n" OURS FROM,
	"mx.example.org", "dmarc=fail:c.example spf=fail:a.example dkim=pass:b.example"},
    {"Authentication-Results: mx.example.org; dkim=none header.d=none; dmarc=none "
     "header.from=example.com\n" OURS FROM,
	"mx.example.org", "dmarc=none:example.com"},
    /* not believed: another's field, one below a Received of somebody else, no Received at all */
    {"Authentication-Results: mx.example.net; dmarc=pass header.from=example.com\n" OURS FROM, NULL, NULL},
    {"Authentication-Results: dmarc=pass header.from=example.com\n" OURS FROM, NULL, NULL},
    {THEIRS PASS OURS FROM, NULL, NULL},
    {OURS THEIRS PASS FROM, NULL, NULL},
    {"Received: from a by imap.example.net; date\n" OURS PASS FROM, NULL, NULL},
    {PASS FROM, NULL, NULL},
    {OURS FROM, NULL, NULL},
    {"Authentication-Results: mx.example.org; none\n" OURS FROM, NULL, NULL},
    {"X-Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n" OURS FROM, NULL, NULL},
    /* forged ones further down change nothing, whether they follow at once or behind a forged hop */
    {FAIL OURS PASS FROM, "mx.example.org", "dmarc=fail:example.com"},
    {OURS FAIL PASS FROM, "mx.example.org", "dmarc=fail:example.com"},
    {FAIL OURS OURS PASS FROM, "mx.example.org", "dmarc=fail:example.com"},
    {OURS FAIL OURS PASS FROM, "mx.example.org", "dmarc=fail:example.com"},
    {OURS "Authentication-Results: mx.example.org; spf=none smtp.mailfrom=evil.example\n" PASS FROM,
	"mx.example.org", "spf=none:evil.example"},
    /* what a server copies from the sender's address may look like its verdict; its own one then says more */
    {"Authentication-Results: mx.example.org; spf=pass (of \"b); dmarc=pass header.from=example.com "
     "(\"@evil.example) "
     "smtp.mailfrom=evil.example; dmarc=fail header.from=example.com\n" OURS FROM,
	"mx.example.org", "dmarc=fail:example.com"},
    {PASS FAIL OURS FROM, "mx.example.org", "dmarc=fail:example.com"},
    {"Authentication-Results: filter.example.org; dmarc=fail header.from=example.com\n" PASS OURS FROM,
	"filter.example.org mx.example.org", "dmarc=fail:example.com dmarc=pass:example.com"},
    /* what a sender says of himself in the Received of another provider is not the host behind its "by" */
    {"Received: from by (evil [192.0.2.66]) by mail.example.net with SMTP; date\n" PASS OURS FROM, NULL,
	NULL},
    {"Received: from a( by mail.example.net with SMTP; date\n" PASS OURS FROM, NULL, NULL},
    {"Received: from \"by x\" (by y) by mail.example.net; date\n" PASS OURS FROM, NULL, NULL},
};

START_TEST(trace)
{
	struct stream *stream = stream_memory(traces[_i].mail, strlen(traces[_i].mail));
	struct message *message;
	struct limits limits;
	struct arena arena;
	struct proof proof;
	struct err err;

	limits_init(&limits);
	arena_init(&arena);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), OK);
	proof_read(&proof, message, "mx.example.org filter.example.org", &arena);
	ck_assert(str_eq(proof.from, "example.com"));
	if (traces[_i].by == NULL) {
		ck_assert_ptr_null(proof.by.data);
		ck_assert_ptr_null(proof.results.data);
	} else {
		ck_assert_str_eq(proof.by.data, traces[_i].by);
		ck_assert_str_eq(proof.results.data, traces[_i].results);
	}
	proof_read(&proof, message, NULL, &arena);
	ck_assert_ptr_null(proof.by.data);
	message_close(message);
	stream_close(stream);
	arena_free(&arena);
}
END_TEST

/* Servers that write no id are believed by a "-", where their hops are known by another word. */
START_TEST(no_id)
{
	static const char mail[] =
	    "Received: from a.prod.outlook.example by b.prod.outlook.example with HTTPS; date\n"
	    "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=example.com; "
	    "dkim=pass "
	    "header.d=example.com;dmarc=pass action=none\n header.from=example.com;compauth=pass reason=100\n"
	    "Received: from x by c.protection.outlook.example; date\n"
	    "Authentication-Results: dmarc=pass header.from=example.net\n" FROM;
	struct stream *stream = stream_memory(mail, sizeof mail - 1);
	struct message *message;
	struct limits limits;
	struct arena arena;
	struct proof proof;
	struct err err;

	limits_init(&limits);
	arena_init(&arena);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), OK);
	proof_read(&proof, message, "- outlook.example", &arena);
	ck_assert_str_eq(proof.by.data, "-");
	ck_assert_str_eq(
	    proof.results.data, "dmarc=pass:example.com spf=pass:example.com dkim=pass:example.com");
	proof_read(&proof, message, "-", &arena);
	ck_assert_ptr_null(proof.by.data);
	message_close(message);
	stream_close(stream);
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *from, *domain;
} froms[] = {
    {"From: a@example.com\n", "example.com"},
    {"From: <a@Example.COM>\n", "example.com"},
    {"From: A B <a@example.com>\n", "example.com"},
    {"From: \"b@example.net\" <a@example.com>\n", "example.com"},
    {"From: \"<b@example.net>\" <a@example.com>\n", "example.com"},
    {"From: (b@example.net) a@example.com (c@example.net)\n", "example.com"},
    {"From: =?utf-8?q?=3Cb=40example=2Enet=3E?=\n <a@example.com>\n", "example.com"},
    {"From: \"A, B\" <\"a b\"@example.com>\n", "example.com"},
    {"from: a@example.com\n", "example.com"},
    {"From: a@example.com, b@example.net\n", NULL},
    {"From: <b@example.net> <a@example.com>\n", NULL},
    {"From: <a@example.com> b@example.net\n", NULL},
    {"From: group: a@example.com;\n", NULL},
    {"From: a@example.com\nFrom: b@example.net\n", NULL},
    {"From: example.com\n", NULL},
    {"From: A\n", NULL},
    {"From: <>\n", NULL},
    {"From:\n", NULL},
    {"Subject: a@example.com\n", NULL},
};

START_TEST(from)
{
	char mail[512];
	struct stream *stream;
	struct message *message;
	struct limits limits;
	struct arena arena;
	struct proof proof;
	struct err err;
	int len = snprintf(mail, sizeof mail, "To: c@example.org\n%s\nbody\n", froms[_i].from);

	stream = stream_memory(mail, (size_t)len);
	limits_init(&limits);
	arena_init(&arena);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), OK);
	proof_read(&proof, message, NULL, &arena);
	if (froms[_i].domain == NULL)
		ck_assert_ptr_null(proof.from.data);
	else
		ck_assert(str_eq(proof.from, froms[_i].domain));
	message_close(message);
	stream_close(stream);
	arena_free(&arena);
}
END_TEST

/* Any number of signatures leaves DMARC its room. */
START_TEST(many)
{
	char mail[8192];
	struct stream *stream;
	struct message *message;
	struct limits limits;
	struct arena arena;
	struct proof proof;
	struct err err;
	int len = snprintf(mail, sizeof mail, "Authentication-Results: mx.example.org"), i;

	for (i = 0; i < 90; i++)
		len += snprintf(
		    mail + len, sizeof mail - (size_t)len, ";\n dkim=pass header.d=d%d.example.net", i);
	len += snprintf(mail + len, sizeof mail - (size_t)len, ";\n dmarc=fail header.from=example.com\n%s%s",
	    OURS, FROM);
	stream = stream_memory(mail, (size_t)len);
	limits_init(&limits);
	arena_init(&arena);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), OK);
	proof_read(&proof, message, "mx.example.org", &arena);
	ck_assert_int_eq(
	    strncmp(proof.results.data, "dmarc=fail:example.com dkim=pass:d0.example.net ", 48), 0);
	ck_assert_uint_le(proof.results.len, 1000);
	ck_assert_int_eq(strncmp(proof.results.data + proof.results.len - 12, ".example.net", 12), 0);
	message_close(message);
	stream_close(stream);
	arena_free(&arena);
}
END_TEST

/* Signatures without number make a server's field longer than what is read: it is the one that counts still.
 */
START_TEST(endless)
{
	static char mail[65536];
	struct stream *stream;
	struct message *message;
	struct limits limits;
	struct arena arena;
	struct proof proof;
	struct err err;
	int len = snprintf(mail, sizeof mail, "%sAuthentication-Results: mx.example.org", OURS), i;

	for (i = 0; i < 400; i++)
		len += snprintf(
		    mail + len, sizeof mail - (size_t)len, ";\n dkim=pass header.d=d%d.example.net", i);
	len += snprintf(mail + len, sizeof mail - (size_t)len, "\n%s%s", PASS, FROM);
	stream = stream_memory(mail, (size_t)len);
	limits_init(&limits);
	arena_init(&arena);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), OK);
	proof_read(&proof, message, "mx.example.org", &arena);
	ck_assert_str_eq(proof.by.data, "mx.example.org");
	ck_assert_str_eq(proof.results.data, "");
	message_close(message);
	stream_close(stream);
	arena_free(&arena);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("proof");
	TCase *tests = tcase_create("proof");

	tcase_add_loop_test(tests, trace, 0, COUNT(traces));
	tcase_add_test(tests, no_id);
	tcase_add_loop_test(tests, from, 0, COUNT(froms));
	tcase_add_test(tests, many);
	tcase_add_test(tests, endless);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
