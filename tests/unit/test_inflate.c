/* gzip and zlib: members, junk, damage, cuts, limits, reading again. */
#include "drain.h"
#include "unpack/unpack.h"

#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { LONG = 300000 };

static struct limits limits;
static struct unpack_budget budget;

static const char text[] = "<feedback>a small report</feedback>\n";

/* Packs bytes behind those in buf. */
static void
pack(struct buf *into, const void *bytes, size_t len, bool gzip)
{
	z_stream zlib = {0};
	unsigned char *room;

	ck_assert_int_eq(deflateInit2(&zlib, 9, Z_DEFLATED, gzip ? 31 : 15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	room = buf_room(into, len + 1000);
	zlib.next_in = bytes;
	zlib.avail_in = (uInt)len;
	zlib.next_out = room;
	zlib.avail_out = (uInt)(len + 1000);
	ck_assert_int_eq(deflate(&zlib, Z_FINISH), Z_STREAM_END);
	into->len += zlib.total_out;
	deflateEnd(&zlib);
}

static struct buf packed;
static struct spool spool;
static struct stream *below, *stream;
static bool trailing;

static void
begin(void)
{
	limits_init(&limits);
	buf_init(&packed, 1 << 28);
	spool_init(&spool);
	below = stream = NULL;
}

static void
finish(void)
{
	stream_close(stream);
	stream_close(below);
	spool_free(&spool);
	buf_free(&packed);
}

/* Opens what was packed, from memory or in chunks like a file. */
static void
open_packed(bool in_chunks, enum content content)
{
	below =
	    in_chunks ? file_like(&spool, packed.data, packed.len) : stream_memory(packed.data, packed.len);
	unpack_budget_init(&budget, &limits, packed.len);
	stream = unpack_inflate(below, content, &budget, &trailing);
}

/* Bytes that don't repeat much, so that their packed form needs several chunks too. */
static unsigned char *
long_bytes(void)
{
	static unsigned char bytes[LONG];
	uint32_t seed = 1;
	size_t i;

	for (i = 0; i < LONG; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)('a' + (seed >> 24) % 64);
	}
	return bytes;
}

START_TEST(one_member)
{
	struct err err;

	pack(&packed, text, strlen(text), _i != 1);
	open_packed(_i == 2, _i != 1 ? CONTENT_GZIP : CONTENT_ZLIB);
	expect_bytes(stream, text, strlen(text), "once");
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	expect_bytes(stream, text, strlen(text), "again");
	ck_assert_uint_eq(budget.unpacked, strlen(text));
	ck_assert(!trailing);
	ck_assert(!stream->truncated);
}
END_TEST

START_TEST(peek_then_read)
{
	const unsigned char *data;
	struct err err;
	size_t len;

	pack(&packed, text, strlen(text), true);
	open_packed(false, CONTENT_GZIP);
	ck_assert_int_eq(stream_peek(stream, &data, &len, &err), OK);
	ck_assert_uint_eq(len, strlen(text));
	expect_bytes(stream, text, strlen(text), "after peek");
}
END_TEST

START_TEST(many_chunks)
{
	const unsigned char *bytes = long_bytes();
	struct err err;

	pack(&packed, bytes, LONG, true);
	ck_assert_uint_gt(packed.len, 3 * STREAM_CHUNK);
	open_packed(_i == 1, CONTENT_GZIP);
	expect_bytes(stream, bytes, LONG, "once");
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	expect_bytes(stream, bytes, LONG, "again");
	ck_assert_uint_eq(budget.unpacked, LONG);
}
END_TEST

/* What may stand behind the first member. */
static const struct {
	const char *name, *behind;
	size_t len;
	int members;
	bool trailing;
} tails[] = {
    {"second member", "", 0, 2, false},
    {"zeros", "\0\0\0\0\0\0\0\0", 8, 1, false},
    {"zeros, then junk", "\0\0x", 3, 1, true},
    {"junk", "junk", 4, 1, true},
    {"junk with half a magic", "\x1fx", 2, 1, true},
    {"junk with a magic", "\x1f\x8b\x07junk", 7, 1, true},
};

START_TEST(tail)
{
	struct buf want;
	int i;

	buf_init(&want, 1000);
	for (i = 0; i < tails[_i].members; i++) {
		pack(&packed, text, strlen(text), true);
		buf_add_text(&want, text);
	}
	buf_add(&packed, tails[_i].behind, tails[_i].len);
	open_packed(false, CONTENT_GZIP);
	expect_bytes(stream, want.data, want.len, tails[_i].name);
	ck_assert_msg(trailing == tails[_i].trailing, "%s", tails[_i].name);
	ck_assert(!stream->truncated);
	buf_free(&want);
}
END_TEST

/* Members so long that magic numbers fall on every place of a chunk. */
START_TEST(member_at_chunk_end)
{
	struct buf want;
	size_t size;

	for (size = STREAM_CHUNK - 3; size < STREAM_CHUNK + 3; size++) {
		buf_init(&packed, 1 << 20);
		buf_init(&want, 1 << 20);
		/* An extra field fills the first member up to the size wanted (RFC 1952 s. 2.3.1.1). */
		pack(&packed, text, strlen(text), true);
		{
			size_t extra = size - packed.len - 2;
			unsigned char head[12],
			    length[2] = {(unsigned char)(extra & 255), (unsigned char)(extra >> 8)};
			struct buf whole;

			memcpy(head, packed.data, 10);
			head[3] = 4;
			buf_init(&whole, 1 << 20);
			buf_add(&whole, head, 10);
			buf_add(&whole, length, 2);
			memset(buf_room(&whole, extra), 'e', extra);
			whole.len += extra;
			buf_add(&whole, packed.data + 10, packed.len - 10);
			buf_free(&packed);
			packed = whole;
		}
		ck_assert_uint_eq(packed.len, size);
		pack(&packed, text, strlen(text), true);
		buf_add_text(&want, text);
		buf_add_text(&want, text);
		open_packed(true, CONTENT_GZIP);
		expect_bytes(stream, want.data, want.len, "two members");
		ck_assert(!trailing);
		buf_free(&want);
		finish();
		below = stream = NULL;
	}
}
END_TEST

START_TEST(cut_short)
{
	const unsigned char *bytes = long_bytes();
	struct buf got;
	struct err err;
	int again;

	buf_init(&got, 1 << 20);
	pack(&packed, bytes, LONG, true);
	packed.len -= _i == 0 ? 4 : 100000;
	open_packed(false, CONTENT_GZIP);
	for (again = 0; again < 2; again++) {
		buf_clear(&got);
		ck_assert_int_eq(drain(&got, stream, &err), OK);
		ck_assert(stream->truncated);
		ck_assert_uint_gt(got.len, _i == 0 ? LONG - 1 : LONG / 2);
		ck_assert_mem_eq(got.data, bytes, got.len);
		ck_assert_int_eq(stream_rewind(stream, &err), OK);
	}
	buf_free(&got);
}
END_TEST

static const struct {
	const char *name;
	long at; /* from the end when negative */
	unsigned char xor ;
	const char *what;
} damages[] = {
    {"CRC", -8, 1, "gzip: incorrect data check"},
    {"length", -4, 1, "gzip: incorrect length check"},
    {"method", 2, 1, "gzip: unknown compression method"},
    {"block type", 10, 7, "gzip: invalid block type"},
};

START_TEST(damaged)
{
	struct buf got;
	struct err err;
	size_t at;

	buf_init(&got, 1 << 20);
	pack(&packed, text, strlen(text), true);
	at = damages[_i].at < 0 ? packed.len - (size_t)-damages[_i].at : (size_t)damages[_i].at;
	packed.data[at] = damages[_i].xor == 7 ? 7 : packed.data[at] ^ damages[_i].xor ;
	open_packed(false, CONTENT_GZIP);
	ck_assert_int_eq(drain(&got, stream, &err), BAD);
	ck_assert_str_eq(err.what, damages[_i].what);
	buf_free(&got);
}
END_TEST

/* A header with a CRC of its own (RFC 1952 section 2.3): right, and wrong. */
START_TEST(header_crc)
{
	unsigned char header[12] = {0x1f, 0x8b, 8, 2, 0, 0, 0, 0, 0, 3};
	unsigned long crc = crc32(0, header, 10) ^ (unsigned long)_i;
	struct buf whole, got;
	struct err err;

	pack(&packed, text, strlen(text), true);
	header[10] = (unsigned char)(crc & 255);
	header[11] = (unsigned char)(crc >> 8 & 255);
	buf_init(&whole, 1 << 20);
	buf_init(&got, 1 << 20);
	ck_assert(
	    buf_add(&whole, header, sizeof header) && buf_add(&whole, packed.data + 10, packed.len - 10));
	buf_clear(&packed);
	ck_assert(buf_add(&packed, whole.data, whole.len));
	open_packed(false, CONTENT_GZIP);
	if (_i == 0)
		expect_bytes(stream, text, strlen(text), "right");
	else {
		ck_assert_int_eq(drain(&got, stream, &err), BAD);
		ck_assert_str_eq(err.what, "gzip: header crc mismatch");
	}
	buf_free(&whole);
	buf_free(&got);
}
END_TEST

START_TEST(bomb)
{
	static const unsigned char zeros[4 << 20];
	struct buf got;
	struct err err;

	buf_init(&got, 1 << 28);
	pack(&packed, zeros, sizeof zeros, true);
	limits.unpack_free = 1 << 20;
	if (_i == 1)
		limits.unpacked_bytes = 1 << 20;
	open_packed(false, CONTENT_GZIP);
	ck_assert_int_eq(drain(&got, stream, &err), LIMIT);
	ck_assert_str_eq(err.what, _i == 0
				       ? "unpacks to more than 200 times its packed size (limit unpack-ratio)"
				       : "unpacks to more than 1048576 bytes (limit unpacked-bytes)");
	ck_assert_uint_le(got.len, (1 << 20) + STREAM_CHUNK);
	buf_free(&got);
}
END_TEST

START_TEST(small_bomb_passes)
{
	static const unsigned char zeros[1 << 20];

	pack(&packed, zeros, sizeof zeros, true);
	open_packed(false, CONTENT_GZIP);
	expect_bytes(stream, zeros, sizeof zeros, "below unpack-free");
}
END_TEST

START_TEST(stacked)
{
	struct stream *inner;
	struct buf once;
	bool inner_trailing;
	struct err err;

	buf_init(&once, 1 << 20);
	pack(&once, text, strlen(text), true);
	pack(&packed, once.data, once.len, true);
	open_packed(true, CONTENT_GZIP);
	inner = unpack_inflate(stream, CONTENT_GZIP, &budget, &inner_trailing);
	expect_bytes(inner, text, strlen(text), "once");
	ck_assert_int_eq(stream_rewind(inner, &err), OK);
	expect_bytes(inner, text, strlen(text), "again");
	ck_assert_uint_eq(budget.unpacked, once.len + strlen(text));
	stream_close(inner);
	buf_free(&once);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("inflate");
	TCase *tests = tcase_create("inflate");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_loop_test(tests, one_member, 0, 3);
	tcase_add_test(tests, peek_then_read);
	tcase_add_loop_test(tests, many_chunks, 0, 2);
	tcase_add_loop_test(tests, tail, 0, sizeof tails / sizeof tails[0]);
	tcase_add_test(tests, member_at_chunk_end);
	tcase_add_loop_test(tests, cut_short, 0, 2);
	tcase_add_loop_test(tests, damaged, 0, sizeof damages / sizeof damages[0]);
	tcase_add_loop_test(tests, header_crc, 0, 2);
	tcase_add_loop_test(tests, bomb, 0, 2);
	tcase_add_test(tests, small_bomb_passes);
	tcase_add_test(tests, stacked);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
