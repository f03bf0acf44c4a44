/* Tables: alignment, what fits a width, what stands below, colours, and text that would harm a terminal. */
#include "output/output.h"
#include "output/table.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
    {"source", "Source", CELL_TEXT, 0, 10},
    {"failing", "Failing", CELL_INTEGER, 0, 0},
    {"share", "Share", CELL_PERCENT, 1, 0},
    {"spf", "SPF", CELL_TEXT, 2, 12},
    {"last_day", "Last day", CELL_DAY, 1, 0},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct cell rows[][COLUMNS] = {
    {
	{.known = true, .text = {"Example Mail Service", 20}},
	{.known = true, .number = 1234567},
	{.known = true, .number = 999, .whole = 1000},
	{.known = true, .text = {"pass bounce.mail.example (not aligned)", 38}},
	{.known = true, .number = 20454},
    },
    {
	{.known = true, .text = {"192.0.2.0/24", 12}},
	{.known = true, .number = 7},
	{.known = true, .number = 1, .whole = 100000},
	{.known = true, .text = {"softfail example.com", 20}},
	{.known = false},
    },
};

static char *
answer(const char *format, const struct section *section, const struct cell *cells, size_t count,
    struct output_options options, const struct window *window)
{
	char *text = NULL;
	size_t len = 0, i;
	struct output *out;
	struct err err;

	options.to = open_memstream(&text, &len);
	ck_assert_int_eq(output_open(&out, format, &options, &err), OK);
	ck_assert_int_eq(output_begin(out, "test", window, &err), OK);
	ck_assert_int_eq(output_section(out, section, &err), OK);
	for (i = 0; i < count; i++)
		ck_assert_int_eq(output_row(out, cells + i * section->count, &err), OK);
	ck_assert_int_eq(output_end(out, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(options.to), 0);
	return text;
}

static char *
table(const struct section *section, const struct cell *cells, size_t count, struct output_options options,
    const struct window *window)
{
	return answer("table", section, cells, count, options, window);
}

static const struct {
	size_t width;
	bool unfold;
	const char *text;
} widths[] = {
    {0, false,
	"Source                  Failing  Share  SPF                                     Last day\n"
	"Example Mail Service  1,234,567  99.9%  pass bounce.mail.example (not aligned)  2026-01-01\n"
	"192.0.2.0/24                  7  <0.1%  softfail example.com                    -\n"},
    /* what stands in brackets goes first, then texts are cut in the middle */
    {80, false,
	"Source                  Failing  Share  SPF                           Last day\n"
	"Example Mail Service  1,234,567  99.9%  pass bounce.mail.example      2026-01-01\n"
	"192.0.2.0/24                  7  <0.1%  softfail example.com          -\n"},
    {60, false,
	"Source           Failing  Share  SPF              Last day\n"
	"Examp..ervice  1,234,567  99.9%  pass b..example  2026-01-01\n"
	"192.0.2.0/24           7  <0.1%  softfa..ple.com  -\n"},
    /* columns of the highest priority leave together and are named, or stand below their row */
    {44, false,
	"Source            Failing  Share  Last day\n"
	"Exampl..ervice  1,234,567  99.9%  2026-01-01\n"
	"192.0.2.0/24            7  <0.1%  -\n"
	"Not shown at this width: spf.\n"},
    {43, true,
	"Source           Failing  Share  Last day\n"
	"Examp..ervice  1,234,567  99.9%  2026-01-01\n"
	"    SPF: pass bounce.mail.example (not\n"
	"    aligned)\n"
	"192.0.2.0/24           7  <0.1%  -\n"
	"    SPF: softfail example.com\n"},
    {32, false,
	"Source                  Failing\n"
	"Example Mail Service  1,234,567\n"
	"192.0.2.0/24                  7\n"
	"Not shown at this width: share,\n"
	"spf, last_day.\n"},
    /* what must stay stays, however narrow it is */
    {10, true, NULL},
};

START_TEST(width_kept)
{
	const struct section section = {"test", NULL, SHAPE_ROWS, widths[_i].unfold, columns, COLUMNS};
	struct output_options options = {.width = widths[_i].width};
	char *text = table(&section, rows[0], 2, options, NULL), *line, *rest;

	if (widths[_i].text != NULL)
		ck_assert_str_eq(text, widths[_i].text);
	else
		ck_assert_ptr_nonnull(strstr(text, "Source        Failing\n"));
	for (line = text; widths[_i].text != NULL && (rest = strchr(line, '\n')) != NULL; line = rest + 1)
		ck_assert(widths[_i].width == 0 || (size_t)(rest - line) <= widths[_i].width);
	free(text);
}
END_TEST

START_TEST(head_bold)
{
	const struct section section = {"test", "Title", SHAPE_ROWS, false, columns, 2};
	struct output_options options = {.colour = true};
	char *text = table(&section, rows[1], 1, options, NULL);

	ck_assert_ptr_nonnull(strstr(text, "\033[1mTitle\033[0m\n"));
	ck_assert_ptr_nonnull(strstr(text, "\033[1mSource"));
	ck_assert_ptr_nonnull(strstr(text, "\n192.0.2.0/24        7\n"));
	free(text);
}
END_TEST

static const struct {
	const char *text, *shown;
} hostile[] = {
    {"\033]0;owned\a", "\\x1b]0;owned\\x07"},
    {"a\nb\tc\rd", "a\\x0ab\\x09c\\x0dd"},
    {"\xc2\x9b"
     "2J",
	"\\u009b2J"},
    {"\xe2\x80\xae"
     "evil",
	"\\u202eevil"},
    {"\xe2\x81\xa9", "\\u2069"},
    {"\xff\xfe", "\\xff\\xfe"},
    {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
    {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
    {"", ""},
    {"-", "-"},
};

START_TEST(hostile_shown)
{
	const struct section section = {"test", NULL, SHAPE_ROWS, false, columns, 1};
	const struct cell cell = {.known = true, .text = str_of(hostile[_i].text)};
	struct output_options options = {0};
	char *text = table(&section, &cell, 1, options, NULL), expected[80];

	(void)snprintf(expected, sizeof expected, "Source\n%s\n", hostile[_i].shown);
	ck_assert_str_eq(text, expected);
	free(text);
}
END_TEST

/* Two columns on the terminal for each of these characters. */
START_TEST(wide_characters_aligned)
{
	const struct section section = {"test", NULL, SHAPE_ROWS, false, columns, 2};
	const struct cell cells[] = {
	    {.known = true, .text = str_of("\xe6\x97\xa5\xe6\x9c\xac")},
	    {.known = true, .number = 5},
	    {.known = true, .text = str_of("ab")},
	    {.known = true, .number = -1234},
	};
	struct output_options options = {0};
	char *text = table(&section, cells, 2, options, NULL);

	ck_assert_str_eq(text, "Source  Failing\n\xe6\x97\xa5\xe6\x9c\xac          5\nab       -1,234\n");
	free(text);
}
END_TEST

/* 10,000 rows are several batches: one head, every row once, in order, the same widths. */
START_TEST(batches_joined)
{
	enum { ROWS = 10000 };
	const struct section section = {"test", NULL, SHAPE_ROWS, false, &columns[1], 1};
	struct cell *cells = calloc(ROWS, sizeof *cells);
	struct output_options options = {0};
	char *text, *line;
	int i;

	ck_assert_ptr_nonnull(cells);
	for (i = 0; i < ROWS; i++) {
		cells[i].known = true;
		cells[i].number = i;
	}
	text = line = table(&section, cells, ROWS, options, NULL);
	ck_assert_int_eq(strncmp(line, "Failing\n", 8), 0);
	for (i = 0, line += 8; i < ROWS; i++, line += 8) {
		char expected[16];

		(void)snprintf(expected, sizeof expected, i < 1000 ? "%7d\n" : "  %d,%03d\n",
		    i < 1000 ? i : i / 1000, i % 1000);
		ck_assert_msg(strncmp(line, expected, 8) == 0, "row %d", i);
	}
	ck_assert_str_eq(line, "");
	free(text);
	free(cells);
}
END_TEST

static const struct column bars[] = {
    {"week", "Week", CELL_DAY, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 1, 0},
    {"bar", "pass|fail", CELL_BAR, 2, 14},
};

#define FULL  "\xe2\x96\x88"
#define LIGHT "\xe2\x96\x91"
static const struct {
	const char *format;
	size_t width;
	bool utf8;
	const char *text;
} bar_forms[] = {
    /* the widest bar: 40 columns for the largest row; 1 of 4,000 is shown, nothing is not, unknown is not */
    {"table", 0, false,
	"Week        Messages  # pass  - fail\n"
	"2026-01-01     4,000  ##############################----------\n"
	"2026-01-02     2,000  ####################\n"
	"2026-01-03         1  -\n"
	"2026-01-04         0\n"
	"2026-01-05         -\n"},
    {"table", 36, true,
	"Week        Messages  " FULL " pass  " LIGHT " fail\n"
	"2026-01-01     4,000  " FULL FULL FULL FULL FULL FULL FULL FULL FULL FULL FULL LIGHT LIGHT LIGHT "\n"
	"2026-01-02     2,000  " FULL FULL FULL FULL FULL FULL FULL "\n"
	"2026-01-03         1  " LIGHT "\n"
	"2026-01-04         0\n"
	"2026-01-05         -\n"},
    /* no room: it goes without a word, because no number goes with it */
    {"table", 35, true,
	"Week        Messages\n"
	"2026-01-01     4,000\n"
	"2026-01-02     2,000\n"
	"2026-01-03         1\n"
	"2026-01-04         0\n"
	"2026-01-05         -\n"},
    {"table", 20, true,
	"Week        Messages\n"
	"2026-01-01     4,000\n"
	"2026-01-02     2,000\n"
	"2026-01-03         1\n"
	"2026-01-04         0\n"
	"2026-01-05         -\n"},
    {"csv", 0, true,
	"week,messages\r\n2026-01-01,4000\r\n2026-01-02,2000\r\n2026-01-03,1\r\n2026-01-04,0\r\n"
	"2026-01-05,\r\n"},
    {"jsonl", 0, true,
	"{\"week\":\"2026-01-01\",\"messages\":4000}\n{\"week\":\"2026-01-02\",\"messages\":2000}\n"
	"{\"week\":\"2026-01-03\",\"messages\":1}\n{\"week\":\"2026-01-04\",\"messages\":0}\n"
	"{\"week\":\"2026-01-05\",\"messages\":null}\n"},
    {"json", 0, true,
	"{\n\"format\": 1,\n\"query\": \"test\",\n\"window\": null,\n\"columns\": [\n"
	"{\"name\": \"week\", \"type\": \"day\"},\n{\"name\": \"messages\", \"type\": \"integer\"}\n],\n"
	"\"rows\": [\n{\"week\":\"2026-01-01\",\"messages\":4000},\n"
	"{\"week\":\"2026-01-02\",\"messages\":2000},\n{\"week\":\"2026-01-03\",\"messages\":1},\n"
	"{\"week\":\"2026-01-04\",\"messages\":0},\n{\"week\":\"2026-01-05\",\"messages\":null}\n]\n}\n"},
};

/* A second part that is there takes at least one column. */
static const struct {
	int64_t number, other;
	size_t width;
	const char *text;
} thin_bars[] = {
    {1000, 0, 10, "##########"},
    {999, 1, 10, "#########-"},
    {500, 1, 10, "####-"},
    {500, 0, 10, "#####"},
    {940, 60, 10, "#########-"},
    {1, 999, 10, "----------"},
    {60, 1, 10, "#-"},
    {1, 1, 10, "#-"},
    {1, 2, 10, "-"},
    {1, 0, 10, "#"},
    {0, 1, 10, "-"},
    {0, 0, 10, ""},
    {999, 1, 1, "-"},
};

START_TEST(second_part_is_shown)
{
	struct cell cell = {
	    .known = true, .number = thin_bars[_i].number, .other = thin_bars[_i].other, .whole = 1000};
	struct arena arena;

	arena_init(&arena);
	ck_assert_str_eq(table_bar(&arena, &cell, thin_bars[_i].width, false), thin_bars[_i].text);
	arena_free(&arena);
}
END_TEST

START_TEST(bars_drawn)
{
	static const int64_t messages[] = {4000, 2000, 1, 0, 0}, failing[] = {1000, 0, 1, 0, 0};
	const struct section section = {"test", NULL, SHAPE_ROWS, false, bars, 3};
	struct output_options options = {.width = bar_forms[_i].width, .utf8 = bar_forms[_i].utf8};
	struct cell cells[5][3] = {0};
	char *text;
	int i;

	for (i = 0; i < 5; i++) {
		cells[i][0] = (struct cell){.known = true, .number = 20454 + i};
		cells[i][1] = (struct cell){.known = i < 4, .number = messages[i]};
		cells[i][2] = (struct cell){
		    .known = i < 4, .number = messages[i] - failing[i], .other = failing[i], .whole = 4000};
	}
	text = answer(bar_forms[_i].format, &section, cells[0], 5, options, NULL);
	ck_assert_str_eq(text, bar_forms[_i].text);
	free(text);
}
END_TEST

static const struct column sparse[] = {
    {"source", "Source", CELL_TEXT, 0, 0},
    {"np", "np", CELL_TEXT, 1 + COLUMN_SPARSE, 0},
    {"failing", "Failing", CELL_INTEGER, 2 + COLUMN_SPARSE, 0},
    {"partial", "Partial", CELL_MARK, COLUMN_SPARSE, 0},
};

static const struct {
	const char *format;
	size_t width;
	bool unfold, np, failing, partial;
	const char *text;
} sparse_forms[] = {
    {"table", 0, true, true, true, true,
	"Source  np      Failing  Partial\na       -            10  yes\nb       reject       11\n"},
    /* what no row knows is not there */
    {"table", 0, true, false, true, true,
	"Source  Failing  Partial\na            10  yes\nb            11\n"},
    {"table", 0, false, false, false, true, "Source  Partial\na       yes\nb\n"},
    {"table", 0, true, true, true, false,
	"Source  np      Failing\na       -            10\nb       reject       11\n"},
    /* and is not named with what has no room */
    {"table", 20, false, false, true, true,
	"Source  Partial\na       yes\nb\nNot shown at this width:\nfailing.\n"},
    {"table", 20, true, false, true, true,
	"Source  Partial\na       yes\n    Failing: 10\nb\n    Failing: 11\n"},
    /* programs get it all */
    {"csv", 0, true, false, true, true, "source,np,failing,partial\r\na,,10,true\r\nb,,11,false\r\n"},
};

START_TEST(sparse_left_out)
{
	const struct section section = {"test", NULL, SHAPE_ROWS, sparse_forms[_i].unfold, sparse, 4};
	struct output_options options = {.width = sparse_forms[_i].width};
	const struct cell cells[2][4] = {
	    {{.known = true, .text = str_of("a")}, {.known = false},
		{.known = sparse_forms[_i].failing, .number = 10},
		{.known = true, .number = sparse_forms[_i].partial}},
	    {{.known = true, .text = str_of("b")}, {.known = sparse_forms[_i].np, .text = str_of("reject")},
		{.known = sparse_forms[_i].failing, .number = 11}, {.known = true, .number = 0}},
	};
	char *text = answer(sparse_forms[_i].format, &section, cells[0], 2, options, NULL);

	ck_assert_str_eq(text, sparse_forms[_i].text);
	free(text);
}
END_TEST

START_TEST(sections_apart)
{
	static const struct column fields[] = {
	    {"name", "Name", CELL_TEXT, 0, 0},
	    {"long_name", "Longer name", CELL_INTEGER, 0, 0},
	    {"odd", "Odd", CELL_INTEGER, 1, 0},
	    {"missing", "Missing", CELL_TEXT, 0, 0},
	};
	static const struct section sections[] = {
	    {"object", "Object", SHAPE_OBJECT, false, fields, 4},
	    {"empty", "Empty", SHAPE_LIST, false, fields, 1},
	    {"rows", NULL, SHAPE_ROWS, false, fields, 1},
	    {"value", NULL, SHAPE_VALUE, false, &fields[1], 1},
	};
	static const struct cell cells[] = {
	    {.known = true, .text = {"x", 1}},
	    {.known = true, .number = 0},
	    {.known = true, .number = 0},
	    {.known = false},
	};
	char *text = NULL;
	size_t len = 0, i;
	struct output_options options = {.to = open_memstream(&text, &len)};
	const struct window window = {true, 20454, 20455};
	struct output *out;
	struct err err;

	ck_assert_int_eq(output_open(&out, "table", &options, &err), OK);
	ck_assert_int_eq(output_begin(out, "test", &window, &err), OK);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(output_section(out, &sections[i], &err), OK);
		if (i != 1)
			ck_assert_int_eq(output_row(out, i == 3 ? &cells[1] : cells, &err), OK);
	}
	ck_assert_int_eq(output_end(out, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(options.to), 0);
	ck_assert_str_eq(text, "2026-01-01 to 2026-01-02 (UTC days)\n\n"
			       "Object\n  Name:        x\n  Longer name: 0\n\nName\nx\n\nLonger name: 0\n");
	free(text);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("table");
	Suite *suite = suite_create("output_table");
	SRunner *runner = srunner_create(suite);
	int failed;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, width_kept, 0, sizeof widths / sizeof *widths);
	tcase_add_test(tcase, head_bold);
	tcase_add_loop_test(tcase, hostile_shown, 0, sizeof hostile / sizeof *hostile);
	tcase_add_test(tcase, wide_characters_aligned);
	tcase_add_test(tcase, batches_joined);
	tcase_add_loop_test(tcase, second_part_is_shown, 0, sizeof thin_bars / sizeof *thin_bars);
	tcase_add_loop_test(tcase, bars_drawn, 0, sizeof bar_forms / sizeof *bar_forms);
	tcase_add_loop_test(tcase, sparse_left_out, 0, sizeof sparse_forms / sizeof *sparse_forms);
	tcase_add_test(tcase, sections_apart);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
