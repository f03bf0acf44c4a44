/* The cache of ids: what it says is true, what it forgot is 0. */
#include "store/cache.h"
#include "unit/drain.h"

static struct hash128
hash_of(uint64_t n)
{
	return hash128(&n, sizeof n, 5);
}

START_TEST(never_wrong)
{
	struct cache *cache = cache_new(10);
	uint64_t n, found = 0;

	for (n = 0; n < 5000; n++) {
		ck_assert_int_eq(cache_get(cache, hash_of(n)), 0);
		cache_put(cache, hash_of(n), (int64_t)n + 1);
		cache_prefetch(cache, hash_of(n + 1));
		ck_assert_int_eq(cache_get(cache, hash_of(n)), (int64_t)n + 1);
	}
	for (n = 0; n < 5000; n++) {
		int64_t id = cache_get(cache, hash_of(n));

		ck_assert(id == 0 || id == (int64_t)n + 1);
		found += id != 0;
	}
	/* It is full of the newest. */
	ck_assert_uint_gt(found, 1000);
	ck_assert_uint_le(found, 1024);
	cache_clear(cache);
	for (n = 0; n < 5000; n++)
		ck_assert_int_eq(cache_get(cache, hash_of(n)), 0);
	/* Also when it is filled and cleared once more. */
	cache_put(cache, hash_of(1), 1);
	ck_assert_int_eq(cache_get(cache, hash_of(1)), 1);
	cache_clear(cache);
	cache_clear(cache);
	ck_assert_int_eq(cache_get(cache, hash_of(1)), 0);
	cache_free(cache);
	cache_free(NULL);
}
END_TEST

/* Four with the same place: a fifth pushes out the one that wasn't asked for longest. */
START_TEST(oldest_falls_out)
{
	struct cache *cache = cache_new(4);
	struct hash128 hash = {0, 0};
	uint64_t n;

	for (n = 1; n <= 4; n++) {
		hash.high = n;
		cache_put(cache, hash, (int64_t)n);
	}
	hash.high = 1;
	ck_assert_int_eq(cache_get(cache, hash), 1);
	hash.high = 5;
	cache_put(cache, hash, 5);
	hash.high = 2;
	ck_assert_int_eq(cache_get(cache, hash), 0);
	for (n = 1; n <= 5; n++) {
		hash.high = n;
		ck_assert_int_eq(cache_get(cache, hash), n == 2 ? 0 : (int64_t)n);
	}
	/* Half of a hash is not the hash. */
	hash.high = 1;
	hash.low = 4;
	ck_assert_int_eq(cache_get(cache, hash), 0);
	cache_free(cache);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cache");
	TCase *tests = tcase_create("cache");

	tcase_add_test(tests, never_wrong);
	tcase_add_test(tests, oldest_falls_out);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
