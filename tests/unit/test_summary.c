/* What the program says: messages with hostile text, the summary of an import, the progress line. */
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/summary.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *where, *what, *line;
} messages[] = {
    {"", "plain", "dmarcq: plain\n"},
    {"a", "b", "dmarcq: a: b\n"},
    {"x\033[31m", "y\nz\x7f", "dmarcq: x\\x1b[31m: y\\x0az\\x7f\n"},
    {"gr\xc3\xbc\xc3\x9f", "ok", "dmarcq: gr\xc3\xbc\xc3\x9f: ok\n"},
    {"\xff\xc3", "\xc2\x9b", "dmarcq: \\xff\\xc3: \\u009b\n"},
    {"\xe2\x80\xae", "\r", "dmarcq: \\u202e: \\x0d\n"},
};

START_TEST(message_escaped)
{
	struct err err;
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(to);
	(void)err_set(&err, BAD, "%s", messages[_i].what);
	if (messages[_i].where[0] != '\0')
		(void)err_at(&err, "%s", messages[_i].where);
	message_print(to, &err);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_str_eq(text, messages[_i].line);
	free(text);
}
END_TEST

static const struct {
	struct counts counts;
	const char *people;
	bool again;
} summaries[] = {
    {{.reports = 2, .records = 3, .messages = 4, .rejected = 1},
	"2 reports, 3 records, 4 messages in 0.4 s; 1 rejected\n", true},
    {{0}, "0 reports, 0 records, 0 messages from 0 files in 0.4 s\n", false},
    {{.files = 1, .reports = 1, .records = 1, .messages = 1},
	"1 report, 1 record, 1 message from 1 file in 0.4 s\n", false},
    {{.files = 1210,
	 .reports = 1204,
	 .duplicates = 3,
	 .conflicts = 1,
	 .incomplete = 2,
	 .repaired = 14,
	 .records = 11240,
	 .messages = 98211,
	 .rejected = 2,
	 .skipped = 5},
	"1,204 reports, 11,240 records, 98,211 "
	"messages "
	"from 1,210 files in 0.4 s; 2 incomplete, 14 repaired, 3 duplicates, 1 conflict, 2 rejected, 5 "
	"skipped\n",
	false},
    {{.files = 1000000, .mails = 12, .skipped = 1},
	"0 reports, 0 records, 0 messages from 1,000,000 files with 12 mails in 0.4 s; 1 skipped\n", false},
    {{.files = 9, .mails = 9, .skipped = 9, .letters = {4, 2, 1, 1, 1}, .unchanged = 1},
	"0 reports, 0 records, 0 messages from 9 mails in 0.4 s; 9 skipped (1 lost report, 2 "
	"bounces, "
	"1 out of office, 1 abuse report, 4 other mails), 1 unchanged\n",
	false},
    {{.files = 7, .tls_reports = 1200, .repaired = 1},
	"0 reports, 0 records, 0 messages, 1,200 TLS reports from 7 files in 0.4 s; 1 repaired\n", false},
    {{.files = 4, .failures = 3, .feedback = 1},
	"0 reports, 0 records, 0 messages, 3 failure reports, 1 abuse or other feedback report from 4 files "
	"in "
	"0.4 s\n",
	false},
    {{.files = 9, .conflicts = 2, .messages = UINT64_MAX},
	"0 reports, 0 records, 18,446,744,073,709,551,615 messages from 9 files in 0.4 s; 2 conflicts\n",
	false},
};

START_TEST(summary_for_people)
{
	struct summary summary = {
	    .counts = summaries[_i].counts, .seconds = 0.42, .again = summaries[_i].again};
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(to);
	summary_people(to, &summary);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_str_eq(text, summaries[_i].people);
	free(text);
}
END_TEST

START_TEST(summary_for_programs)
{
	struct summary summary = {
	    .counts = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, {14, 15, 16, 17, 18}, 19, 20, 21},
	    .seconds = 1.2345};
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(to);
	summary_json(to, &summary);
	summary_csv(to, &summary);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_str_eq(text,
	    "{\"files\": 1, \"mails\": 2, \"reports\": 3, \"duplicates\": 4, "
	    "\"conflicts\": 5, \"incomplete\": 6, "
	    "\"repaired\": 7, \"records\": 8, \"messages\": 9, \"rejected\": 10, "
	    "\"skipped\": 11, \"unchanged\": 12, \"failed_sources\": 13, \"bounces\": 15, "
	    "\"automatic_replies\": 16, \"abuse_reports\": 17, \"lost_reports\": 18, "
	    "\"other_mails\": 14, \"tls_reports\": 19, \"failures\": 20, \"feedback\": 21, \"seconds\": "
	    "1.234}\n"
	    "files,mails,reports,duplicates,conflicts,incomplete,repaired,records,"
	    "messages,rejected,skipped,unchanged,failed_sources,bounces,automatic_replies,"
	    "abuse_reports,lost_reports,other_mails,tls_reports,failures,feedback,seconds\r\n"
	    "1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,17,18,14,19,20,21,1.234\r\n");
	free(text);
}
END_TEST

static const struct {
	uint64_t reports, done, total;
	double seconds;
	size_t width;
	const char *line;
} lines[] = {
    {12340, 50, 100, 2, 100, "[##########..........]  50 %  12,340 reports  6,170/s  0:02 left"},
    {12340, 50, 0, 2, 100, "12,340 reports  6,170/s"},
    {0, 0, 10, 0, 100, "[....................]   0 %  0 reports  0/s"},
    {10, 10, 10, 5, 100, "[####################] 100 %  10 reports  2/s  0:00 left"},
    {11, 11, 10, 5, 100, "[####################] 100 %  11 reports  2/s  0:00 left"},
    {1, 1, 3601, 1, 100, "[....................]   0 %  1 reports  1/s  1:00:00 left"},
    {12340, 50, 100, 2, 30, "[##########..........]  50 %  "},
};

START_TEST(progress_text)
{
	struct counts counts = {.reports = lines[_i].reports};
	char line[PROGRESS_TEXT];

	progress_line(line, &counts, lines[_i].done, lines[_i].total, lines[_i].seconds, lines[_i].width);
	ck_assert_str_eq(line, lines[_i].line);
}
END_TEST

/* Into anything but a terminal nothing is drawn. */
START_TEST(progress_quiet)
{
	struct counts counts = {.reports = 5};
	struct progress progress;
	FILE *to = tmpfile();

	ck_assert_ptr_nonnull(to);
	progress_begin(&progress, to, true);
	progress_show(&progress, &counts, 1, 2);
	progress_clear(&progress);
	ck_assert_int_eq(ftell(to), 0);
	ck_assert_int_eq(fclose(to), 0);
}
END_TEST

#define ROWS(array) (int)(sizeof array / sizeof array[0])

int
main(void)
{
	Suite *suite = suite_create("summary");
	TCase *tcase = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tcase, message_escaped, 0, ROWS(messages));
	tcase_add_loop_test(tcase, summary_for_people, 0, ROWS(summaries));
	tcase_add_test(tcase, summary_for_programs);
	tcase_add_loop_test(tcase, progress_text, 0, ROWS(lines));
	tcase_add_test(tcase, progress_quiet);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
