/* drain: reads streams to their end, for tests that look at what came out. */
#ifndef DMARCQ_TESTS_UNIT_DRAIN_H
#define DMARCQ_TESTS_UNIT_DRAIN_H

#include "base/buf.h"
#include "base/stream.h"

#include <check.h>

/* Appends all that is left to into; checks that only the last chunk is short. Returns the status of the end.
 */
enum status drain(struct buf *into, struct stream *stream, struct err *err);
/* The same for one that must end well with exactly these bytes. */
void expect_bytes(struct stream *stream, const void *bytes, size_t len, const char *what);
/* A stream that gives its bytes in chunks as files do, never in one piece; closed by stream_close. */
struct stream *file_like(struct spool *spool, const void *bytes, size_t len);
/* Runs a suite as a program: the exit status for main. */
int run_suite(Suite *suite);

#endif
