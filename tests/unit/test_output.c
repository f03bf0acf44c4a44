/* The formats against exact bytes: CSV, JSON, JSON lines; and what happens when they can't be written. */
#include "base/mem.h"
#include "output/output.h"

#include <check.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct column all_columns[] = {
    {"name", "Name", CELL_TEXT, 0, 0},
    {"count", "Count", CELL_INTEGER, 0, 0},
    {"share", "Share", CELL_PERCENT, 0, 0},
    {"size", "Size", CELL_BYTES, 0, 0},
    {"day", "Day", CELL_DAY, 0, 0},
    {"at", "At", CELL_TIME, 0, 0},
    {"cut", "Cut", CELL_FLAG, 0, 0},
    {"results", "Results", CELL_LIST, 0, 0},
    {"id", "ID", CELL_ID, 0, 0},
};
enum { ALL = sizeof all_columns / sizeof *all_columns };
static const struct section all_section = {"things", NULL, SHAPE_ROWS, false, all_columns, ALL};

static const char *const keys[] = {"domain", "result"};
static const struct str values[] = {{"a.example", 9}, {"pass", 4}, {"b.example", 9}, {NULL, 0}};
static const struct list two = {keys, 2, 2, values};

static const struct cell known[ALL] = {
    {.known = true, .text = {"example.com", 11}},
    {.known = true, .number = -5},
    {.known = true, .number = 1, .whole = 3},
    {.known = true, .number = 1234567},
    {.known = true, .number = 20454},
    {.known = true, .number = 1767225599},
    {.known = true, .number = 1},
    {.known = true, .text = {"a.example=pass; b.example=unknown", 33}, .list = &two},
    {.known = true, .number = 98765},
};
static const struct cell unknown[ALL];

/* Writes rows of a section in a format; the text is the caller's. */
static char *
written(const char *format, const struct section *section, const struct cell *const *rows, size_t count,
    const struct window *window)
{
	char *text = NULL;
	size_t len = 0, i;
	FILE *to = open_memstream(&text, &len);
	struct output_options options = {.to = to};
	struct output *out;
	struct err err;

	ck_assert_int_eq(output_open(&out, format, &options, &err), OK);
	ck_assert_int_eq(output_begin(out, "test", window, &err), OK);
	ck_assert_int_eq(output_section(out, section, &err), OK);
	for (i = 0; i < count; i++)
		ck_assert_int_eq(output_row(out, rows[i], &err), OK);
	ck_assert_int_eq(output_end(out, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(to), 0);
	return text;
}

START_TEST(csv_types)
{
	const struct cell *const rows[] = {known, unknown};
	char *text = written("csv", &all_section, rows, 2, NULL);

	ck_assert_str_eq(text, "name,count,share,size,day,at,cut,results,id\r\n"
			       "example.com,-5,33.3333,1234567,2026-01-01,2025-12-31T23:59:59Z,true,"
			       "a.example=pass; b.example=unknown,98765\r\n"
			       ",,,,,,,,\r\n");
	free(text);
}
END_TEST

/* A block that was written before is known by its key, and its cells are not looked at. */
START_TEST(blocks)
{
	static const char *const formats[] = {"csv", "jsonl", "json"};
	const struct section section = {"things", NULL, SHAPE_ROWS, false, all_columns, 3};
	struct cell first[3] = {{.known = true, .text = {"a\"b", 3}, .span = 2, .key = 7},
	    {.known = true, .number = 5}, {.known = true, .number = 1, .whole = 4}};
	struct cell again[3] = {{.span = 2, .key = 7}, {0}, {.known = true, .number = 2, .whole = 4}};
	struct cell other[3] = {{.span = 2, .key = 8}, {0}, {0}};
	struct cell plain[3] = {{.known = true, .text = {"a\"b", 3}}, {.known = true, .number = 5},
	    {.known = true, .number = 2, .whole = 4}};
	const struct cell *const with[] = {first, again, other, again}, *const without[] = {
									    first, plain, other, plain};
	const struct cell *const run[] = {first, again, again, other, first};
	const struct cell *const bare[] = {first, plain, plain, other, first};
	char *a = written(formats[_i], &section, with, 4, NULL), *b;

	first[0].span = other[0].span = 0;
	b = written(formats[_i], &section, without, 4, NULL);
	ck_assert_str_eq(a, b);
	free(a);
	free(b);
	/* A run: known in the rows behind, and not any more behind another one. */
	first[0].span = other[0].span = 2;
	first[0].run = again[0].run = other[0].run = true;
	a = written(formats[_i], &section, run, 5, NULL);
	first[0].span = other[0].span = 0;
	b = written(formats[_i], &section, bare, 5, NULL);
	ck_assert_str_eq(a, b);
	free(a);
	free(b);
}
END_TEST

static int
add_length(void *data, const char *bytes, size_t len)
{
	(void)bytes;
	*(size_t *)data += len;
	return 0;
}

/* Blocks are kept in bounded memory: after many large ones the first is not known any more. */
START_TEST(blocks_are_forgotten)
{
	enum { LARGE = 50000, MANY = 1200 };
	const struct section section = {"things", NULL, SHAPE_ROWS, false, all_columns, 1};
	struct cell cell = {.known = true, .text = {mem_zero(1, LARGE), LARGE}, .span = 1};
	size_t len = 0;
	const struct output_options options = {.put = add_length, .data = &len};
	bool all_known = true;
	struct output *out;
	struct err err;

	memset((char *)(uintptr_t)cell.text.data, 'x', LARGE);
	ck_assert_int_eq(output_open(&out, "csv", &options, &err), OK);
	ck_assert_int_eq(output_section(out, &section, &err), OK);
	for (cell.key = 1; cell.key <= MANY; cell.key++) {
		ck_assert(!output_knows(out, 0, cell.key));
		ck_assert_int_eq(output_row(out, &cell, &err), OK);
		all_known = all_known && output_knows(out, 0, 1);
	}
	ck_assert(!all_known);
	ck_assert_int_eq(output_end(out, &err), OK);
	ck_assert_uint_eq(len, strlen("name\r\n") + (size_t)MANY * (LARGE + 2));
	output_close(out);
	free((char *)(uintptr_t)cell.text.data);
}
END_TEST

START_TEST(json_types)
{
	const struct cell *const rows[] = {known, unknown};
	const struct window window = {true, 20454, 20484};
	char *text = written("json", &all_section, rows, 2, &window);
	json_t *json = json_loads(text, 0, NULL), *row;

	ck_assert_ptr_nonnull(json);
	ck_assert_int_eq(json_integer_value(json_object_get(json, "format")), 1);
	ck_assert_str_eq(json_string_value(json_object_get(json, "query")), "test");
	row = json_object_get(json, "window");
	ck_assert_str_eq(json_string_value(json_object_get(row, "since")), "2026-01-01");
	ck_assert_str_eq(json_string_value(json_object_get(row, "until")), "2026-01-31");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "columns")), ALL);
	row = json_array_get(json_object_get(json, "columns"), 2);
	ck_assert_str_eq(json_string_value(json_object_get(row, "name")), "share");
	ck_assert_str_eq(json_string_value(json_object_get(row, "type")), "percent");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "rows")), 2);
	json_decref(json);
	ck_assert_ptr_nonnull(strstr(text, "{\"name\":\"example.com\",\"count\":-5,\"share\":33.3333,"
					   "\"size\":1234567,\"day\":\"2026-01-01\","
					   "\"at\":\"2025-12-31T23:59:59Z\",\"cut\":true,"
					   "\"results\":[{\"domain\":\"a.example\",\"result\":\"pass\"},"
					   "{\"domain\":\"b.example\",\"result\":null}],\"id\":98765},\n"
					   "{\"name\":null,\"count\":null,\"share\":null,\"size\":null,"
					   "\"day\":null,\"at\":null,\"cut\":null,\"results\":null,"
					   "\"id\":null}\n"));
	free(text);
}
END_TEST

START_TEST(json_without_rows)
{
	const struct window window = {false, 0, 0};
	char *text = written("json", &all_section, NULL, 0, &window);
	json_t *json = json_loads(text, 0, NULL);

	ck_assert_ptr_nonnull(json);
	ck_assert(json_is_null(json_object_get(json_object_get(json, "window"), "since")));
	ck_assert_uint_eq(json_array_size(json_object_get(json, "rows")), 0);
	json_decref(json);
	free(text);
}
END_TEST

START_TEST(jsonl_rows)
{
	const struct cell *const rows[] = {unknown, unknown};
	const struct section section = {"things", NULL, SHAPE_ROWS, false, all_columns, 2};
	char *text = written("jsonl", &section, rows, 2, NULL);

	ck_assert_str_eq(text, "{\"name\":null,\"count\":null}\n{\"name\":null,\"count\":null}\n");
	free(text);
}
END_TEST

/* The same text in CSV and JSON. */
static const struct {
	const char *text, *csv, *json;
} texts[] = {
    {"", "", "\"\""},
    {"a b", "a b", "\"a b\""},
    {" a", "\" a\"", "\" a\""},
    {"a ", "\"a \"", "\"a \""},
    {"a,b", "\"a,b\"", "\"a,b\""},
    {"say \"hi\"", "\"say \"\"hi\"\"\"", "\"say \\\"hi\\\"\""},
    {"\"", "\"\"\"\"", "\"\\\"\""},
    {"one\ntwo", "\"one\ntwo\"", "\"one\\u000atwo\""},
    {"one\r\ntwo", "\"one\r\ntwo\"", "\"one\\u000d\\u000atwo\""},
    {"back\\slash", "back\\slash", "\"back\\\\slash\""},
    /* formulas */
    {"=1+1", "\"'=1+1\"", "\"=1+1\""},
    {"+1", "\"'+1\"", "\"+1\""},
    {"-1", "\"'-1\"", "\"-1\""},
    {"@SUM(A1)", "\"'@SUM(A1)\"", "\"@SUM(A1)\""},
    {"\t=1", "\"'\t=1\"", "\"\\u0009=1\""},
    {"\r=1", "\"'\r=1\"", "\"\\u000d=1\""},
    {"\n=1", "\"'\n=1\"", "\"\\u000a=1\""},
    {"=\"x\"", "\"'=\"\"x\"\"\"", "\"=\\\"x\\\"\""},
    {"\xef\xbc\x9d"
     "1",
	"\"'\xef\xbc\x9d"
	"1\"",
	"\"\xef\xbc\x9d"
	"1\""},
    {"a=1", "a=1", "\"a=1\""},
    /* what a terminal would obey */
    {"\033[31mred", "\"\\x1b[31mred\"", "\"\\u001b[31mred\""},
    {"bell\a", "\"bell\\x07\"", "\"bell\\u0007\""},
    {"\x7f", "\"\\x7f\"", "\"\\u007f\""},
    {"\xc2\x9b"
     "31m",
	"\"\\u009b31m\"", "\"\\u009b31m\""},
    {"\xe2\x80\xae"
     "abc",
	"\"\\u202eabc\"", "\"\\u202eabc\""},
    {"a\xe2\x81\xa6", "\"a\\u2066\"", "\"a\\u2066\""},
    {"\xf3\xa0\x80\x81", "\"\\U000e0001\"", "\"\\udb40\\udc01\""},
    /* UTF-8, good and bad */
    {"gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"", "\"gr\xc3\xbc\xc3\x9f\""},
    {"\xff", "\"\\xff\"", "\"\\\\xff\""},
    {"a\xc3", "\"a\\xc3\"", "\"a\\\\xc3\""},
    {"\xed\xa0\x80", "\"\\xed\\xa0\\x80\"", "\"\\\\xed\\\\xa0\\\\x80\""},
};

START_TEST(text_escaped)
{
	const struct section section = {"things", NULL, SHAPE_ROWS, false, all_columns, 1};
	const struct cell cell = {.known = true, .text = str_of(texts[_i].text)};
	const struct cell *const rows[] = {&cell};
	char *text = written("csv", &section, rows, 1, NULL), expected[128];
	json_t *json;

	(void)snprintf(expected, sizeof expected, "name\r\n%s\r\n", texts[_i].csv);
	ck_assert_str_eq(text, expected);
	free(text);
	text = written("jsonl", &section, rows, 1, NULL);
	(void)snprintf(expected, sizeof expected, "{\"name\":%s}\n", texts[_i].json);
	ck_assert_str_eq(text, expected);
	json = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(json);
	json_decref(json);
	free(text);
}
END_TEST

static const struct {
	int64_t number, whole;
	const char *csv;
} percents[] = {
    {0, 7, "0"},
    {7, 7, "100"},
    {1, 2, "50"},
    {1, 8, "12.5"},
    {2, 3, "66.6667"},
    {1, 100000, "0.001"},
    {99999, 100000, "99.999"},
};

START_TEST(percent_exact)
{
	const struct section section = {"things", NULL, SHAPE_ROWS, false, &all_columns[2], 1};
	const struct cell cell = {.known = true, .number = percents[_i].number, .whole = percents[_i].whole};
	const struct cell *const rows[] = {&cell};
	char *text = written("csv", &section, rows, 1, NULL), expected[64];

	(void)snprintf(expected, sizeof expected, "share\r\n%s\r\n", percents[_i].csv);
	ck_assert_str_eq(text, expected);
	free(text);
}
END_TEST

static const struct {
	int64_t seconds;
	const char *csv;
} times[] = {
    {0, "1970-01-01T00:00:00Z"},
    {-1, "1969-12-31T23:59:59Z"},
    {951827696, "2000-02-29T12:34:56Z"},
    {253402300799, "9999-12-31T23:59:59Z"},
    {253402300800, "@253402300800"},
};

START_TEST(time_exact)
{
	const struct section section = {"things", NULL, SHAPE_ROWS, false, &all_columns[5], 1};
	const struct cell cell = {.known = true, .number = times[_i].seconds};
	const struct cell *const rows[] = {&cell};
	char *text = written("csv", &section, rows, 1, NULL);

	/* '@' in front is for people only: a spreadsheet gets it as it is because it is no text from outside
	 */
	ck_assert_ptr_nonnull(strstr(text, times[_i].csv));
	ck_assert_uint_eq(strlen(text), strlen("at\r\n\r\n") + strlen(times[_i].csv));
	free(text);
}
END_TEST

/* An answer of all shapes: CSV has the rows alone, JSON a key for each section. */
START_TEST(shapes)
{
	static const struct section sections[] = {
	    {"about", "About", SHAPE_OBJECT, false, all_columns, 2},
	    {"nothing", "Nothing", SHAPE_OBJECT, false, all_columns, 2},
	    {"more", "More", SHAPE_LIST, false, all_columns, 1},
	    {"things", NULL, SHAPE_ROWS, false, all_columns, 1},
	    {"number", NULL, SHAPE_VALUE, false, &all_columns[1], 1},
	};
	static const size_t counts[] = {1, 0, 2, 1, 1};
	static const char *const expected[] = {
	    "name\r\nexample.com\r\n",
	    "{\n\"format\": 1,\n\"query\": \"test\",\n\"window\": null,\n"
	    "\"about\": {\"name\":\"example.com\",\"count\":-5},\n\"nothing\": null,\n"
	    "\"more\": [\n{\"name\":\"example.com\"},\n{\"name\":\"example.com\"}\n],\n"
	    "\"columns\": [\n{\"name\": \"name\", \"type\": \"text\"}\n],\n"
	    "\"rows\": [\n{\"name\":\"example.com\"}\n],\n\"number\": -5\n}\n",
	};
	const char *format = _i == 0 ? "csv" : "json";
	char *text = NULL;
	size_t len = 0, i, k;
	FILE *to = open_memstream(&text, &len);
	struct output_options options = {.to = to};
	struct output *out;
	struct err err;

	ck_assert_int_eq(output_open(&out, format, &options, &err), OK);
	ck_assert_int_eq(output_begin(out, "test", NULL, &err), OK);
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(output_section(out, &sections[i], &err), OK);
		for (k = 0; k < counts[i]; k++)
			ck_assert_int_eq(output_row(out, i == 4 ? &known[1] : known, &err), OK);
	}
	ck_assert_int_eq(output_end(out, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_str_eq(text, expected[_i]);
	free(text);
}
END_TEST

/* More than the buffer, and a file that takes nothing. */
START_TEST(full_disk)
{
	FILE *to = fopen("/dev/full", "w");
	struct output_options options = {.to = to, .name = "a.csv"};
	enum status status;
	struct output *out;
	struct err err;
	size_t i;

	ck_assert_ptr_nonnull(to);
	ck_assert_int_eq(output_open(&out, "csv", &options, &err), OK);
	ck_assert_int_eq(output_begin(out, "test", NULL, &err), OK);
	status = output_section(out, &all_section, &err);
	for (i = 0; status == OK && i < 100000; i++)
		status = output_row(out, known, &err);
	ck_assert_int_eq(status, FATAL);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_IO);
	ck_assert_str_eq(err.what, "cannot write: No space left on device");
	ck_assert_str_eq(err.where, "a.csv");
	/* once failed, it stays failed */
	err.status = OK;
	ck_assert_int_eq(output_end(out, &err), FATAL);
	output_close(out);
	(void)fclose(to);
}
END_TEST

START_TEST(long_text_whole)
{
	const struct section section = {"things", NULL, SHAPE_ROWS, false, all_columns, 1};
	const size_t len = 200000;
	char *long_text = malloc(len + 1), *text;
	struct cell cell = {.known = true};
	const struct cell *const rows[] = {&cell};

	memset(long_text, 'x', len);
	long_text[len] = '\0';
	cell.text = str_of(long_text);
	text = written("csv", &section, rows, 1, NULL);
	ck_assert_uint_eq(strlen(text), len + strlen("name\r\n\r\n"));
	ck_assert_int_eq(memcmp(text + 6, long_text, len), 0);
	free(text);
	free(long_text);
}
END_TEST

START_TEST(format_unknown)
{
	struct output_options options = {.to = stdout};
	struct output *out;
	struct err err;

	ck_assert_int_eq(output_open(&out, "xml", &options, &err), BAD);
	ck_assert_ptr_null(out);
	ck_assert_str_eq(err.what, "there is no format \"xml\": table, csv, json or jsonl");
	output_close(NULL);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("formats");
	Suite *suite = suite_create("output");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, csv_types);
	tcase_add_loop_test(tcase, blocks, 0, 3);
	tcase_add_test(tcase, blocks_are_forgotten);
	tcase_add_test(tcase, json_types);
	tcase_add_test(tcase, json_without_rows);
	tcase_add_test(tcase, jsonl_rows);
	tcase_add_loop_test(tcase, text_escaped, 0, sizeof texts / sizeof *texts);
	tcase_add_loop_test(tcase, percent_exact, 0, sizeof percents / sizeof *percents);
	tcase_add_loop_test(tcase, time_exact, 0, sizeof times / sizeof *times);
	tcase_add_loop_test(tcase, shapes, 0, 2);
	tcase_add_test(tcase, full_disk);
	tcase_add_test(tcase, long_text_whole);
	tcase_add_test(tcase, format_unknown);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
