/* zip: members, what is left out, cuts, limits, reading again. */
#include "drain.h"
#include "zips.h"

#include <stdlib.h>
#include <string.h>

START_TEST(members)
{
	const unsigned char *bytes = zips_long();
	struct stream *member;
	struct err err;

	zips_add("a.xml", zips_text, strlen(zips_text), zips_kinds[_i].method, zips_kinds[_i].flags, 0);
	zips_add("../../b.xml", bytes, LONG, zips_kinds[_i].method, zips_kinds[_i].flags, 0);
	zips_add("c\033[2J.xml", "", 0, STORED, 0, 0);
	zips_end();
	zips_open(zips_kinds[_i].in_chunks);
	member = zips_next("a.xml");
	expect_bytes(member, zips_text, strlen(zips_text), "a once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, zips_text, strlen(zips_text), "a again");
	member = zips_next("../../b.xml");
	expect_bytes(member, bytes, LONG, "b once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, bytes, LONG, "b again");
	ck_assert(!member->truncated);
	expect_bytes(zips_next("c\033[2J.xml"), "", 0, "c");
	zips_expect_end();
	ck_assert_uint_eq(zips_budget.unpacked, LONG + strlen(zips_text));
	ck_assert_uint_eq(zips_budget.members, 3);
}
END_TEST

START_TEST(unread_members)
{
	const unsigned char *bytes = zips_long(), *data;
	struct err err;
	size_t len;

	zips_add("a", bytes, LONG, DEFLATED, 0, 0);
	zips_add("b", bytes, LONG, DEFLATED, 0, 0);
	zips_add("c", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_end();
	zips_open(true);
	(void)zips_next("a");
	ck_assert_int_eq(stream_peek(zips_next("b"), &data, &len, &err), OK);
	ck_assert_uint_eq(len, STREAM_CHUNK);
	expect_bytes(zips_next("c"), zips_text, strlen(zips_text), "c");
	zips_expect_end();
}
END_TEST

START_TEST(left_out)
{
	zips_add("folder/", "", 0, STORED, 0, 0);
	zips_add("__MACOSX/folder/._a.xml", "x", 1, STORED, 0, 0);
	zips_add("folder/._a.xml", "x", 1, STORED, 0, 0);
	zips_add("folder/a.xml", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_end();
	zips_open(false);
	expect_bytes(zips_next("folder/a.xml"), zips_text, strlen(zips_text), "a.xml");
	zips_expect_end();
}
END_TEST

START_TEST(empty)
{
	zips_end();
	zips_open(false);
	zips_expect_end();
	zips_expect_end();
}
END_TEST

/* Cut in the second member: the first is whole, the second gives what is there. */
START_TEST(cut_short)
{
	const unsigned char *bytes = zips_long();
	struct stream *member;
	struct buf got;
	struct err err;
	int again;

	buf_init(&got, 1 << 20);
	zips_add("a", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_add("b", bytes, LONG, _i == 0 ? DEFLATED : STORED, 0, 0);
	zips_packed.len -= 100000;
	zips_open(_i == 1);
	expect_bytes(zips_next("a"), zips_text, strlen(zips_text), "a");
	member = zips_next("b");
	for (again = 0; again < 2; again++) {
		buf_clear(&got);
		ck_assert_int_eq(drain(&got, member, &err), OK);
		ck_assert(member->truncated);
		ck_assert_uint_gt(got.len, LONG / 2);
		ck_assert_mem_eq(got.data, bytes, got.len);
		ck_assert_int_eq(stream_rewind(member, &err), OK);
	}
	zips_expect_end();
	buf_free(&got);
}
END_TEST

START_TEST(no_directory)
{
	zips_add("a", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_open(false);
	expect_bytes(zips_next("a"), zips_text, strlen(zips_text), "a");
	zips_expect_end();
}
END_TEST

START_TEST(cut_in_first_header)
{
	struct stream *member;
	struct str name;
	struct err err;

	zips_add("a", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_packed.len = 20;
	zips_open(false);
	ck_assert_int_eq(zip_next(zips_zip, &name, &member, &err), BAD);
	ck_assert_str_eq(err.what, "zip: Truncated ZIP file header");
	zips_expect_end();
}
END_TEST

START_TEST(too_many_members)
{
	struct stream *member;
	enum status status;
	struct str name;
	struct err err;
	unsigned char one[64];
	size_t one_len;
	int i, got = 0;

	zips_add("a", "", 0, STORED, 0, 0);
	one_len = zips_packed.len;
	memcpy(one, zips_packed.data, one_len);
	for (i = 1; i < 100000; i++)
		ck_assert(buf_add(&zips_packed, one, one_len));
	zips_count = 65535;
	zips_end();
	zips_open(true);
	while ((status = zip_next(zips_zip, &name, &member, &err)) == OK)
		got++;
	ck_assert_int_eq(status, LIMIT);
	ck_assert_int_eq(got, 2000);
	ck_assert_str_eq(err.what, "more than 2000 members (limit members)");
}
END_TEST

START_TEST(bomb)
{
	static const unsigned char zeros[4 << 20];
	struct buf got;
	struct err err;

	buf_init(&got, 1 << 28);
	zips_limits.unpack_free = 1 << 20;
	zips_add("zeros", zeros, sizeof zeros, DEFLATED, 0, 0);
	zips_end();
	zips_open(false);
	ck_assert_int_eq(drain(&got, zips_next("zeros"), &err), LIMIT);
	ck_assert_str_eq(err.what, "unpacks to more than 200 times its packed size (limit unpack-ratio)");
	ck_assert_uint_le(got.len, (1 << 20) + STREAM_CHUNK);
	buf_free(&got);
}
END_TEST

/* What is wrong below the archive is said in the words of the level below. */
START_TEST(damage_below)
{
	struct stream *inflating, *member;
	struct unpack_budget outer;
	enum status status;
	struct str name;
	bool trailing;
	struct err err;

	ck_assert(buf_add(&zips_packed, "\x1f\x8b\x08\0\0\0\0\0\0\3\7", 11));
	zips_below = stream_memory(zips_packed.data, zips_packed.len);
	unpack_budget_init(&outer, &zips_limits, zips_packed.len);
	inflating = unpack_inflate(zips_below, CONTENT_GZIP, &outer, &trailing);
	status = zip_open(&zips_zip, inflating, &outer, &err);
	if (status == OK)
		status = zip_next(zips_zip, &name, &member, &err);
	ck_assert_int_eq(status, BAD);
	ck_assert_str_eq(err.what, "gzip: invalid block type");
	zip_close(zips_zip);
	zips_zip = NULL;
	stream_close(inflating);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("zip");
	TCase *tests = tcase_create("zip");

	tcase_add_checked_fixture(tests, zips_begin, zips_finish);
	tcase_add_loop_test(tests, members, 0, KINDS);
	tcase_add_test(tests, unread_members);
	tcase_add_test(tests, left_out);
	tcase_add_test(tests, empty);
	tcase_add_loop_test(tests, cut_short, 0, 2);
	tcase_add_test(tests, no_directory);
	tcase_add_test(tests, cut_in_first_header);
	tcase_add_test(tests, too_many_members);
	tcase_add_test(tests, bomb);
	tcase_add_test(tests, damage_below);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
