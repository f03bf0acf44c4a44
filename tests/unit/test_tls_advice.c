/* What result types mean: each of RFC 8460 has a line, and nothing else has. */
#include "analysis/tls.h"
#include "report/tls.h"
#include "unit/drain.h"

#include <string.h>

START_TEST(each_has_advice)
{
	const struct tls_advice *advice;
	size_t i, count = 0;

	for (i = 0; tls_results[i] != NULL; i++, count++) {
		advice = tls_advice(str_of(tls_results[i]));
		ck_assert_msg(advice != NULL, "%s", tls_results[i]);
		ck_assert_uint_gt(strlen(advice->meaning), 20);
		ck_assert_uint_gt(strlen(advice->advice), 20);
	}
	ck_assert_uint_eq(count, 11);
	ck_assert_str_eq(
	    tls_advice(str_of("certificate-expired"))->meaning, "the certificate's time is over");
}
END_TEST

START_TEST(others_have_none)
{
	ck_assert_ptr_null(tls_advice(str_of("certificate-expire")));
	ck_assert_ptr_null(tls_advice(str_of("certificate-expired ")));
	ck_assert_ptr_null(tls_advice(str_of("")));
	ck_assert_ptr_null(tls_advice(str_of(NULL)));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tls_advice");
	TCase *tests = tcase_create("tls_advice");

	tcase_add_test(tests, each_has_advice);
	tcase_add_test(tests, others_have_none);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
