/* drain: reads streams to their end, for tests that look at what came out. */
#include "drain.h"

#include <stdlib.h>

enum status
drain(struct buf *into, struct stream *stream, struct err *err)
{
	const unsigned char *data;
	enum status status;
	bool was_short = false;
	size_t len;

	while ((status = stream_next(stream, &data, &len, err)) == OK && len > 0) {
		ck_assert_msg(!was_short, "a chunk after a short one");
		was_short = len < STREAM_CHUNK;
		ck_assert(buf_add(into, data, len));
	}
	return status;
}

void
expect_bytes(struct stream *stream, const void *bytes, size_t len, const char *what)
{
	struct buf got;
	struct err err;

	buf_init(&got, 1 << 28);
	ck_assert_msg(drain(&got, stream, &err) == OK, "%s: %s", what, err.what);
	ck_assert_msg(got.len == len, "%s: %zu bytes, not %zu", what, got.len, len);
	if (len > 0)
		ck_assert_mem_eq(got.data, bytes, len);
	buf_free(&got);
}

struct stream *
file_like(struct spool *spool, const void *bytes, size_t len)
{
	struct stream *memory = stream_memory(bytes, len);
	struct err err;

	spool_init(spool);
	ck_assert_int_eq(spool_fill(spool, memory, 0, UINT64_MAX, &err), OK);
	stream_close(memory);
	return spool_stream(spool);
}

int
run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
