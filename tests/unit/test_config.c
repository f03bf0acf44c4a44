/* The configuration file: what it sets, and every mistake that it can hold, told at once and word for word.
 */
#include "config/config.h"
#include "unit/drain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST = 4000 /* bytes of a line */, LARGEST = 1048576 /* of a file */ };

/* A section with names beside those of the program. */
static bool
box_key(struct config_key *key, size_t i)
{
	static const struct config_key keys[] = {
	    {"folder", CONFIG_PATH, 0, 0, 0, NULL, "where"},
	    {"batch", CONFIG_NUMBER, 50, 1, 1000, "mails", "how many"},
	};

	if (i >= sizeof keys / sizeof *keys)
		return false;
	*key = keys[i];
	return true;
}
static const struct config_section box = {"box", true, box_key};
static const struct config_section *sections[8];

static char path[] = "/tmp/dmarcq-config-XXXXXX";

static void
make_file(const void *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

static void
setup(void)
{
	size_t i;
	int fd;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	for (i = 0; config_sections[i] != NULL; i++)
		sections[i] = config_sections[i];
	sections[i] = &box;
	ck_assert_int_eq(setenv("HOME", "/away", 1), 0);
}

static void
teardown(void)
{
	(void)unlink(path);
}

/* "LINE: text" of each mistake, a line each. */
static void
expect_mistakes(const struct config *config, const char *expected)
{
	static char text[65536];
	size_t used = 0, i;

	text[0] = '\0';
	for (i = 0; i < config->mistake_count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%zu: %s\n",
		    config->mistakes[i].line, config->mistakes[i].text);
	ck_assert_str_eq(text, expected);
}

static void
read_text(struct config *config, const char *text, size_t len)
{
	struct err err;

	make_file(text, len);
	config_init(config, sections);
	ck_assert_int_eq(config_read(config, path, &err), OK);
}

static const struct {
	const char *text, *mistakes;
} files[] = {
    {"", ""},
    {"\n \n\t\r\n# all\n; is\n   # comment\n", ""},
    {"[kpi]", ""},
    {"\xef\xbb\xbf[kpi]\r\nspf-pass = 1\r\n", ""},
    {"[ kpi ]  \nspf-pass : 1", ""},
    {"[limits]\n  nesting=3\n    members = 3\n", ""},
    {"[box a]\nbatch = 1\n[box b]\nbatch = 2\n", ""},
    {"db = /x\n", "1: db: stands before any [section]\n"},
    {"[dmarcq]\ndatabase = /x\n", "2: [dmarcq] database: no such setting\n"},
    {"[kpi]\nspf-pas = 1\n", "2: [kpi] spf-pas: no such setting; did you mean spf-pass?\n"},
    {"[kpi]\nSPF-pass = 1\n", "2: [kpi] SPF-pass: no such setting; did you mean spf-pass?\n"},
    {"[limits]\nnesting = 1\nnesting = 2\n", "3: [limits] nesting: given twice, first in line 2\n"},
    {"[limits]\nnesting = x\nnesting = 2\n",
	"2: [limits] nesting: not a whole number of levels from 1 to 64: \"x\"\n"
	"3: [limits] nesting: given twice, first in line 2\n"},
    {"[limits]\nnesting =\n", "2: [limits] nesting: nothing stands behind the =\n"},
    {"[limits]\nnesting = 65\nmembers = -1\nrecords = 5 ; or 6\nwait-seconds = 0x10\n",
	"2: [limits] nesting: not a whole number of levels from 1 to 64: \"65\"\n"
	"3: [limits] members: not a whole number of members from 1 to 1000000: \"-1\"\n"
	"4: [limits] records: a comment stands in a line of its own, not behind a value\n"
	"5: [limits] wait-seconds: not a whole number of seconds from 0 to 86400: \"0x10\"\n"},
    {"[kpi]\nspf-pass = 100.0001\nspf-aligned = 1.23456\ndkim-signed = .5\ndkim-aligned = 5.\n"
     "dmarc-pass = -1\nforwarded = None\npolicy-acted = 1,5\ndays-reported = 1e1\n",
	"2: [kpi] spf-pass: not a percentage from 0 to 100, nor none: \"100.0001\"\n"
	"3: [kpi] spf-aligned: not a percentage from 0 to 100, nor none: \"1.23456\"\n"
	"4: [kpi] dkim-signed: not a percentage from 0 to 100, nor none: \".5\"\n"
	"5: [kpi] dkim-aligned: not a percentage from 0 to 100, nor none: \"5.\"\n"
	"6: [kpi] dmarc-pass: not a percentage from 0 to 100, nor none: \"-1\"\n"
	"7: [kpi] forwarded: not a percentage from 0 to 100, nor none: \"None\"\n"
	"8: [kpi] policy-acted: not a percentage from 0 to 100, nor none: \"1,5\"\n"
	"9: [kpi] days-reported: not a percentage from 0 to 100, nor none: \"1e1\"\n"},
    {"[advice]\nfailing = 2 0.5\nvolume = 100 \t 200\nlists = 3%\nreview = 1% 0.5 %\nparked = example.org "
     "a.example\n",
	""},
    {"[advice]\nfailing = 2 0.5 1\nvolume = 100 -2\nlists = none\nreview = 1% x\nconfidence = 100\nintra = "
     "none\n"
     "history-days = 28 4000\nparked = a.example, b.example\n",
	"2: [advice] failing: not a percentage from 0 to 100, nor two (to quarantine, to reject): \"2 0.5 "
	"1\"\n"
	"3: [advice] volume: not a whole number of messages from 0 to 1000000000, nor two (to quarantine, to "
	"reject): \"100 -2\"\n"
	"4: [advice] lists: not a percentage from 0 to 100, nor two (to quarantine, to reject): \"none\"\n"
	"5: [advice] review: not a percentage from 0 to 100, nor two (to quarantine, to reject): \"1% x\"\n"
	"6: [advice] confidence: not a percentage from 50 to 99.9: \"100\"\n"
	"7: [advice] intra: not a percentage from 0 to 99: \"none\"\n"
	"8: [advice] history-days: not a whole number of days from 0 to 3650, nor two (to quarantine, to "
	"reject): \"28 4000\"\n"
	"9: [advice] parked: words stand with blanks between, without quotes and commas: \"a.example, "
	"b.example\"\n"},
    {"[dmarcq]\ndb = x.db\n",
	"2: [dmarcq] db: neither an absolute path nor one that begins with ~/: \"x.db\"\n"},
    {"[dmarcq]\ndb = \"/x.db\"\n", "2: [dmarcq] db: a path stands without quotes: \"\"/x.db\"\"\n"},
    {"[dmarcq]\ndb = ~you/x\n",
	"2: [dmarcq] db: neither an absolute path nor one that begins with ~/: \"~you/x\"\n"},
    {"[limit]\nanything = 1\nat all\n[nonsense]\n",
	"1: [limit]: no such section; did you mean [limits]?\n"
	"4: [nonsense]: no such section; there are [dmarcq], [kpi], [advice], [limits], "
	"[mailbox], [box]\n"},
    {"[kpi]\n[limits]\n[kpi]\nforwarded = x\nnonsense = 1\n",
	"3: [kpi]: given twice, first in line 1\n"
	"4: [kpi] forwarded: not a percentage from 0 to 100, nor none: \"x\"\n5: [kpi] nonsense: no such "
	"setting\n"},
    {"[box a]\nbatch = 5\n[box a]\nbatch = 7\nbatch = 0\n",
	"3: [box a]: given twice, first in line 1\n"
	"5: [box a] batch: not a whole number of mails from 1 to 1000: \"0\"\n"},
    {"[kpi]\nsilent-days = none\n", ""},
    {"[kpi]\nsilent-days = 0\n",
	"2: [kpi] silent-days: not a whole number of days from 1 to 36500, nor none: \"0\"\n"},
    {"[kpi x]\n[box]\n[box a]\n[box  a]\n[box a b]\n",
	"1: [kpi]: takes no name: \"x\"\n2: [box]: a name is missing: [box NAME]\n"
	"4: [box a]: given twice, first in line 3\n"},
    {"[box a]\nbatch = 0\nbatsh = 1\n[box b]\nbatch = 0\n",
	"2: [box a] batch: not a whole number of mails from 1 to 1000: \"0\"\n"
	"3: [box a] batsh: no such setting; did you mean batch?\n"
	"5: [box b] batch: not a whole number of mails from 1 to 1000: \"0\"\n"},
    {"[kpi\n[]\n[ ]\n[kpi] x\n[kpi];\nspf-pass = x\n",
	"1: not a [SECTION] alone in its line: \"[kpi\"\n2: not a [SECTION] alone in its line: \"[]\"\n"
	"3: not a [SECTION] alone in its line: \"[ ]\"\n4: not a [SECTION] alone in its line: \"[kpi] x\"\n"
	"5: not a [SECTION] alone in its line: \"[kpi];\"\n"},
    {"[kpi]\nspf-pass 99\n= 3\n\x1b]0;x\n", "2: [kpi] neither [SECTION] nor NAME = VALUE: \"spf-pass 99\"\n"
					    "3: [kpi] neither [SECTION] nor NAME = VALUE: \"= 3\"\n"
					    "4: [kpi] neither [SECTION] nor NAME = VALUE: \"\x1b]0;x\"\n"},
    /* A value does not go on in the next line. */
    {"[dmarcq]\ndb = /x\n  and more\n", "3: [dmarcq] neither [SECTION] nor NAME = VALUE: \"  and more\"\n"},
};

START_TEST(mistakes)
{
	struct config config;

	read_text(&config, files[_i].text, strlen(files[_i].text));
	expect_mistakes(&config, files[_i].mistakes);
	config_free(&config);
}
END_TEST

START_TEST(nul_bytes)
{
	static const char text[] = "[kpi]\nspf\0-pass = 1\n\0\nspf-pass = x\n";
	struct config config;

	read_text(&config, text, sizeof text - 1);
	expect_mistakes(&config, "2: [kpi] holds a NUL byte: this is no text in UTF-8\n"
				 "3: [kpi] holds a NUL byte: this is no text in UTF-8\n"
				 "4: [kpi] spf-pass: not a percentage from 0 to 100, nor none: \"x\"\n");
	config_free(&config);
}
END_TEST

/* The longest line that may be, and one that is a byte longer; with and without an end. */
START_TEST(long_lines)
{
	enum { BEGIN = 14 };
	static char text[3 * LONGEST];
	const bool ended = _i % 2 == 1, too_long = _i >= 2;
	const size_t line = LONGEST + (too_long ? 1 : 0);
	const struct setting *db;
	struct config config;

	memset(text, 'x', sizeof text);
	memcpy(text, "[dmarcq]\ndb=/x", BEGIN);
	text[9 + line] = '\n';
	read_text(&config, text, 9 + line + (ended ? 1 : 0));
	expect_mistakes(&config, too_long ? "2: [dmarcq] longer than 4000 bytes\n" : "");
	db = config_find(&config, "dmarcq", NULL, "db");
	if (too_long)
		ck_assert_ptr_null(db->text);
	else
		ck_assert_uint_eq(strlen(db->text), line - 3);
	config_free(&config);
}
END_TEST

START_TEST(long_names)
{
	static char text[2000], expected[400], shown[101];
	struct config config;

	memset(text, 'n', sizeof text);
	memcpy(text, "[box ", 5);
	memcpy(text + 500, "]\nbatch=7\n[", 11);
	text[1000] = ']';
	read_text(&config, text, 1001);
	memset(shown, 'n', 100);
	(void)snprintf(expected, sizeof expected,
	    "3: [%s]: no such section; there are [dmarcq], [kpi], [advice], [limits], "
	    "[mailbox], [box]\n",
	    shown);
	expect_mistakes(&config, expected);
	text[500] = '\0';
	ck_assert_uint_eq(config_find(&config, "box", text + 5, "batch")->number, 7);
	config_free(&config);
}
END_TEST

START_TEST(large_file)
{
	char *text = malloc(2 * LARGEST);
	struct config config;

	ck_assert_ptr_nonnull(text);
	memset(text, '\n', 2 * LARGEST);
	memcpy(text, "[kpi]\nforwarded=x", 17);
	read_text(&config, text, 2 * LARGEST);
	expect_mistakes(&config, "2: [kpi] forwarded: not a percentage from 0 to 100, nor none: \"x\"\n"
				 "1048560: the file is longer than 1048576 bytes\n");
	config_free(&config);
	free(text);
}
END_TEST

/* A mistake of a line costs nothing but that line. */
START_TEST(values)
{
	static const char text[] =
	    "[dmarcq]\ndb = ~/x; y#z.db\n[kpi]\nspf-pass = 12.5 %\ndkim-signed=none\n"
	    "dmarc-pass=0.0001%\nforwarded = x\n[limits]\nnesting = 3\n[box a b]\nbatch = 9\n"
	    "[advice]\nfailing = 3 0.25\nreporters = 4\n";
	struct config config;
	const struct setting *setting;
	char from[100];

	read_text(&config, text, sizeof text - 1);
	expect_mistakes(&config, "7: [kpi] forwarded: not a percentage from 0 to 100, nor none: \"x\"\n");
	ck_assert_str_eq(config.path, path);
	ck_assert_str_eq(config_find(&config, "dmarcq", NULL, "db")->text, "/away/x; y#z.db");
	setting = config_find(&config, "kpi", NULL, "spf-pass");
	ck_assert_uint_eq(setting->number, 125000);
	ck_assert_uint_eq(setting->line, 4);
	(void)snprintf(from, sizeof from, "%s:4", path);
	ck_assert_str_eq(setting->from, from);
	ck_assert(config_find(&config, "kpi", NULL, "dkim-signed")->number == CONFIG_NONE);
	ck_assert_uint_eq(config_find(&config, "kpi", NULL, "dmarc-pass")->number, 1);
	ck_assert_uint_eq(config_find(&config, "limits", NULL, "nesting")->number, 3);
	ck_assert_uint_eq(config_find(&config, "limits", NULL, "members")->number, 2000);
	ck_assert_ptr_null(config_find(&config, "limits", NULL, "members")->from);
	ck_assert_ptr_null(config_find(&config, "kpi", NULL, "forwarded")->from);
	ck_assert_uint_eq(config_find(&config, "box", "a b", "batch")->number, 9);
	ck_assert_ptr_null(config_find(&config, "box", "a b", "folder")->text);
	ck_assert_ptr_null(config_find(&config, "box", "a", "batch"));
	ck_assert_ptr_null(config_find(&config, "box", NULL, "batch"));
	setting = config_find(&config, "advice", NULL, "failing");
	ck_assert_uint_eq(CONFIG_FIRST(setting->number), 30000);
	ck_assert_uint_eq(CONFIG_SECOND(setting->number), 2500);
	setting = config_find(&config, "advice", NULL, "reporters");
	ck_assert_uint_eq(CONFIG_FIRST(setting->number), 4);
	ck_assert_uint_eq(CONFIG_SECOND(setting->number), 4);
	config_set_number(&config, "limits", "nesting", 5, "--limit");
	ck_assert_uint_eq(config_find(&config, "limits", NULL, "nesting")->number, 5);
	ck_assert_str_eq(config_find(&config, "limits", NULL, "nesting")->from, "--limit");
	config_free(&config);
}
END_TEST

START_TEST(no_home)
{
	static const char text[] = "[dmarcq]\ndb = ~/x\n";
	struct config config;

	ck_assert_int_eq(unsetenv("HOME"), 0);
	read_text(&config, text, sizeof text - 1);
	expect_mistakes(&config, "2: [dmarcq] db: no home folder is known: \"~/x\"\n");
	config_free(&config);
}
END_TEST

START_TEST(unreadable)
{
	struct config config;
	struct err err;

	config_init(&config, sections);
	ck_assert_int_eq(config_read(&config, "/nowhere/x.conf", &err), SKIP);
	ck_assert_str_eq(err.where, "/nowhere/x.conf");
	ck_assert_int_eq(config_read(&config, "/", &err), FATAL);
	ck_assert_int_eq((int)err.exit_code, EXIT_CODE_CONFIG);
	ck_assert_str_eq(err.what, "cannot read the configuration: Is a directory");
	ck_assert_ptr_null(config.path);
	config_free(&config);
}
END_TEST

static const struct {
	enum config_type type;
	uint64_t number;
	const char *text;
} numbers[] = {
    {CONFIG_NUMBER, 0, "0"},
    {CONFIG_NUMBER, UINT64_MAX, "18446744073709551615"},
    {CONFIG_PERCENT, CONFIG_NONE, "none"},
    {CONFIG_PERCENT, 0, "0"},
    {CONFIG_PERCENT, 1, "0.0001"},
    {CONFIG_PERCENT, 100000, "10"},
    {CONFIG_PERCENT, 995000, "99.5"},
    {CONFIG_PERCENT, 1000000, "100"},
    {CONFIG_PERCENTS, CONFIG_PAIR(20000, 5000), "2 0.5"},
    {CONFIG_PERCENTS, CONFIG_PAIR(1000000, 1000000), "100"},
    {CONFIG_NUMBERS, CONFIG_PAIR(149, 598), "149 598"},
    {CONFIG_NUMBERS, CONFIG_PAIR(1000000000, 999999999), "1000000000 999999999"},
};

START_TEST(number_texts)
{
	char text[CONFIG_TEXT];

	config_number_text(text, numbers[_i].type, numbers[_i].number);
	ck_assert_str_eq(text, numbers[_i].text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("config");
	TCase *tests = tcase_create("config");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, mistakes, 0, sizeof files / sizeof files[0]);
	tcase_add_test(tests, nul_bytes);
	tcase_add_loop_test(tests, long_lines, 0, 4);
	tcase_add_test(tests, long_names);
	tcase_add_test(tests, large_file);
	tcase_add_test(tests, values);
	tcase_add_test(tests, no_home);
	tcase_add_test(tests, unreadable);
	tcase_add_loop_test(tests, number_texts, 0, sizeof numbers / sizeof numbers[0]);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
