/* SHA-256 against FIPS 180-4's examples, and the fast hashes: seeded, whole, stable. */
#include "base/digest.h"
#include "unit/drain.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text, *hex;
	size_t times;
} vectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 1},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 1},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", 1},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrs"
     "tnopqrstu",
	"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1", 1},
    {"aaaaaaaaaa", "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", 100000},
};

START_TEST(fips)
{
	unsigned char digest[SHA256_BYTES], whole[SHA256_BYTES];
	size_t len = strlen(vectors[_i].text), i;
	struct sha256 *pieces = sha256_begin();
	char text[SHA256_TEXT];

	for (i = 0; i < vectors[_i].times; i++)
		sha256_add(pieces, vectors[_i].text, len);
	sha256_end(pieces, digest);
	sha256_text(text, digest);
	ck_assert_str_eq(text, vectors[_i].hex);
	if (vectors[_i].times > 1)
		return;
	sha256(whole, vectors[_i].text, len);
	ck_assert_mem_eq(whole, digest, sizeof whole);
}
END_TEST

/* The fast hashes are stored in databases: other values would make old ones unreadable. */
START_TEST(fast)
{
	struct hash128 a = hash128("abc", 3, 0), b = hash128("abc", 3, 1), c = hash128("abd", 3, 0);
	struct hash128 again = hash128("abc", 3, 0);

	ck_assert_uint_eq(hash64("", 0, 0), 0x2d06800538d394c2);
	ck_assert_uint_eq(hash64("abc", 3, 0), 0x78af5f94892f3950);
	ck_assert_uint_eq(a.low, 0x78af5f94892f3950);
	ck_assert_uint_eq(a.high, 0x06b05ab6733a6185);
	ck_assert(a.low == again.low && a.high == again.high);
	ck_assert(a.low != b.low && a.high != b.high && a.low != c.low && a.high != c.high);
	ck_assert_uint_ne(hash64("abc", 3, 0), hash64("abc", 3, 1));
	ck_assert_uint_ne(hash64("abc", 3, 0), hash64("abc", 2, 0));
}
END_TEST

START_TEST(chance)
{
	uint64_t seen_or = 0, seen_and = UINT64_MAX, value;
	int i;

	for (i = 0; i < 200; i++) {
		value = random64();
		seen_or |= value;
		seen_and &= value;
	}
	ck_assert_uint_eq(seen_or, UINT64_MAX);
	ck_assert_uint_eq(seen_and, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("digest");
	TCase *tests = tcase_create("digest");

	tcase_add_loop_test(tests, fips, 0, sizeof vectors / sizeof vectors[0]);
	tcase_add_test(tests, fast);
	tcase_add_test(tests, chance);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
