/* Limits: every one can be set within its range, no other value, and none touches another. */
#include "base/limits.h"
#include "unit/drain.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {
#define LIMIT(name, value, least, most, unit, reason) #name,
#include "base/limits.def"
#undef LIMIT
};

static uint64_t
value_of(const struct limits *limits, size_t i)
{
	const uint64_t values[] = {
#define LIMIT(name, value, least, most, unit, reason) limits->name,
#include "base/limits.def"
#undef LIMIT
	};

	return values[i];
}

enum { LIMITS = sizeof names / sizeof names[0] };

static void
set(struct limits *limits, const struct limit_info *info, uint64_t value, enum status expected)
{
	char setting[100], what[400];
	struct err err = {.what = ""};

	(void)snprintf(setting, sizeof setting, "%s=%llu", info->name, (unsigned long long)value);
	ck_assert_msg(limits_set(limits, setting, &err) == expected, "%s: %s", setting, err.what);
	if (expected == OK)
		return;
	(void)snprintf(what, sizeof what, "%s must be a whole number of %s from %llu to %llu: \"%llu\"",
	    info->name, info->unit, (unsigned long long)info->least, (unsigned long long)info->most,
	    (unsigned long long)value);
	ck_assert_str_eq(err.what, what);
}

START_TEST(each)
{
	const struct limit_info *found = limits_info((size_t)_i);
	struct limits limits, defaults;
	struct limit_info info;
	size_t i;

	ck_assert_ptr_nonnull(found);
	info = *found;
	ck_assert_uint_eq(strlen(info.name), strlen(names[_i]));
	ck_assert_ptr_null(strchr(info.name, '_'));
	ck_assert_uint_ge(info.value, info.least);
	ck_assert_uint_le(info.value, info.most);
	ck_assert_uint_gt(strlen(info.reason), 10);
	limits_init(&limits);
	limits_init(&defaults);
	ck_assert_uint_eq(value_of(&limits, (size_t)_i), info.value);
	set(&limits, &info, info.least, OK);
	ck_assert_uint_eq(value_of(&limits, (size_t)_i), info.least);
	set(&limits, &info, info.most, OK);
	ck_assert_uint_eq(value_of(&limits, (size_t)_i), info.most);
	set(&limits, &info, info.most + 1, BAD);
	if (info.least > 0)
		set(&limits, &info, info.least - 1, BAD);
	ck_assert_uint_eq(value_of(&limits, (size_t)_i), info.most);
	for (i = 0; i < LIMITS; i++)
		if (i != (size_t)_i)
			ck_assert_uint_eq(value_of(&limits, i), value_of(&defaults, i));
}
END_TEST

static const struct {
	const char *setting, *what;
} refused[] = {
    {"nesting", "not NAME=VALUE: \"nesting\""},
    {"", "not NAME=VALUE: \"\""},
    {"nest=3", "no such limit: \"nest\"; did you mean nesting?"},
    {"=3", "no such limit: \"\"; dmarcq help limits lists them"},
    {"xml_depth=9", "no such limit: \"xml_depth\"; did you mean xml-depth?"},
    {"mail-prats=9", "no such limit: \"mail-prats\"; did you mean mail-parts?"},
    {"foo=1", "no such limit: \"foo\"; dmarcq help limits lists them"},
    {"nesting=", "nesting must be a whole number of levels from 1 to 64: \"\""},
    {"nesting=-1", "nesting must be a whole number of levels from 1 to 64: \"-1\""},
    {"nesting=+2", "nesting must be a whole number of levels from 1 to 64: \"+2\""},
    {"nesting= 2", "nesting must be a whole number of levels from 1 to 64: \" 2\""},
    {"nesting=2k", "nesting must be a whole number of levels from 1 to 64: \"2k\""},
    {"nesting=18446744073709551617",
	"nesting must be a whole number of levels from 1 to 64: \"18446744073709551617\""},
};

START_TEST(refuses)
{
	struct limits limits;
	struct err err;

	limits_init(&limits);
	ck_assert_int_eq(limits_set(&limits, refused[_i].setting, &err), BAD);
	ck_assert_str_eq(err.what, refused[_i].what);
	ck_assert_uint_eq(limits.nesting, limits_info(0)->value);
}
END_TEST

START_TEST(ends)
{
	ck_assert_ptr_null(limits_info(LIMITS));
	ck_assert_ptr_null(limits_info(SIZE_MAX));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("limits");
	TCase *tests = tcase_create("limits");

	tcase_add_loop_test(tests, each, 0, LIMITS);
	tcase_add_loop_test(tests, refuses, 0, sizeof refused / sizeof refused[0]);
	tcase_add_test(tests, ends);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
