/* Text of any encoding: what comes out is clean UTF-8, and what had to be done is told. */
#include "parse/decode.h"
#include "unit/drain.h"

#include <stdlib.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1

enum flag { NOTHING = 0, MISDECLARED = 1, BAD_BYTES = 2, CONTROLS = 4, PLAIN = 8 };

static const struct {
	const char *name, *in;
	size_t in_len;
	const char *out;
	int flags; /* PLAIN: the XML library may have it as it is */
} cases[] = {
    {"nothing", BYTES(""), "", PLAIN},
    {"ASCII", BYTES("<a>b</a>\r\n\t"), "<a>b</a>\r\n\t", PLAIN},
    {"UTF-8", BYTES("<?xml version='1.0' encoding='utf-8'?>\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"),
	"<?xml version='1.0' encoding='utf-8'?>\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", PLAIN},
    {"UTF-8 with a mark", BYTES("\xef\xbb\xbf<a>"), "<a>", PLAIN},
    {"a mark in the middle", BYTES("<a>\xef\xbb\xbf</a>"), "<a></a>", PLAIN},
    {"declared UTF8", BYTES("<?xml encoding=\"UTF8\"?>"), "<?xml encoding=\"UTF8\"?>", PLAIN},
    {"declared ASCII", BYTES("<?xml encoding=\"us-ascii\"?>\xc3\xbc"),
	"<?xml encoding=\"us-ascii\"?>\xc3\xbc", PLAIN},
    {"a bad byte", BYTES("<a>\xfc</a>"), "<a>\xc3\xbc</a>", PLAIN | BAD_BYTES},
    {"a euro of windows-1252", BYTES("<a>\x80</a>"), "<a>\xe2\x82\xac</a>", PLAIN | BAD_BYTES},
    {"a bad sequence", BYTES("\xc3("), "\xc3\x83(", PLAIN | BAD_BYTES},
    {"cut in a sequence", BYTES("a\xe2\x82"), "a\xc3\xa2\xe2\x80\x9a", PLAIN | BAD_BYTES},
    {"a surrogate in UTF-8", BYTES("\xed\xa0\x80"), "\xc3\xad\xc2\xa0\xe2\x82\xac", PLAIN | BAD_BYTES},
    {"controls",
	BYTES("a\0b\x07"
	      "c\x1f"
	      "d\xef\xbf\xbe\xef\xbf\xbf"),
	"abcd", PLAIN | CONTROLS},
    {"declared latin1", BYTES("<?xml encoding=\"ISO-8859-1\"?>\xe4\x93x\x94"),
	"<?xml encoding=\"ISO-8859-1\"?>\xc3\xa4\xe2\x80\x9cx\xe2\x80\x9d", NOTHING},
    {"declared windows-1252", BYTES("<?xml encoding='Windows-1252'?>\x80"),
	"<?xml encoding='Windows-1252'?>\xe2\x82\xac", NOTHING},
    {"declared latin1, blanks", BYTES("<?xml encoding = \"latin1\" ?>\xe4"),
	"<?xml encoding = \"latin1\" ?>\xc3\xa4", NOTHING},
    {"declared latin1, is UTF-8", BYTES("<?xml encoding=\"iso-8859-1\"?>\xc3\xa4"),
	"<?xml encoding=\"iso-8859-1\"?>\xc3\xa4", MISDECLARED},
    {"declared latin1, is ASCII", BYTES("<?xml encoding=\"iso-8859-1\"?>a"),
	"<?xml encoding=\"iso-8859-1\"?>a", NOTHING},
    {"declared UTF-16, is not", BYTES("<?xml encoding=\"utf-16\"?><a>"), "<?xml encoding=\"utf-16\"?><a>",
	MISDECLARED},
    {"declared UTF-16, is latin1", BYTES("<?xml encoding=\"utf-16\"?>\xe4"),
	"<?xml encoding=\"utf-16\"?>\xc3\xa4", MISDECLARED | BAD_BYTES},
    {"unknown", BYTES("<?xml encoding=\"x-none\"?>a"), "<?xml encoding=\"x-none\"?>a", MISDECLARED},
    {"unknown, not UTF-8", BYTES("<?xml encoding=\"x-none\"?>\xe4"), "<?xml encoding=\"x-none\"?>\xc3\xa4",
	MISDECLARED | BAD_BYTES},
    {"no quote", BYTES("<?xml encoding=latin1?>a"), "<?xml encoding=latin1?>a", PLAIN},
    {"empty name", BYTES("<?xml encoding=\"\"?>a"), "<?xml encoding=\"\"?>a", PLAIN},
    {"cut in the name", BYTES("<?xml encoding="), "<?xml encoding=", PLAIN},
    {"KOI8-R", BYTES("<?xml encoding=\"koi8-r\"?>\xd0\xc9\xd6"),
	"<?xml encoding=\"koi8-r\"?>\xd0\xbf\xd0\xb8\xd0\xb6", NOTHING},
    {"Shift JIS", BYTES("<?xml encoding=\"Shift_JIS\"?>\x83\x65\x83X"),
	"<?xml encoding=\"Shift_JIS\"?>\xe3\x83\x86\xe3\x82\xb9", NOTHING},
    {"Shift JIS, bad", BYTES("<?xml encoding=\"Shift_JIS\"?>a\xff\x62"),
	"<?xml encoding=\"Shift_JIS\"?>a\xef\xbf\xbd\x62", BAD_BYTES},
    {"Shift JIS, cut", BYTES("<?xml encoding=\"Shift_JIS\"?>a\x83"),
	"<?xml encoding=\"Shift_JIS\"?>a\xef\xbf\xbd", BAD_BYTES},
    {"UTF-16LE", BYTES("\xff\xfe<\0a\0\xac\x20"), "<a\xe2\x82\xac", NOTHING},
    {"UTF-16BE", BYTES("\xfe\xff\0<\0a\x20\xac"), "<a\xe2\x82\xac", NOTHING},
    {"UTF-16LE without a mark", BYTES("<\0a\0>\0"), "<a>", NOTHING},
    {"UTF-16BE without a mark", BYTES("\0<\0a\0>"), "<a>", NOTHING},
    {"UTF-16 pair", BYTES("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80", NOTHING},
    {"UTF-16 half a pair", BYTES("\xff\xfe\x3d\xd8x\0"), "\xef\xbf\xbdx", BAD_BYTES},
    {"UTF-16 the other half", BYTES("\xff\xfe\x00\xdex\0"), "\xef\xbf\xbdx", BAD_BYTES},
    {"UTF-16 cut in a pair", BYTES("\xff\xfex\0\x3d\xd8"), "x\xef\xbf\xbd", BAD_BYTES},
    {"UTF-16 cut in a unit", BYTES("\xff\xfex\0y"), "x", NOTHING},
    {"UTF-16 with controls", BYTES("\xff\xfex\0\7\0\0\0y\0"), "xy", CONTROLS},
    {"UTF-16 that says UTF-16",
	BYTES("<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0001\0006\0'\0"),
	"<?xml encoding='utf-16'", NOTHING},
    {"UTF-16 that says UTF-8", BYTES("<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0008\0'\0"),
	"<?xml encoding='utf-8'", MISDECLARED},
};

static int
flags_of(const struct decoder *decoder)
{
	return (decoder_was_misdeclared(decoder) ? MISDECLARED : 0) |
	       (decoder_had_bad_bytes(decoder) ? BAD_BYTES : 0) |
	       (decoder_had_controls(decoder) ? CONTROLS : 0);
}

/* Everything decoded; given: the first chunk was taken from the stream already. */
static int
decode(struct buf *out, const void *in, size_t len, bool given)
{
	const unsigned char *head;
	struct decoder *decoder;
	struct stream *stream;
	struct spool spool;
	struct str text;
	struct err err;
	size_t head_len;
	int flags;

	stream = file_like(&spool, in, len);
	ck_assert_int_eq(stream_peek(stream, &head, &head_len, &err), OK);
	decoder = decoder_open(stream, head, head_len);
	if (given) {
		ck_assert_int_eq(stream_next(stream, &head, &head_len, &err), OK);
		decoder_give(decoder, head, head_len);
	}
	buf_clear(out);
	do {
		ck_assert_int_eq(decoder_next(decoder, &text, &err), OK);
		ck_assert(buf_add(out, text.data, text.len));
	} while (text.len > 0);
	ck_assert_int_eq(decoder_next(decoder, &text, &err), OK);
	ck_assert_uint_eq(text.len, 0);
	flags = flags_of(decoder);
	decoder_close(decoder);
	decoder_close(NULL);
	stream_close(stream);
	spool_free(&spool);
	return flags;
}

START_TEST(small)
{
	struct buf out;
	int given;

	buf_init(&out, 1 << 20);
	ck_assert_msg(decode_is_plain((const unsigned char *)cases[_i].in, cases[_i].in_len) ==
			  ((cases[_i].flags & PLAIN) != 0),
	    "%s", cases[_i].name);
	for (given = 0; given < 2; given++) {
		int flags = decode(&out, cases[_i].in, cases[_i].in_len, given != 0);

		ck_assert_msg(flags == (cases[_i].flags & ~PLAIN), "%s: %d", cases[_i].name, flags);
		ck_assert_msg(out.len == strlen(cases[_i].out) &&
				  (out.len == 0 || memcmp(out.data, cases[_i].out, out.len) == 0),
		    "%s: %.*s", cases[_i].name, (int)out.len, (const char *)out.data);
	}
	buf_free(&out);
}
END_TEST

/* Encodings, each with a character of as many bytes as it has. */
static const struct {
	const char *head, *bytes;
	size_t bytes_len;
	const char *out;
	size_t unit; /* bytes of an ASCII character */
	bool big;
} wide[] = {
    {"", BYTES("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80", 1, false},
    {"", BYTES("\xe2\x82\xac"), "\xe2\x82\xac", 1, false},
    {"\xff\xfe", BYTES("\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80", 2, false},
    {"\xfe\xff", BYTES("\xd8\x3d\xde\x00"), "\xf0\x9f\x98\x80", 2, true},
    {"<?xml encoding=\"Shift_JIS\"?>", BYTES("\x83\x65"), "\xe3\x83\x86", 1, false},
    {"<?xml encoding=\"gb18030\"?>", BYTES("\x94\x39\xfc\x36"), "\xf0\x9f\x98\x80", 1, false},
};

/* A character at every place around the borders of the decoder's pieces and of the stream's chunks. */
START_TEST(borders)
{
	static const size_t around[] = {16384, 16392, 32768, STREAM_CHUNK, 2 * STREAM_CHUNK};
	enum { MOST = 3 * STREAM_CHUNK };
	unsigned char *in = malloc(MOST);
	size_t head_len = strlen(wide[_i].head), letters, len, i, border, out_head;
	struct buf out;
	int shift;

	head_len = wide[_i].unit == 2 ? 2 : head_len;
	out_head = wide[_i].unit == 2 ? 0 : head_len;
	buf_init(&out, 1 << 20);
	ck_assert_ptr_nonnull(in);
	for (border = 0; border < sizeof around / sizeof around[0]; border++)
		for (shift = -12; shift <= 6; shift++) {
			letters = ((size_t)((long)around[border] + shift) - head_len) / wide[_i].unit;
			(void)memset(in, 0, MOST);
			(void)memcpy(in, wide[_i].head, head_len);
			for (i = 0; i < letters; i++)
				in[head_len + i * wide[_i].unit + (wide[_i].big ? 1 : 0)] = 'a';
			len = head_len + letters * wide[_i].unit;
			(void)memcpy(in + len, wide[_i].bytes, wide[_i].bytes_len);
			len += wide[_i].bytes_len;
			ck_assert_int_eq(decode(&out, in, len, true), NOTHING);
			ck_assert_uint_eq(out.len, out_head + letters + strlen(wide[_i].out));
			ck_assert_mem_eq(out.data + out_head + letters, wide[_i].out, strlen(wide[_i].out));
			ck_assert_int_eq(out.data[out.len - strlen(wide[_i].out) - 1], 'a');
		}
	buf_free(&out);
	free(in);
}
END_TEST

/* What the stream can't give is told. */
START_TEST(unreadable)
{
	struct stream *stream = stream_file(-1);
	struct decoder *decoder = decoder_open(stream, (const unsigned char *)"<a>", 3);
	struct str text;
	struct err err;

	ck_assert_int_eq(decoder_next(decoder, &text, &err), BAD);
	ck_assert_str_eq(err.what, "cannot read: Bad file descriptor");
	decoder_close(decoder);
	stream_close(stream);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("decode");
	TCase *tests = tcase_create("decode");

	tcase_add_loop_test(tests, small, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(tests, borders, 0, sizeof wide / sizeof wide[0]);
	tcase_add_test(tests, unreadable);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
