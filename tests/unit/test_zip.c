/* zip: members, what is left out, damage, cuts, limits, reading again. */
#include "drain.h"
#include "unpack/unpack.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { LONG = 400000, STORED = 0, DEFLATED = 8, ENCRYPTED = 1, DESCRIPTOR = 8 };

static const char text[] = "<feedback>a small report</feedback>\n";

static struct limits limits;
static struct unpack_budget budget;
static struct buf packed;
static struct spool spool;
static struct stream *below;
static struct zip *zip;
static size_t member_count;

static void
put(unsigned value, int bytes)
{
	for (; bytes > 0; bytes--) {
		unsigned char byte = (unsigned char)value;

		ck_assert(buf_add(&packed, &byte, 1));
		value >>= 8;
	}
}

static size_t
deflated(const void *bytes, size_t len)
{
	z_stream zlib = {0};

	ck_assert_int_eq(deflateInit2(&zlib, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	zlib.next_in = bytes;
	zlib.avail_in = (uInt)len;
	zlib.next_out = buf_room(&packed, len + 1000);
	zlib.avail_out = (uInt)(len + 1000);
	ck_assert_int_eq(deflate(&zlib, Z_FINISH), Z_STREAM_END);
	packed.len += zlib.total_out;
	deflateEnd(&zlib);
	return zlib.total_out;
}

/* A local header and its data (APPNOTE 4.3.7). */
static void
add_member(const char *name, const void *bytes, size_t len, unsigned method, unsigned flags, unsigned crc_xor)
{
	unsigned crc = (unsigned)crc32(crc32(0, NULL, 0), bytes, (uInt)len) ^ crc_xor;
	size_t header = packed.len, size = len;

	put(0x04034b50, 4);
	put(20, 2);
	put(flags, 2);
	put(method, 2);
	put(0x00210000, 4);
	put(flags & DESCRIPTOR ? 0 : crc, 4);
	put(0, 4);
	put(flags & DESCRIPTOR ? 0 : (unsigned)len, 4);
	put((unsigned)strlen(name), 2);
	put(0, 2);
	ck_assert(buf_add_text(&packed, name));
	if (method == DEFLATED)
		size = deflated(bytes, len);
	else if (len > 0)
		ck_assert(buf_add(&packed, bytes, len));
	if (flags & DESCRIPTOR) {
		put(0x08074b50, 4);
		put(crc, 4);
		put((unsigned)size, 4);
		put((unsigned)len, 4);
	} else
		memcpy(packed.data + header + 18,
		    (unsigned char[]){
			(unsigned char)size, (unsigned char)(size >> 8), (unsigned char)(size >> 16), 0},
		    4);
	member_count++;
}

/* The end of the central directory, which the reader does not need to find members. */
static void
end_zip(void)
{
	put(0x06054b50, 4);
	put(0, 4);
	put((unsigned)member_count, 2);
	put((unsigned)member_count, 2);
	put(0, 4);
	put((unsigned)packed.len, 4);
	put(0, 2);
}

static void
begin(void)
{
	limits_init(&limits);
	buf_init(&packed, 1 << 28);
	spool_init(&spool);
	below = NULL;
	zip = NULL;
	member_count = 0;
}

static void
finish(void)
{
	zip_close(zip);
	stream_close(below);
	spool_free(&spool);
	buf_free(&packed);
}

static void
open_packed(bool in_chunks)
{
	struct err err;

	below =
	    in_chunks ? file_like(&spool, packed.data, packed.len) : stream_memory(packed.data, packed.len);
	unpack_budget_init(&budget, &limits, packed.len);
	ck_assert_int_eq(zip_open(&zip, below, &budget, &err), OK);
}

/* The next member must have this name. */
static struct stream *
next_member(const char *name)
{
	struct stream *member;
	enum status status;
	struct str got;
	struct err err;

	status = zip_next(zip, &got, &member, &err);
	ck_assert_msg(status == OK, "%s: status %d", name, (int)status);
	ck_assert_uint_eq(got.len, strlen(name));
	ck_assert_mem_eq(got.data, name, got.len);
	return member;
}

static void
expect_end(void)
{
	struct stream *member;
	struct str name;
	struct err err;

	ck_assert_int_eq(zip_next(zip, &name, &member, &err), SKIP);
	ck_assert_ptr_null(member);
}

static unsigned char *
long_bytes(void)
{
	static unsigned char bytes[LONG];
	uint32_t seed = 7;
	size_t i;

	for (i = 0; i < LONG; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)('a' + (seed >> 24) % 64);
	}
	return bytes;
}

static const struct {
	unsigned method, flags;
	bool in_chunks;
} kinds[] = {
    {STORED, 0, false},
    {STORED, 0, true},
    {DEFLATED, 0, false},
    {DEFLATED, 0, true},
    {DEFLATED, DESCRIPTOR, false},
    {DEFLATED, DESCRIPTOR, true},
};

START_TEST(members)
{
	const unsigned char *bytes = long_bytes();
	struct stream *member;
	struct err err;

	add_member("a.xml", text, strlen(text), kinds[_i].method, kinds[_i].flags, 0);
	add_member("../../b.xml", bytes, LONG, kinds[_i].method, kinds[_i].flags, 0);
	add_member("c\033[2J.xml", "", 0, STORED, 0, 0);
	end_zip();
	open_packed(kinds[_i].in_chunks);
	member = next_member("a.xml");
	expect_bytes(member, text, strlen(text), "a once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, text, strlen(text), "a again");
	member = next_member("../../b.xml");
	expect_bytes(member, bytes, LONG, "b once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, bytes, LONG, "b again");
	ck_assert(!member->truncated);
	expect_bytes(next_member("c\033[2J.xml"), "", 0, "c");
	expect_end();
	ck_assert_uint_eq(budget.unpacked, LONG + strlen(text));
	ck_assert_uint_eq(budget.members, 3);
}
END_TEST

START_TEST(unread_members)
{
	const unsigned char *bytes = long_bytes(), *data;
	struct err err;
	size_t len;

	add_member("a", bytes, LONG, DEFLATED, 0, 0);
	add_member("b", bytes, LONG, DEFLATED, 0, 0);
	add_member("c", text, strlen(text), DEFLATED, 0, 0);
	end_zip();
	open_packed(true);
	(void)next_member("a");
	ck_assert_int_eq(stream_peek(next_member("b"), &data, &len, &err), OK);
	ck_assert_uint_eq(len, STREAM_CHUNK);
	expect_bytes(next_member("c"), text, strlen(text), "c");
	expect_end();
}
END_TEST

START_TEST(left_out)
{
	add_member("folder/", "", 0, STORED, 0, 0);
	add_member("__MACOSX/folder/._a.xml", "x", 1, STORED, 0, 0);
	add_member("folder/._a.xml", "x", 1, STORED, 0, 0);
	add_member("folder/a.xml", text, strlen(text), DEFLATED, 0, 0);
	end_zip();
	open_packed(false);
	expect_bytes(next_member("folder/a.xml"), text, strlen(text), "a.xml");
	expect_end();
}
END_TEST

START_TEST(empty)
{
	end_zip();
	open_packed(false);
	expect_end();
	expect_end();
}
END_TEST

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
	add_member("bad", text, strlen(text), damages[_i].method, damages[_i].flags, damages[_i].crc_xor);
	add_member("good", text, strlen(text), DEFLATED, 0, 0);
	end_zip();
	open_packed(false);
	status = zip_next(zip, &name, &member, &err);
	ck_assert_uint_eq(name.len, 3);
	ck_assert_mem_eq(name.data, "bad", 3);
	ck_assert_int_eq(status, damages[_i].at_once ? BAD : OK);
	if (!damages[_i].at_once)
		ck_assert_int_eq(drain(&got, member, &err), BAD);
	err.what[strlen(damages[_i].what)] = '\0';
	ck_assert_str_eq(err.what, damages[_i].what);
	expect_bytes(next_member("good"), text, strlen(text), "good");
	expect_end();
	buf_free(&got);
}
END_TEST

/* A member whose deflated bytes are none. */
static void
add_broken(const char *name, unsigned flags)
{
	size_t header = packed.len;

	add_member(name, "\xff\xff\xff\xff", 4, STORED, flags, 0);
	packed.data[header + 8] = DEFLATED;
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
	const unsigned char *bytes = long_bytes();
	struct stream *member;
	struct err err;

	add_member("a", text, strlen(text), DEFLATED, 0, 0);
	add_broken("b", kinds[_i].flags);
	add_member("c", bytes, LONG, kinds[_i].method, kinds[_i].flags, 0);
	add_broken("d", 0);
	add_broken("e", DESCRIPTOR);
	add_member("f", text, strlen(text), kinds[_i].method, kinds[_i].flags, 0);
	end_zip();
	open_packed(kinds[_i].in_chunks);
	expect_bytes(next_member("a"), text, strlen(text), "a");
	member = next_member("b");
	expect_broken(member);
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_broken(member);
	member = next_member("c");
	expect_bytes(member, bytes, LONG, "c once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, bytes, LONG, "c again");
	expect_broken(next_member("d"));
	expect_broken(next_member("e"));
	member = next_member("f");
	expect_bytes(member, text, strlen(text), "f once");
	ck_assert_int_eq(stream_rewind(member, &err), OK);
	expect_bytes(member, text, strlen(text), "f again");
	expect_end();
	expect_end();
}
END_TEST

/* The next header at every place around the end of a chunk. */
START_TEST(broken_at_chunk_end)
{
	static const unsigned char filler[STREAM_CHUNK];

	add_member("a", filler, (size_t)(STREAM_CHUNK - 31 - 35 - 40 + _i), STORED, 0, 0);
	add_broken("b", 0);
	add_member("c", text, strlen(text), DEFLATED, 0, 0);
	end_zip();
	open_packed(true);
	(void)next_member("a");
	expect_broken(next_member("b"));
	expect_bytes(next_member("c"), text, strlen(text), "c");
	expect_end();
}
END_TEST

/* An extra field that says to be longer than the header's extra fields. */
START_TEST(broken_header)
{
	struct stream *member;
	struct str name;
	struct err err;
	size_t header;

	add_member("a", text, strlen(text), DEFLATED, 0, 0);
	header = packed.len;
	add_member("b", "\1\0\xff\xff????", 8, STORED, 0, 0);
	packed.data[header + 28] = 8;
	add_member("c", text, strlen(text), DEFLATED, 0, 0);
	end_zip();
	open_packed(_i == 1);
	(void)next_member("a");
	ck_assert_int_eq(zip_next(zip, &name, &member, &err), BAD);
	ck_assert_ptr_null(member);
	expect_bytes(next_member("c"), text, strlen(text), "c");
	expect_end();
	ck_assert_uint_eq(budget.members, 3);
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
	struct stream_class class;
	struct stream *member;
	enum status status;
	struct str name;
	struct buf got;
	struct err err;
	int i, members = 0;

	buf_init(&got, 1000);
	for (i = 0; i < 2500; i++)
		add_broken("b", (i & 1) * DESCRIPTOR);
	end_zip();
	open_packed(true);
	class = *below->class;
	class.rewind = no_rewind;
	below->class = &class;
	while ((status = zip_next(zip, &name, &member, &err)) == OK) {
		ck_assert_int_eq(drain(&got, member, &err), BAD);
		members++;
	}
	ck_assert_int_eq(status, LIMIT);
	ck_assert_int_eq(members, 2000);
	buf_free(&got);
}
END_TEST

/* Cut in the second member: the first is whole, the second gives what is there. */
START_TEST(cut_short)
{
	const unsigned char *bytes = long_bytes();
	struct stream *member;
	struct buf got;
	struct err err;
	int again;

	buf_init(&got, 1 << 20);
	add_member("a", text, strlen(text), DEFLATED, 0, 0);
	add_member("b", bytes, LONG, _i == 0 ? DEFLATED : STORED, 0, 0);
	packed.len -= 100000;
	open_packed(_i == 1);
	expect_bytes(next_member("a"), text, strlen(text), "a");
	member = next_member("b");
	for (again = 0; again < 2; again++) {
		buf_clear(&got);
		ck_assert_int_eq(drain(&got, member, &err), OK);
		ck_assert(member->truncated);
		ck_assert_uint_gt(got.len, LONG / 2);
		ck_assert_mem_eq(got.data, bytes, got.len);
		ck_assert_int_eq(stream_rewind(member, &err), OK);
	}
	expect_end();
	buf_free(&got);
}
END_TEST

START_TEST(no_directory)
{
	add_member("a", text, strlen(text), DEFLATED, 0, 0);
	open_packed(false);
	expect_bytes(next_member("a"), text, strlen(text), "a");
	expect_end();
}
END_TEST

START_TEST(cut_in_first_header)
{
	struct stream *member;
	struct str name;
	struct err err;

	add_member("a", text, strlen(text), DEFLATED, 0, 0);
	packed.len = 20;
	open_packed(false);
	ck_assert_int_eq(zip_next(zip, &name, &member, &err), BAD);
	ck_assert_str_eq(err.what, "zip: Truncated ZIP file header");
	expect_end();
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

	add_member("a", "", 0, STORED, 0, 0);
	one_len = packed.len;
	memcpy(one, packed.data, one_len);
	for (i = 1; i < 100000; i++)
		ck_assert(buf_add(&packed, one, one_len));
	member_count = 65535;
	end_zip();
	open_packed(true);
	while ((status = zip_next(zip, &name, &member, &err)) == OK)
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
	limits.unpack_free = 1 << 20;
	add_member("zeros", zeros, sizeof zeros, DEFLATED, 0, 0);
	end_zip();
	open_packed(false);
	ck_assert_int_eq(drain(&got, next_member("zeros"), &err), LIMIT);
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

	ck_assert(buf_add(&packed, "\x1f\x8b\x08\0\0\0\0\0\0\3\7", 11));
	below = stream_memory(packed.data, packed.len);
	unpack_budget_init(&outer, &limits, packed.len);
	inflating = unpack_inflate(below, CONTENT_GZIP, &outer, &trailing);
	status = zip_open(&zip, inflating, &outer, &err);
	if (status == OK)
		status = zip_next(zip, &name, &member, &err);
	ck_assert_int_eq(status, BAD);
	ck_assert_str_eq(err.what, "gzip: invalid block type");
	zip_close(zip);
	zip = NULL;
	stream_close(inflating);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("zip");
	TCase *tests = tcase_create("zip");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_loop_test(tests, members, 0, sizeof kinds / sizeof kinds[0]);
	tcase_add_test(tests, unread_members);
	tcase_add_test(tests, left_out);
	tcase_add_test(tests, empty);
	tcase_add_loop_test(tests, damaged, 0, sizeof damages / sizeof damages[0]);
	tcase_add_loop_test(tests, broken_deflate, 0, sizeof kinds / sizeof kinds[0]);
	tcase_add_loop_test(tests, broken_at_chunk_end, 0, 80);
	tcase_add_loop_test(tests, broken_header, 0, 2);
	tcase_add_test(tests, many_broken);
	tcase_add_loop_test(tests, cut_short, 0, 2);
	tcase_add_test(tests, no_directory);
	tcase_add_test(tests, cut_in_first_header);
	tcase_add_test(tests, too_many_members);
	tcase_add_test(tests, bomb);
	tcase_add_test(tests, damage_below);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
