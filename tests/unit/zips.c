/* zips: zip archives put together byte by byte, so that each can be wrong in its own way. */
#include "zips.h"

#include "drain.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

const char zips_text[] = "<feedback>a small report</feedback>\n";

struct limits zips_limits;
struct unpack_budget zips_budget;
struct buf zips_packed;
static struct spool spool;
struct stream *zips_below;
struct zip *zips_zip;
size_t zips_count;

static void
put(unsigned value, int bytes)
{
	for (; bytes > 0; bytes--) {
		unsigned char byte = (unsigned char)value;

		ck_assert(buf_add(&zips_packed, &byte, 1));
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
	zlib.next_out = buf_room(&zips_packed, len + 1000);
	zlib.avail_out = (uInt)(len + 1000);
	ck_assert_int_eq(deflate(&zlib, Z_FINISH), Z_STREAM_END);
	zips_packed.len += zlib.total_out;
	deflateEnd(&zlib);
	return zlib.total_out;
}

/* A local header and its data (APPNOTE 4.3.7). */
void
zips_add(const char *name, const void *bytes, size_t len, unsigned method, unsigned flags, unsigned crc_xor)
{
	unsigned crc = (unsigned)crc32(crc32(0, NULL, 0), bytes, (uInt)len) ^ crc_xor;
	size_t header = zips_packed.len, size = len;

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
	ck_assert(buf_add_text(&zips_packed, name));
	if (method == DEFLATED)
		size = deflated(bytes, len);
	else if (len > 0)
		ck_assert(buf_add(&zips_packed, bytes, len));
	if (flags & DESCRIPTOR) {
		put(0x08074b50, 4);
		put(crc, 4);
		put((unsigned)size, 4);
		put((unsigned)len, 4);
	} else
		memcpy(zips_packed.data + header + 18,
		    (unsigned char[]){
			(unsigned char)size, (unsigned char)(size >> 8), (unsigned char)(size >> 16), 0},
		    4);
	zips_count++;
}

/* The end of the central directory, which the reader does not need to find members. */
void
zips_end(void)
{
	put(0x06054b50, 4);
	put(0, 4);
	put((unsigned)zips_count, 2);
	put((unsigned)zips_count, 2);
	put(0, 4);
	put((unsigned)zips_packed.len, 4);
	put(0, 2);
}

void
zips_begin(void)
{
	limits_init(&zips_limits);
	buf_init(&zips_packed, 1 << 28);
	spool_init(&spool);
	zips_below = NULL;
	zips_zip = NULL;
	zips_count = 0;
}

void
zips_finish(void)
{
	zip_close(zips_zip);
	stream_close(zips_below);
	spool_free(&spool);
	buf_free(&zips_packed);
}

void
zips_open(bool in_chunks)
{
	struct err err;

	zips_below = in_chunks ? file_like(&spool, zips_packed.data, zips_packed.len)
			       : stream_memory(zips_packed.data, zips_packed.len);
	unpack_budget_init(&zips_budget, &zips_limits, zips_packed.len);
	ck_assert_int_eq(zip_open(&zips_zip, zips_below, &zips_budget, &err), OK);
}

/* The next member must have this name. */
struct stream *
zips_next(const char *name)
{
	struct stream *member;
	enum status status;
	struct str got;
	struct err err;

	status = zip_next(zips_zip, &got, &member, &err);
	ck_assert_msg(status == OK, "%s: status %d", name, (int)status);
	ck_assert_uint_eq(got.len, strlen(name));
	ck_assert_mem_eq(got.data, name, got.len);
	return member;
}

void
zips_expect_end(void)
{
	struct stream *member;
	struct str name;
	struct err err;

	ck_assert_int_eq(zip_next(zips_zip, &name, &member, &err), SKIP);
	ck_assert_ptr_null(member);
}

unsigned char *
zips_long(void)
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

const struct kind zips_kinds[KINDS] = {
    {STORED, 0, false},
    {STORED, 0, true},
    {DEFLATED, 0, false},
    {DEFLATED, 0, true},
    {DEFLATED, DESCRIPTOR, false},
    {DEFLATED, DESCRIPTOR, true},
};
