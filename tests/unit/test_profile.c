/* Packed profiles: they come back as they were, equal content gives equal bytes, damage is refused. */
#include "report/profile.h"
#include "report/report.h"
#include "unit/drain.h"

#include <stdlib.h>
#include <string.h>

#define S(text)                                                                                              \
	{                                                                                                    \
		text, sizeof text - 1                                                                        \
	}
#define NONE                                                                                                 \
	{                                                                                                    \
		NULL, 0                                                                                      \
	}

static char long_text[20000];

static struct detail details[] = {
    {DETAIL_REASON, S("local_policy"), NONE, NONE, S("arc=pass"), S("en")},
    {DETAIL_REASON, S("other"), NONE, NONE, NONE, NONE},
    {DETAIL_DKIM, S("example.com"), S("s1"), S("pass"), NONE, NONE},
    {DETAIL_DKIM, S(""), S(""), S(""), S(""), S("")},
    {DETAIL_SPF, S("example.net"), S("mfrom"), S("softfail"), S("x\0y"), NONE},
    {DETAIL_SPF, NONE, NONE, NONE, {long_text, 127}, NONE},
    {DETAIL_SPF, NONE, NONE, NONE, {long_text, 126}, {long_text, 128}},
    {DETAIL_SPF, {long_text, 16383}, NONE, NONE, {long_text, 16382}, {long_text, 20000}},
};

static const struct profile profiles[] = {
    {{NONE, NONE, NONE, NONE, NONE, NONE}, NULL, 0},
    {{S(""), S(""), S(""), S(""), S(""), S("")}, NULL, 0},
    {{S("example.com"), S(""), NONE, S("none"), S("pass"), S("fail")}, NULL, 0},
    {{S("example.com"), NONE, S("example.org"), S("reject"), S("fail"), NONE}, details, 1},
    {{NONE, NONE, NONE, NONE, NONE, NONE}, details, sizeof details / sizeof details[0]},
    {{{long_text, 20000}, NONE, NONE, NONE, NONE, NONE}, details + 3, 5},
};

enum { PROFILES = sizeof profiles / sizeof profiles[0] };

static struct str
packed(struct buf *buf, const struct profile *profile)
{
	struct str str;

	buf_init(buf, 1 << 20);
	ck_assert(profile_pack(buf, profile));
	str.data = (const char *)buf->data;
	str.len = buf->len;
	return str;
}

static void
same(struct str a, struct str b)
{
	ck_assert(str_same(a, b));
}

START_TEST(round_trip)
{
	const struct profile *in = &profiles[_i];
	struct profile out;
	struct arena arena;
	struct buf buf;
	struct str bytes;
	size_t i;

	(void)memset(long_text, 'l', sizeof long_text);
	bytes = packed(&buf, in);
	arena_init(&arena);
	ck_assert(profile_unpack(&out, bytes, &arena));
	for (i = 0; i < PROFILE_FIELDS; i++)
		same(in->field[i], out.field[i]);
	ck_assert_uint_eq(in->count, out.count);
	for (i = 0; i < in->count; i++) {
		ck_assert_int_eq(in->details[i].kind, out.details[i].kind);
		same(in->details[i].a, out.details[i].a);
		same(in->details[i].b, out.details[i].b);
		same(in->details[i].result, out.details[i].result);
		same(in->details[i].c, out.details[i].c);
		same(in->details[i].lang, out.details[i].lang);
	}
	arena_free(&arena);
	buf_free(&buf);
}
END_TEST

START_TEST(distinct)
{
	struct buf a, b;
	int i;

	for (i = 0; i < PROFILES; i++) {
		ck_assert_int_eq(str_same(packed(&a, &profiles[_i]), packed(&b, &profiles[i])), i == _i);
		buf_free(&a);
		buf_free(&b);
	}
}
END_TEST

/* No part of the bytes is a profile, nor are they with more behind. */
START_TEST(cut)
{
	struct profile out;
	struct arena arena;
	struct buf buf;
	struct str bytes = packed(&buf, &profiles[_i]), part;
	char *exact;

	arena_init(&arena);
	for (part = bytes, part.len = 0; part.len < bytes.len; part.len += part.len < 600 ? 1 : 499) {
		exact = malloc(part.len + 1);
		ck_assert_ptr_nonnull(exact);
		(void)memcpy(exact, bytes.data, part.len);
		part.data = exact;
		ck_assert(!profile_unpack(&out, part, &arena));
		free(exact);
	}
	ck_assert(buf_add(&buf, "", 1));
	part.data = (const char *)buf.data;
	part.len = buf.len;
	ck_assert(!profile_unpack(&out, part, &arena));
	arena_free(&arena);
	buf_free(&buf);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} damaged[] = {
    S(""), S("\0"), S("\0\0\0\0\0\0"), /* no end */
    S("\0\0\0\0\0\0\4\0\0\0\0\0\0"),   /* a kind that there isn't */
    S("\0\0\0\0\0\0\377\0\0\0\0\0\0"), /* the same */
    S("\0\0\0\0\0\0\1\0\0\0\0"),       /* a detail without its last text */
    S("\3a\0\0\0\0\0\0"),              /* a text that is longer than all of it */
    S("\377\377\377\377\377\377\377\377\377\1\0\0\0\0\0\0"),
    S("\377\377\377\377\377\377\377\377\177\0\0\0\0\0\0"),
    S("\200\200\200\200\200\200\200\200\200\200\0\0\0\0\0\0\0"), S("\0\0\0\0\0\0\0\0"), /* something behind */
};

START_TEST(refused)
{
	struct str bytes = {damaged[_i].bytes, damaged[_i].len};
	struct profile out;
	struct arena arena;

	arena_init(&arena);
	ck_assert(!profile_unpack(&out, bytes, &arena));
	arena_free(&arena);
}
END_TEST

START_TEST(full)
{
	struct buf whole, buf;
	struct str bytes = packed(&whole, &profiles[3]);
	size_t max;

	for (max = 0; max <= bytes.len; max++) {
		buf_init(&buf, max);
		ck_assert_int_eq(profile_pack(&buf, &profiles[3]), max == bytes.len);
		ck_assert_uint_le(buf.len, max);
		buf_free(&buf);
	}
	buf_free(&whole);
}
END_TEST

static const struct {
	const char *dkim, *spf;
	enum outcome outcome;
} outcomes[] = {
    {"pass", "fail", OUTCOME_PASS},
    {"fail", "pass", OUTCOME_PASS},
    {"pass", "pass", OUTCOME_PASS},
    {"pass", NULL, OUTCOME_PASS},
    {NULL, "pass", OUTCOME_PASS},
    {"unknown", "pass", OUTCOME_PASS},
    {"fail", "fail", OUTCOME_FAIL},
    {"fail", "none", OUTCOME_FAIL},
    {"fail", "", OUTCOME_FAIL},
    {"fail", NULL, OUTCOME_UNKNOWN},
    {NULL, "fail", OUTCOME_UNKNOWN},
    {NULL, NULL, OUTCOME_UNKNOWN},
    {"fail", "unknown", OUTCOME_UNKNOWN},
    {"unknown", "fail", OUTCOME_UNKNOWN},
};

START_TEST(outcome)
{
	struct profile profile = {.count = 0};

	profile.field[PROFILE_DKIM] = str_of(outcomes[_i].dkim);
	profile.field[PROFILE_SPF] = str_of(outcomes[_i].spf);
	ck_assert_int_eq(profile_outcome(&profile), outcomes[_i].outcome);
}
END_TEST

/* Codes are stored: each has its own, of letters and hyphens, and a sentence. */
START_TEST(repairs)
{
	int a, b;

	for (a = 0; a < REPAIRS; a++) {
		ck_assert_uint_eq(strspn(repair_code((enum repair)a), "abcdefghijklmnopqrstuvwxyz-"),
		    strlen(repair_code((enum repair)a)));
		ck_assert_uint_gt(strlen(repair_sentence((enum repair)a)), 15);
		for (b = 0; b < a; b++)
			ck_assert_str_ne(repair_code((enum repair)a), repair_code((enum repair)b));
	}
	ck_assert_str_eq(repair_code(REPAIR_CUT), "cut-short");
	ck_assert_str_eq(repair_sentence(REPAIR_NO_RECORDS), "the report has no record");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("profile");
	TCase *tests = tcase_create("profile");

	tcase_add_loop_test(tests, round_trip, 0, PROFILES);
	tcase_add_loop_test(tests, distinct, 0, PROFILES);
	tcase_add_loop_test(tests, cut, 0, 5);
	tcase_add_loop_test(tests, refused, 0, sizeof damaged / sizeof damaged[0]);
	tcase_add_test(tests, full);
	tcase_add_loop_test(tests, outcome, 0, sizeof outcomes / sizeof outcomes[0]);
	tcase_add_test(tests, repairs);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
