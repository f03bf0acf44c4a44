/* Streams over memory and files, peeking and rewinding, and what is set aside to be read again. */
#include "base/stream.h"
#include "unit/drain.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const size_t sizes[] = {
    0, 1, 4095, 4096, 4097, STREAM_CHUNK - 1, STREAM_CHUNK, STREAM_CHUNK + 1, 3 * STREAM_CHUNK, 500000};

enum { SIZES = sizeof sizes / sizeof sizes[0], MOST = 500000 };

static unsigned char *
make_bytes(void)
{
	unsigned char *bytes = malloc(MOST);
	size_t i;

	ck_assert_ptr_nonnull(bytes);
	for (i = 0; i < MOST; i++)
		bytes[i] = (unsigned char)(i * 7 + (i >> 8));
	return bytes;
}

static void
peeks(struct stream *stream, const unsigned char *bytes, size_t len)
{
	const unsigned char *data, *again;
	size_t head, head_again;
	struct err err;

	ck_assert_int_eq(stream_peek(stream, &data, &head, &err), OK);
	ck_assert_uint_ge(head, len < STREAM_CHUNK ? len : STREAM_CHUNK);
	ck_assert_uint_le(head, len);
	if (head > 0)
		ck_assert_mem_eq(data, bytes, head);
	ck_assert_int_eq(stream_peek(stream, &again, &head_again, &err), OK);
	ck_assert_ptr_eq(again, data);
	ck_assert_uint_eq(head_again, head);
}

/* Peeked, read, read again, half read and read again: always the same bytes. */
static void
reads(struct stream *stream, const unsigned char *bytes, size_t len)
{
	const unsigned char *data;
	struct err err;
	size_t n;

	peeks(stream, bytes, len);
	expect_bytes(stream, bytes, len, "first");
	ck_assert_int_eq(stream_next(stream, &data, &n, &err), OK);
	ck_assert_uint_eq(n, 0);
	stream->truncated = true;
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	ck_assert(!stream->truncated);
	expect_bytes(stream, bytes, len, "again");
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	ck_assert_int_eq(stream_next(stream, &data, &n, &err), OK);
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	peeks(stream, bytes, len);
	ck_assert_int_eq(stream_rewind(stream, &err), OK);
	expect_bytes(stream, bytes, len, "third");
}

START_TEST(in_memory)
{
	unsigned char *bytes = make_bytes();
	struct stream *stream = stream_memory(bytes, sizes[_i]);

	reads(stream, bytes, sizes[_i]);
	stream_close(stream);
	stream_close(NULL);
	free(bytes);
}
END_TEST

START_TEST(spooled)
{
	static const size_t memory[] = {0, 4096, MOST};
	unsigned char *bytes = make_bytes();
	struct stream *from, *stream;
	struct spool spool;
	struct err err;
	size_t i;

	spool_init(&spool);
	for (i = 0; i < 3; i++) {
		from = stream_memory(bytes, sizes[_i]);
		ck_assert_int_eq(spool_fill(&spool, from, memory[i], UINT64_MAX, &err), OK);
		ck_assert_uint_eq(spool.len, sizes[_i]);
		ck_assert_int_eq(spool.fd >= 0, sizes[_i] > memory[i]);
		stream = spool_stream(&spool);
		reads(stream, bytes, sizes[_i]);
		stream_close(stream);
		stream_close(from);
		spool_clear(&spool);
		ck_assert_int_eq(spool.fd, -1);
		ck_assert_uint_eq(spool.len, 0);
	}
	spool_free(&spool);
	free(bytes);
}
END_TEST

/* Piece by piece, passing from memory to a file in between. */
START_TEST(added)
{
	static const size_t pieces[] = {1, 100, 3995, 1, 1, 10000, 0, 70000};
	unsigned char *bytes = make_bytes();
	struct stream *stream;
	struct spool spool;
	struct err err;
	size_t i, at = 0;

	spool_init(&spool);
	for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		ck_assert_int_eq(spool_add(&spool, bytes + at, pieces[i], 4096, 84098, &err), OK);
		at += pieces[i];
		ck_assert_int_eq(spool.fd >= 0, at > 4096);
	}
	ck_assert_uint_eq(at, 84098);
	ck_assert_int_eq(spool_add(&spool, "x", 1, 4096, 84098, &err), LIMIT);
	ck_assert_str_eq(err.what, "more than 84098 bytes");
	stream = spool_stream(&spool);
	expect_bytes(stream, bytes, at, "pieces");
	stream_close(stream);
	spool_free(&spool);
	free(bytes);
}
END_TEST

START_TEST(too_much)
{
	unsigned char *bytes = make_bytes();
	struct stream *from = stream_memory(bytes, 5000);
	struct spool spool;
	struct err err;

	spool_init(&spool);
	ck_assert_int_eq(spool_fill(&spool, from, 100, 4999, &err), LIMIT);
	ck_assert_str_eq(err.what, "more than 4999 bytes");
	ck_assert_int_eq(spool_add(&spool, bytes, 6, 100, 5, &err), LIMIT);
	stream_close(from);
	spool_free(&spool);
	free(bytes);
}
END_TEST

START_TEST(no_folder)
{
	struct spool spool;
	struct err err;

	ck_assert_int_eq(setenv("TMPDIR", "/nowhere", 1), 0);
	spool_init(&spool);
	ck_assert_int_eq(spool_add(&spool, "abc", 3, 1, 100, &err), FATAL);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_IO);
	ck_assert_str_eq(err.what, "/nowhere: cannot make a temporary file: No such file or directory");
	spool_free(&spool);
	/* An empty setting is none. */
	ck_assert_int_eq(setenv("TMPDIR", "", 1), 0);
	ck_assert_int_eq(spool_add(&spool, "abc", 3, 1, 100, &err), OK);
	ck_assert_int_ge(spool.fd, 0);
	spool_free(&spool);
}
END_TEST

/* A disk that fills up, here by a limit on the size of files. */
START_TEST(disk_full)
{
	const struct rlimit limit = {8192, 8192};
	unsigned char *bytes = make_bytes();
	struct stream *from = stream_memory(bytes, 20000);
	struct spool spool;
	struct err err;

	ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	spool_init(&spool);
	ck_assert_int_eq(spool_fill(&spool, from, 100, UINT64_MAX, &err), FATAL);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_IO);
	ck_assert_str_eq(err.what, "cannot write temporary file: File too large");
	spool_free(&spool);
	stream_close(from);
	free(bytes);
}
END_TEST

START_TEST(unreadable)
{
	const unsigned char *data;
	struct stream *stream;
	struct spool spool;
	struct err err;
	size_t len;
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	ck_assert_int_ge(fd, 0);
	stream = stream_file(fd);
	ck_assert_int_eq(stream_next(stream, &data, &len, &err), BAD);
	ck_assert_str_eq(err.what, "cannot read: Is a directory");
	ck_assert_int_eq(stream_peek(stream, &data, &len, &err), BAD);
	spool_init(&spool);
	ck_assert_int_eq(spool_fill(&spool, stream, 100, UINT64_MAX, &err), BAD);
	ck_assert_uint_eq(spool.len, 0);
	spool_free(&spool);
	stream_close(stream);
	(void)close(fd);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("stream_spool");
	TCase *tests = tcase_create("stream_spool");

	tcase_add_loop_test(tests, in_memory, 0, SIZES);
	tcase_add_loop_test(tests, spooled, 0, SIZES);
	tcase_add_test(tests, added);
	tcase_add_test(tests, too_much);
	tcase_add_test(tests, no_folder);
	tcase_add_test(tests, disk_full);
	tcase_add_test(tests, unreadable);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
