/* The numbers and words of advice: shares, and a gate's value beside its limit. */
#include "cli/advise.h"
#include "unit/drain.h"

static const struct {
	double share;
	const char *text;
} shares[] = {{0, "0.0 %"}, {0.0004, "0.04 %"}, {0.00099, "0.10 %"}, {0.001, "0.1 %"}, {0.0925, "9.2 %"},
    {1, "100.0 %"}};

START_TEST(share)
{
	char text[ADVISE_TEXT];

	ck_assert_str_eq(advise_share(text, shares[_i].share), shares[_i].text);
}
END_TEST

/* A value that misses its limit never looks as if it met it. */
static const struct {
	struct advice_gate gate;
	const char *value, *limit;
} gates[] = {
    {{.value = 148.99, .limit = 149, .at_least = true}, "148", "149"},
    {{.value = 149, .limit = 149, .at_least = true, .ok = true}, "149", "149"},
    {{.value = 10.2, .limit = 10}, "11", "10"},
    {{.value = 0.0200001, .limit = 0.02, .is_share = true}, "2.00001 %", "2.0 %"},
    {{.value = 0.02, .limit = 0.02, .is_share = true, .ok = true}, "2.0 %", "2.0 %"},
    {{.value = 0.98999, .limit = 0.99, .is_share = true, .at_least = true}, "98.999 %", "99.0 %"},
    {{.value = 0.004, .limit = 0.005, .is_share = true, .ok = true}, "0.4 %", "0.5 %"},
    {{.value = 0.03347, .limit = 0.15, .is_share = true}, "3.3 %", "15.0 %"},
    {{.value = 1e300, .limit = 1}, "1,000,000,000,000,000,000", "1"},
};

START_TEST(gate_texts)
{
	char value[ADVISE_TEXT], limit[ADVISE_TEXT];

	advise_gate_texts(value, limit, &gates[_i].gate);
	ck_assert_str_eq(value, gates[_i].value);
	ck_assert_str_eq(limit, gates[_i].limit);
}
END_TEST

START_TEST(changes)
{
	enum advice_change_to to;

	ck_assert(advise_change_read(&to, "not-ours"));
	ck_assert_int_eq(to, CHANGE_NOT_OURS);
	ck_assert_str_eq(advise_change_word(to), "not-ours");
	ck_assert(!advise_change_read(&to, "not_ours"));
	ck_assert(!advise_change_read(&to, ""));
}
END_TEST

/* What is left behind the repairs depends on what they are for. */
static const struct {
	enum advice_verdict verdict;
	bool enough;
	size_t count;
	const char *text;
} ends[] = {
    {VERDICT_NOT_YET, true, 0, "then nothing but time stands in the way"},
    {VERDICT_NOT_YET, false, 3, "that is not enough: something else than senders and time stands in the way"},
    {VERDICT_NOT_YET, false, ADVICE_MOST_REPAIRS,
	"that is not enough: more senders have to be repaired than are listed"},
    {VERDICT_READY, true, 0, "nothing stands in the way"},
    {VERDICT_READY, true, 1,
	"nothing stands in the way of the domain itself; then the names below it are ready, too"},
    {VERDICT_READY, false, 1,
	"nothing stands in the way of the domain itself; the names below it need more than that"},
    {VERDICT_KEEP, true, 0, "the policy of today stays"},
    {VERDICT_STEP_BACK, true, 1, "then the policy need not go a step back"},
    {VERDICT_STEP_BACK, false, 0, "no repair of single senders ends what makes the policy go a step back"},
};

START_TEST(repairs_end)
{
	struct advice advice = {.verdict = ends[_i].verdict};
	struct advised advised = {
	    .advice = &advice, .enough = ends[_i].enough, .repair_count = ends[_i].count};

	ck_assert_str_eq(advise_repairs_end(&advised), ends[_i].text);
}
END_TEST

/* Who has to step back is told what does harm, and no step. */
START_TEST(beside)
{
	struct advice advice = {.verdict = VERDICT_STEP_BACK};

	ck_assert(advise_is_beside(&advice, &(struct advice_refusal){.code = ADVICE_HISTORY}));
	ck_assert(advise_is_beside(&advice, &(struct advice_refusal){.code = ADVICE_RECORD}));
	ck_assert(!advise_is_beside(&advice, &(struct advice_refusal){.code = ADVICE_SOURCE}));
	ck_assert(!advise_is_beside(&advice, &(struct advice_refusal){.code = ADVICE_BOUND}));
	ck_assert(advise_is_beside(&advice, &(struct advice_refusal){.code = ADVICE_BOUND, .little = true}));
	advice.verdict = VERDICT_KEEP;
	ck_assert(!advise_is_beside(&advice, &(struct advice_refusal){.code = ADVICE_RECORD}));
}
END_TEST

START_TEST(repair_else)
{
	struct advice_change repair = {.to = CHANGE_FIXED};

	ck_assert_str_eq(advise_repair_else(&repair), "");
	repair.asks = true;
	ck_assert_str_eq(advise_repair_else(&repair), "if it is yours, else not-ours");
	repair.to = CHANGE_NOT_OURS;
	ck_assert_str_eq(advise_repair_else(&repair), "if it is not yours: that is no repair but a decision");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("advise_words");
	TCase *tests = tcase_create("advise_words");

	tcase_add_loop_test(tests, share, 0, sizeof shares / sizeof *shares);
	tcase_add_loop_test(tests, gate_texts, 0, sizeof gates / sizeof *gates);
	tcase_add_test(tests, changes);
	tcase_add_test(tests, repair_else);
	tcase_add_loop_test(tests, repairs_end, 0, sizeof ends / sizeof *ends);
	tcase_add_test(tests, beside);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
