/* What is kept compressed comes back byte for byte, and damage is seen. */
#include "base/pack.h"
#include "unit/drain.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 400000 };

static const size_t sizes[] = {0, 1, 100, STREAM_CHUNK - 1, STREAM_CHUNK, STREAM_CHUNK + 1, MOST};

/* Kinds of bytes: 0 all the same, 1 like text, 2 that don't shrink. */
static unsigned char *
make_bytes(int kind)
{
	static const char text[] = "<record><row><source_ip>192.0.2.1</source_ip>";
	unsigned char *bytes = malloc(MOST);
	uint32_t state = 1;
	size_t i;

	ck_assert_ptr_nonnull(bytes);
	for (i = 0; i < MOST; i++) {
		state = state * 1664525 + 1013904223;
		bytes[i] = kind == 0   ? 'a'
			   : kind == 1 ? (unsigned char)text[i % (sizeof text - 1)]
				       : (unsigned char)(state >> 24);
	}
	return bytes;
}

static void
deflated(struct buf *packed, const unsigned char *bytes, size_t len)
{
	struct stream *from = stream_memory(bytes, len), *stream = pack_deflate(from);
	struct err err;

	buf_init(packed, 1 << 22);
	ck_assert_int_eq(drain(packed, stream, &err), OK);
	stream_close(stream);
	stream_close(from);
}

START_TEST(round_trip)
{
	unsigned char *bytes = make_bytes(_i % 3);
	size_t len = sizes[_i / 3];
	struct stream *from, *stream;
	struct spool spool;
	struct buf packed;
	struct err err;

	deflated(&packed, bytes, len);
	if (len == MOST && _i % 3 < 2)
		ck_assert_uint_lt(packed.len, MOST / 20);
	ck_assert_int_eq(packed.data[0], 0x78);
	from = file_like(&spool, packed.data, packed.len);
	stream = pack_inflate(from);
	expect_bytes(stream, bytes, len, "inflated");
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	expect_bytes(stream, bytes, len, "inflated again");
	stream_close(stream);
	stream_close(from);
	spool_free(&spool);
	buf_free(&packed);
	free(bytes);
}
END_TEST

START_TEST(deflates_again)
{
	unsigned char *bytes = make_bytes(2);
	struct stream *from = stream_memory(bytes, MOST), *stream = pack_deflate(from);
	const unsigned char *data;
	struct buf once, again;
	struct err err;
	size_t len;

	buf_init(&once, 1 << 22);
	buf_init(&again, 1 << 22);
	ck_assert_int_eq(drain(&once, stream, &err), OK);
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	/* Half read, then from the first byte. */
	ck_assert_int_eq(stream_next(stream, &data, &len, &err), OK);
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	ck_assert_int_eq(drain(&again, stream, &err), OK);
	ck_assert_uint_eq(once.len, again.len);
	ck_assert_mem_eq(once.data, again.data, once.len);
	stream_close(stream);
	stream_close(from);
	buf_free(&once);
	buf_free(&again);
	free(bytes);
}
END_TEST

/* Every byte that is cut off and every bit that is changed is noticed. */
START_TEST(damage)
{
	static const unsigned char text[] = "a report, a report, another report and its end";
	struct stream *from, *stream;
	struct buf packed, out;
	size_t i, len, silent = 0;
	struct err err;
	int bit;

	deflated(&packed, text, sizeof text);
	buf_init(&out, 1 << 20);
	for (len = 0; len < packed.len; len++) {
		from = stream_memory(packed.data, len);
		stream = pack_inflate(from);
		ck_assert_int_eq(drain(&out, stream, &err), BAD);
		ck_assert_str_eq(err.what, "the kept bytes end too early");
		stream_close(stream);
		stream_close(from);
	}
	for (i = 0; i < packed.len; i++)
		for (bit = 1; bit < 256; bit <<= 1) {
			packed.data[i] ^= (unsigned char)bit;
			from = stream_memory(packed.data, packed.len);
			stream = pack_inflate(from);
			buf_clear(&out);
			if (drain(&out, stream, &err) == OK) {
				/* A bit that fills the last byte of the data says nothing. */
				ck_assert_uint_eq(out.len, sizeof text);
				ck_assert_mem_eq(out.data, text, sizeof text);
				silent++;
			} else
				ck_assert_int_eq(strncmp(err.what, "the kept bytes ", 15), 0);
			stream_close(stream);
			stream_close(from);
			packed.data[i] ^= (unsigned char)bit;
		}
	ck_assert_uint_le(silent, 7);
	buf_free(&out);
	buf_free(&packed);
}
END_TEST

/* What the stream below can't do, the one above can't either. */
START_TEST(below)
{
	const unsigned char *data;
	struct stream *from, *stream;
	struct err err;
	size_t len;
	int i;

	for (i = 0; i < 2; i++) {
		from = stream_file(-1);
		stream = i == 0 ? pack_deflate(from) : pack_inflate(from);
		ck_assert_int_eq(stream_next(stream, &data, &len, &err), BAD);
		ck_assert_str_eq(err.what, "cannot read: Bad file descriptor");
		stream_close(stream);
		stream_close(from);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pack");
	TCase *tests = tcase_create("pack");

	tcase_add_loop_test(tests, round_trip, 0, 3 * sizeof sizes / sizeof sizes[0]);
	tcase_add_test(tests, deflates_again);
	tcase_add_test(tests, damage);
	tcase_add_test(tests, below);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
