/* zip: damaged members, which cost themselves and nothing else. */
#include "drain.h"
#include "zips.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned method, flags, crc_xor;
	const char *what;
	bool at_once; /* zip_next says it, not the stream */
} damages[] = {
    {"CRC", DEFLATED, 0, 1, "zip: ZIP bad CRC: ", false},
    {"encrypted", STORED, ENCRYPTED, 0, "zip: encrypted", true},
    {"deflate64", 9, 0, 0, "zip: compression method (deflation-64-bit) is not supported", true},
    {"lzma", 14, 0, 0, "zip: compression method (lzma) is not supported", true},
};

START_TEST(damaged)
{
	struct stream *member;
	enum status status;
	struct buf got;
	struct str name;
	struct err err;

	buf_init(&got, 1000);
	zips_add(
	    "bad", zips_text, strlen(zips_text), damages[_i].method, damages[_i].flags, damages[_i].crc_xor);
	zips_add("good", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_end();
	zips_open(false);
	status = zip_next(zips_zip, &name, &member, &err);
	ck_assert_uint_eq(name.len, 3);
	ck_assert_mem_eq(name.data, "bad", 3);
	ck_assert_int_eq(status, damages[_i].at_once ? BAD : OK);
	if (!damages[_i].at_once)
		ck_assert_int_eq(drain(&got, member, &err), BAD);
	err.what[strlen(damages[_i].what)] = '\0';
	ck_assert_str_eq(err.what, damages[_i].what);
	expect_bytes(zips_next("good"), zips_text, strlen(zips_text), "good");
	zips_expect_end();
	buf_free(&got);
}
END_TEST

/* A member whose deflated bytes are none. */
static void
add_broken(const char *name, unsigned flags)
{
	size_t header = zips_packed.len;

	zips_add(name, "\xff\xff\xff\xff", 4, STORED, flags, 0);
	zips_packed.data[header + 8] = DEFLATED;
}

static void
expect_broken(struct stream *member)
{
	struct buf got;
	struct err err;

	buf_init(&got, 1 << 20);
	ck_assert_int_eq(drain(&got, member, &err), BAD);
	ck_assert_str_eq(err.what, "zip: ZIP decompression failed (-3)");
	buf_free(&got);
}

/* Damage that ends libarchive's reader: the members behind it are read, and can be read again. */
START_TEST(broken_deflate)
{
	const unsigned char *bytes = zips_long();
	struct stream *member;
	struct err err;

	zips_add("a", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	add_broken("b", zips_kinds[_i].flags);
	zips_add("c", bytes, LONG, zips_kinds[_i].method, zips_kinds[_i].flags, 0);
	add_broken("d", 0);
	add_broken("e", DESCRIPTOR);
	zips_add("f", zips_text, strlen(zips_text), zips_kinds[_i].method, zips_kinds[_i].flags, 0);
	zips_end();
	zips_open(zips_kinds[_i].in_chunks);
	expect_bytes(zips_next("a"), zips_text, strlen(zips_text), "a");
	member = zips_next("b");
	expect_broken(member);
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_broken(member);
	member = zips_next("c");
	expect_bytes(member, bytes, LONG, "c once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, bytes, LONG, "c again");
	expect_broken(zips_next("d"));
	expect_broken(zips_next("e"));
	member = zips_next("f");
	expect_bytes(member, zips_text, strlen(zips_text), "f once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, zips_text, strlen(zips_text), "f again");
	zips_expect_end();
	zips_expect_end();
}
END_TEST

/* The next header at every place around the end of a chunk. */
START_TEST(broken_at_chunk_end)
{
	static const unsigned char filler[STREAM_CHUNK];

	zips_add("a", filler, (size_t)(STREAM_CHUNK - 31 - 35 - 40 + _i), STORED, 0, 0);
	add_broken("b", 0);
	zips_add("c", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_end();
	zips_open(true);
	(void)zips_next("a");
	expect_broken(zips_next("b"));
	expect_bytes(zips_next("c"), zips_text, strlen(zips_text), "c");
	zips_expect_end();
}
END_TEST

/* An extra field that says to be longer than the header's extra fields. */
START_TEST(broken_header)
{
	struct stream *member;
	struct str name;
	struct err err;
	size_t header;

	zips_add("a", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	header = zips_packed.len;
	zips_add("b", "\1\0\xff\xff????", 8, STORED, 0, 0);
	zips_packed.data[header + 28] = 8;
	zips_add("c", zips_text, strlen(zips_text), DEFLATED, 0, 0);
	zips_end();
	zips_open(_i == 1);
	(void)zips_next("a");
	ck_assert_int_eq(zip_next(zips_zip, &name, &member, &err), BAD);
	ck_assert_ptr_null(member);
	expect_bytes(zips_next("c"), zips_text, strlen(zips_text), "c");
	zips_expect_end();
	ck_assert_uint_eq(zips_budget.members, 3);
}
END_TEST

static enum status
no_rewind(struct stream *stream, struct err *err)
{
	(void)stream;
	return err_set(err, FATAL, "rewound");
}

/* Each byte is read once, however many members are broken: the stream below can't be rewound. */
START_TEST(many_broken)
{
	static struct stream_class class;
	struct stream *member;
	enum status status;
	struct str name;
	struct buf got;
	struct err err;
	int i, members = 0;

	buf_init(&got, 1000);
	for (i = 0; i < 2500; i++)
		add_broken("b", (i & 1) * DESCRIPTOR);
	zips_end();
	zips_open(true);
	class = *zips_below->class;
	class.rewind = no_rewind;
	zips_below->class = &class;
	while ((status = zip_next(zips_zip, &name, &member, &err)) == OK) {
		ck_assert_int_eq(drain(&got, member, &err), BAD);
		members++;
	}
	ck_assert_int_eq(status, LIMIT);
	ck_assert_int_eq(members, 2000);
	buf_free(&got);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("zip_damage");
	TCase *tests = tcase_create("zip_damage");

	tcase_add_checked_fixture(tests, zips_begin, zips_finish);
	tcase_add_loop_test(tests, damaged, 0, sizeof damages / sizeof damages[0]);
	tcase_add_loop_test(tests, broken_deflate, 0, KINDS);
	tcase_add_loop_test(tests, broken_at_chunk_end, 0, 80);
	tcase_add_loop_test(tests, broken_header, 0, 2);
	tcase_add_test(tests, many_broken);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
