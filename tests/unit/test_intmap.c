/* The map of numbers: any number is a key, and what was not put is not there. */
#include "base/intmap.h"
#include "unit/drain.h"

static void
must_hold(const struct intmap *map, int64_t key, int64_t expected)
{
	int64_t value;

	ck_assert_msg(intmap_get(&value, map, key), "%lld", (long long)key);
	ck_assert_int_eq(value, expected);
}

START_TEST(any_number)
{
	static const int64_t keys[] = {0, 1, -1, 255, 256, INT64_MAX, INT64_MIN, (int64_t)1 << 32};
	struct intmap map = {0};
	int64_t value;
	size_t i, n;

	for (n = 0; n < sizeof keys / sizeof *keys; n++) {
		ck_assert_uint_eq(map.count, n);
		for (i = n; i < sizeof keys / sizeof *keys; i++)
			ck_assert_msg(!intmap_get(&value, &map, keys[i]), "%lld", (long long)keys[i]);
		intmap_put(&map, keys[n], (int64_t)n + 7);
		for (i = 0; i <= n; i++)
			must_hold(&map, keys[i], (int64_t)i + 7);
	}
	intmap_clear(&map);
	ck_assert_uint_eq(map.count, 0);
	for (i = 0; i < n; i++)
		ck_assert_msg(!intmap_get(&value, &map, keys[i]), "%lld", (long long)keys[i]);
	intmap_free(&map);
	ck_assert(!intmap_get(&value, &map, 0));
}
END_TEST

/* It grows on the way; 0 is put first, in the middle, or never. */
START_TEST(grows)
{
	static const int64_t zero_at[] = {1, 2000, 0};
	struct intmap map = {0};
	int64_t n, value;
	size_t i;

	for (i = 0; i < sizeof zero_at / sizeof *zero_at; i++) {
		for (n = 1; n <= 5000; n++) {
			if (n == zero_at[i])
				intmap_put(&map, 0, -5);
			ck_assert(!intmap_get(&value, &map, n));
			intmap_put(&map, n, n * 3);
		}
		for (n = 1; n <= 5000; n++)
			must_hold(&map, n, n * 3);
		ck_assert_int_eq(intmap_get(&value, &map, 0), zero_at[i] > 0);
		ck_assert(zero_at[i] == 0 || value == -5);
		ck_assert_uint_eq(map.count, zero_at[i] > 0 ? 5001 : 5000);
		ck_assert(!intmap_get(&value, &map, 5001));
		intmap_free(&map);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("intmap");
	TCase *tests = tcase_create("intmap");

	tcase_add_test(tests, any_number);
	tcase_add_test(tests, grows);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
