/* What always stands below its row, each on lines of its own, at any width; long values of an object; and
 * what all rows say, once below them. */
#include "output/output.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
    {"n", "N", CELL_INTEGER, 0, 0},
    {"day", "Day", CELL_DAY, 1, 0},
    {"spf", "SPF", CELL_TEXT, BELOW, 0},
    {"note", "Note", CELL_TEXT, BELOW, 0},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct cell cells[2][COLUMNS] = {
    {
	{.known = true, .number = 1},
	{.known = true, .number = 20454},
	{.known = true, .text = {"pass for a.example: not aligned, another organisation", 53}},
	{.known = true, .text = {"short", 5}},
    },
    {
	{.known = true, .number = 2},
	{.known = true, .number = 20454},
	{.known = true, .text = {"none", 4}},
	{.known = false},
    },
};

static const struct {
	enum shape shape;
	size_t width, rows;
	const char *text;
} cases[] = {
    {SHAPE_ROWS, 0, 2,
	"N  Day\n"
	"1  2026-01-01\n"
	"    SPF: pass for a.example: not aligned, another organisation\n"
	"    Note: short\n"
	"2  2026-01-01\n"
	"    SPF: none\n"},
    {SHAPE_ROWS, 200, 2,
	"N  Day\n"
	"1  2026-01-01\n"
	"    SPF: pass for a.example: not aligned, another organisation\n"
	"    Note: short\n"
	"2  2026-01-01\n"
	"    SPF: none\n"},
    {SHAPE_ROWS, 40, 2,
	"N  Day\n"
	"1  2026-01-01\n"
	"    SPF: pass for a.example: not\n"
	"        aligned, another organisation\n"
	"    Note: short\n"
	"2  2026-01-01\n"
	"    SPF: none\n"},
    {SHAPE_OBJECT, 0, 1,
	"  N:    1\n"
	"  Day:  2026-01-01\n"
	"  SPF:  pass for a.example: not aligned, another organisation\n"
	"  Note: short\n"},
    {SHAPE_OBJECT, 40, 1,
	"  N:    1\n"
	"  Day:  2026-01-01\n"
	"  SPF:  pass for a.example: not aligned,\n"
	"        another organisation\n"
	"  Note: short\n"},
};

START_TEST(below)
{
	struct section section = {"rows", NULL, cases[_i].shape, true, columns, COLUMNS};
	struct output_options options = {.width = cases[_i].width};
	struct output *out;
	char *text = NULL;
	size_t len = 0, i;
	struct err err;

	options.to = open_memstream(&text, &len);
	ck_assert_int_eq(output_open(&out, "table", &options, &err), OK);
	ck_assert_int_eq(output_begin(out, "test", NULL, &err), OK);
	ck_assert_int_eq(output_section(out, &section, &err), OK);
	for (i = 0; i < cases[_i].rows; i++)
		ck_assert_int_eq(output_row(out, cells[i], &err), OK);
	ck_assert_int_eq(output_end(out, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(options.to), 0);
	ck_assert_str_eq(text, cases[_i].text);
	free(text);
}
END_TEST

static const struct column alike[] = {
    {"source", "Source", CELL_TEXT, 0, 10},
    {"failing", "Failing", CELL_INTEGER, 0, 0},
    {"day", "Day", CELL_DAY, 1, 0},
    {"spf", "SPF", CELL_TEXT, 2, 12},
    {"reasons", "Reasons", CELL_LIST, 0, 0},
};
enum { ALIKE = sizeof alike / sizeof *alike };

static const struct {
	size_t width, rows;
	const char *text;
} sames[] = {
    /* it takes no room from a text that would be cut for it; nothing is said of what is empty in all */
    {42, 3,
	"Source\n"
	"one.service.example\n"
	"two.service.example\n"
	"six.service.example\n"
	"In all 3 rows above:  Failing: 7\n"
	"    Day: 2026-01-01  SPF: none\n"},
    /* no column is left out, or two rows are too few for a line about all */
    {48, 3,
	"Source        Failing  Day         SPF   Reasons\n"
	"one.s..ample        7  2026-01-01  none\n"
	"two.s..ample        7  2026-01-01  none\n"
	"six.s..ample        7  2026-01-01  none\n"},
    {42, 2,
	"Source        Failing  Day         Reasons\n"
	"one.s..ample        7  2026-01-01\n"
	"two.s..ample        7  2026-01-01\n"
	"Not shown at this width: spf.\n"},
};

START_TEST(same)
{
	static const char *const names[] = {
	    "one.service.example", "two.service.example", "six.service.example"};
	struct section section = {"rows", NULL, SHAPE_ROWS, false, alike, ALIKE};
	struct output_options options = {.width = sames[_i].width};
	struct cell row[ALIKE] = {
	    {.known = true, .text = {NULL, 19}},
	    {.known = true, .number = 7},
	    {.known = true, .number = 20454},
	    {.known = true, .text = {"none", 4}},
	    {.known = true, .text = {"", 0}},
	};
	struct output *out;
	char *text = NULL;
	size_t len = 0, i;
	struct err err;

	options.to = open_memstream(&text, &len);
	ck_assert_int_eq(output_open(&out, "table", &options, &err), OK);
	ck_assert_int_eq(output_begin(out, "test", NULL, &err), OK);
	ck_assert_int_eq(output_section(out, &section, &err), OK);
	for (i = 0; i < sames[_i].rows; i++) {
		row[0].text.data = names[i];
		ck_assert_int_eq(output_row(out, row, &err), OK);
	}
	ck_assert_int_eq(output_end(out, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(options.to), 0);
	ck_assert_str_eq(text, sames[_i].text);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("table_below");
	TCase *tcase = tcase_create("below");
	SRunner *runner;
	int failed;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	tcase_add_loop_test(tcase, below, 0, sizeof cases / sizeof *cases);
	tcase_add_loop_test(tcase, same, 0, sizeof sames / sizeof *sames);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
