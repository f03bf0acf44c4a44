/* Watching: pauses that grow, and the clock that tells that the machine slept. */
#include "cli/watchers.h"
#include "mailbox/watch.h"
#include "unit/drain.h"

START_TEST(pauses)
{
	static const unsigned expected[] = {2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
	unsigned pause = WATCH_PAUSE;
	size_t i;

	for (i = 0; i < sizeof expected / sizeof *expected; i++) {
		pause = watch_next_pause(pause);
		ck_assert_uint_eq(pause, expected[i]);
	}
}
END_TEST

START_TEST(jumps)
{
	ck_assert(!watch_jumped(1000, 1000));
	ck_assert(!watch_jumped(1000, 1000 + WATCH_JUMP));
	ck_assert(!watch_jumped(1000, 1000 - WATCH_JUMP));
	ck_assert(watch_jumped(1000, 1001 + WATCH_JUMP));
	ck_assert(watch_jumped(1000, 999 - WATCH_JUMP));
	ck_assert(!watch_jumped(watch_clock(), watch_clock()));
}
END_TEST

static bool
yes(void)
{
	return true;
}

static bool
no(void)
{
	return false;
}

START_TEST(sleeps)
{
	bool jumped;

	ck_assert(watch_sleep(86400, yes, &jumped));
	ck_assert(!jumped);
	ck_assert(!watch_sleep(0, no, &jumped));
	ck_assert(!jumped);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("watch");
	TCase *tests = tcase_create("watch");

	tcase_add_test(tests, pauses);
	tcase_add_test(tests, jumps);
	tcase_add_test(tests, sleeps);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
