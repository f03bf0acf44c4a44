/* The command line: options and arguments in all forms, usage errors word for word, suggestions, escaping,
 * summary. */
#include "base/words.h"
#include "cli/options.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 12 };

static enum status
no_run(struct context *context, struct err *err)
{
	(void)context;
	(void)err;
	return OK;
}

static const struct option fetch_options[] = {
    {.name = "jobs", .letter = 'j', .metavar = "N", .help = "threads", .least = 1, .most = 64},
    {.name = "zero", .metavar = "N", .help = "may be 0", .most = 9},
    {.name = "by", .metavar = "source|ip|domain", .help = "groups"},
    {.name = "output", .letter = 'o', .metavar = "FILE", .help = "file"},
    {.name = "mark", .metavar = "WORD", .help = "marks", .repeatable = true},
    {.name = "delete", .letter = 'x', .help = "deletes"},
    OPTION_END,
};
static const struct command fetch = {
    .name = "fetch",
    .summary = "fetches",
    .arguments = "SOURCE...",
    .least_args = 1,
    .most_args = 3,
    .options = fetch_options,
    .needs = NEEDS_PATH,
    .run = no_run,
};
static const struct option none[] = {OPTION_END};
static const struct command db_check = {.name = "db check", .arguments = "", .options = none, .run = no_run};
static const struct command db_init = {.name = "db init", .arguments = "", .options = none, .run = no_run};
static const struct command *const table[] = {&fetch, &db_check, &db_init, NULL};

static size_t
count_words(const char *const *words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	return n;
}

/* "where: what", or "what". */
static const char *
said(const struct err *err)
{
	static char text[sizeof err->where + sizeof err->what + 2];

	(void)snprintf(text, sizeof text, "%s%s%s", err->where, err->where[0] == '\0' ? "" : ": ", err->what);
	return text;
}

static const struct {
	const char *words[WORDS_MAX];
	const char *args; /* joined with blanks */
	const char *jobs, *by, *output;
	size_t marks;
	bool erase, quiet, verbose;
} good[] = {
    {{"a"}, "a", NULL, "source", NULL, 0, false, false, false},
    {{"a", "--jobs", "3", "b"}, "a b", "3", "source", NULL, 0, false, false, false},
    {{"--jobs=64", "a"}, "a", "64", "source", NULL, 0, false, false, false},
    {{"-j", "1", "a"}, "a", "1", "source", NULL, 0, false, false, false},
    {{"-j12", "a"}, "a", "12", "source", NULL, 0, false, false, false},
    {{"-qvx", "a"}, "a", NULL, "source", NULL, 0, true, true, true},
    {{"-xj", "2", "a"}, "a", "2", "source", NULL, 0, true, false, false},
    {{"-qq", "--quiet", "a"}, "a", NULL, "source", NULL, 0, false, true, false},
    {{"--by", "ip", "a"}, "a", NULL, "ip", NULL, 0, false, false, false},
    {{"--by=domain", "a"}, "a", NULL, "domain", NULL, 0, false, false, false},
    {{"--mark", "1", "a", "--mark=2"}, "a", NULL, "source", NULL, 2, false, false, false},
    {{"-"}, "-", NULL, "source", NULL, 0, false, false, false},
    {{"--", "-x", "--jobs"}, "-x --jobs", NULL, "source", NULL, 0, false, false, false},
    {{"a", "--", "--"}, "a --", NULL, "source", NULL, 0, false, false, false},
    {{"--output", "-x", "a"}, "a", NULL, "source", "-x", 0, false, false, false},
    {{"--output=a=b", "a"}, "a", NULL, "source", "a=b", 0, false, false, false},
    {{"-oa=b", ""}, "", NULL, "source", "a=b", 0, false, false, false},
};

static void
same_text(const char *got, const char *expected, int row)
{
	ck_assert_msg((got == NULL) == (expected == NULL) && (got == NULL || strcmp(got, expected) == 0),
	    "row %d: got %s, expected %s", row, got == NULL ? "nothing" : got,
	    expected == NULL ? "nothing" : expected);
}

START_TEST(options_good)
{
	struct context context;
	char joined[64] = "";
	size_t i, marks = 0;
	struct err err;
	bool help;

	ck_assert_msg(
	    options_parse(&context, &help, &fetch, good[_i].words, count_words(good[_i].words), &err) == OK,
	    "row %d: %s", _i, said(&err));
	ck_assert(!help);
	for (i = 0; i < context.arg_count; i++)
		(void)snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s",
		    i > 0 ? " " : "", context.args[i]);
	ck_assert_ptr_null(context.args[context.arg_count]);
	same_text(joined, good[_i].args, _i);
	same_text(context_option(&context, "jobs"), good[_i].jobs, _i);
	same_text(context_option(&context, "by"), good[_i].by, _i);
	same_text(context_option(&context, "output"), good[_i].output, _i);
	for (i = 0; i < context.given_count; i++)
		marks += strcmp(context.given[i].option->name, "mark") == 0;
	ck_assert_uint_eq(marks, good[_i].marks);
	ck_assert_int_eq(context_has(&context, "delete"), good[_i].erase);
	ck_assert_int_eq(context.quiet, good[_i].quiet);
	ck_assert_int_eq(context.verbose, good[_i].verbose);
	ck_assert_uint_eq(context_number(&context, "jobs", 7),
	    good[_i].jobs == NULL ? 7 : strtoull(good[_i].jobs, NULL, 10));
	context_free(&context);
}
END_TEST

static const struct {
	const char *words[WORDS_MAX];
	const char *said;
} bad[] = {
    {{"--jobs", "x", "a"}, "fetch: --jobs: not a whole number from 1 to 64: \"x\""},
    {{"--jobs=0", "a"}, "fetch: --jobs: not a whole number from 1 to 64: \"0\""},
    {{"--jobs=65", "a"}, "fetch: --jobs: not a whole number from 1 to 64: \"65\""},
    {{"--jobs=-1", "a"}, "fetch: --jobs: not a whole number from 1 to 64: \"-1\""},
    {{"--jobs=1 ", "a"}, "fetch: --jobs: not a whole number from 1 to 64: \"1 \""},
    {{"--jobs=18446744073709551617", "a"},
	"fetch: --jobs: not a whole number from 1 to 64: \"18446744073709551617\""},
    {{"--jobs=", "a"}, "fetch: --jobs: not a whole number from 1 to 64: \"\""},
    {{"-j", "x", "a"}, "fetch: -j: not a whole number from 1 to 64: \"x\""},
    {{"--zero=10", "a"}, "fetch: --zero: not a whole number from 0 to 9: \"10\""},
    {{"a", "--jobs"}, "fetch: --jobs: N is missing"},
    {{"a", "-j"}, "fetch: -j: N is missing"},
    {{"--jobs=1", "--jobs=1", "a"}, "fetch: --jobs: given twice"},
    {{"--by", "", "a"}, "fetch: --by: not one of source|ip|domain: \"\""},
    {{"--by", "sourc", "a"}, "fetch: --by: not one of source|ip|domain: \"sourc\""},
    {{"--by", "source|ip", "a"}, "fetch: --by: not one of source|ip|domain: \"source|ip\""},
    {{"--output=", "a"}, "fetch: --output: FILE is empty"},
    {{"--db", "", "a"}, "fetch: --db: PATH is empty"},
    {{"--delete=yes", "a"}, "fetch: --delete: takes no value"},
    {{"--jbos", "1", "a"}, "fetch: --jbos: no such option; did you mean --jobs?"},
    {{"--out=x", "a"}, "fetch: --out: no such option; did you mean --output?"},
    {{"--wxyz", "a"}, "fetch: --wxyz: no such option"},
    {{"--", "a", "b", "c", "d"}, "fetch: one argument too many: \"d\""},
    {{"-z", "a"}, "fetch: -z: no such option"},
    {{"-xz", "a"}, "fetch: -z: no such option"},
    {{NULL}, "fetch: SOURCE is missing"},
    {{"--"}, "fetch: SOURCE is missing"},
    {{"--limit", "nesting", "a"}, "fetch: --limit: not NAME=VALUE: \"nesting\""},
    {{"--limit", "nest=1", "a"}, "fetch: --limit: no such limit: \"nest\"; did you mean nesting?"},
    {{"--limit", "nesting=65", "a"},
	"fetch: --limit: nesting must be a whole number of levels from 1 to 64: \"65\""},
};

START_TEST(options_bad)
{
	struct context context;
	struct err err;
	bool help;

	ck_assert_int_eq(
	    options_parse(&context, &help, &fetch, bad[_i].words, count_words(bad[_i].words), &err), FATAL);
	ck_assert_str_eq(said(&err), bad[_i].said);
	ck_assert_int_eq((int)err.exit_code, EXIT_CODE_USAGE);
	context_free(&context);
}
END_TEST

START_TEST(options_limits)
{
	static const char *const words[] = {"--limit", "nesting=3", "--limit=xml-depth=40", "a"};
	struct context context;
	struct limits defaults;
	struct err err;
	bool help;

	limits_init(&defaults);
	ck_assert_int_eq(options_parse(&context, &help, &fetch, words, 4, &err), OK);
	ck_assert_uint_eq(context.limits.nesting, 3);
	ck_assert_uint_eq(context.limits.xml_depth, 40);
	ck_assert_uint_eq(context.limits.members, defaults.members);
	context_free(&context);
}
END_TEST

START_TEST(options_help)
{
	static const char *const words[] = {"--jobs=1", "--help"};
	struct context context;
	struct err err;
	bool help = false;

	ck_assert_int_eq(options_parse(&context, &help, &fetch, words, 2, &err), OK);
	ck_assert(help);
	context_free(&context);
}
END_TEST

/* A command that opens nothing has no --db. */
START_TEST(options_needs)
{
	static const char *const words[] = {"--db", "x"};
	struct context context;
	struct err err;
	bool help;

	ck_assert_int_eq(options_parse(&context, &help, &db_init, words, 2, &err), FATAL);
	ck_assert_str_eq(said(&err), "db init: --db: no such option");
	context_free(&context);
}
END_TEST

static const struct {
	const char *words[WORDS_MAX];
	const struct command *command;
	size_t used;
	const char *said;
} finds[] = {
    {{"fetch", "x"}, &fetch, 1, NULL},
    {{"db", "init", "x"}, &db_init, 2, NULL},
    {{"db", "check"}, &db_check, 2, NULL},
    {{NULL}, NULL, 0, "a command is missing: dmarcq help lists them"},
    {{"--db", "x", "fetch"}, NULL, 0, "options stand behind the command: \"--db\""},
    {{"fecht"}, NULL, 0, "no such command: \"fecht\"; did you mean fetch?"},
    {{"zzz"}, NULL, 0, "no such command: \"zzz\"; see dmarcq help"},
    {{""}, NULL, 0, "no such command: \"\"; see dmarcq help"},
    {{"db"}, NULL, 0, "db: which one: check, init?"},
    {{"db", "--help"}, NULL, 0, "db: which one: check, init?"},
    {{"db", "chekc"}, NULL, 0, "db: no such command: \"chekc\"; there are check, init"},
};

START_TEST(command_named)
{
	const struct command *command = NULL;
	struct err err;
	size_t used;
	enum status status =
	    command_find(&command, &used, table, finds[_i].words, count_words(finds[_i].words), &err);

	if (finds[_i].said == NULL) {
		ck_assert_int_eq(status, OK);
		ck_assert_ptr_eq(command, finds[_i].command);
		ck_assert_uint_eq(used, finds[_i].used);
	} else {
		ck_assert_int_eq(status, FATAL);
		ck_assert_int_eq((int)err.exit_code, EXIT_CODE_USAGE);
		ck_assert_str_eq(said(&err), finds[_i].said);
	}
}
END_TEST

static const struct {
	const char *a, *b;
	size_t distance;
} distances[] = {
    {"", "", 0},
    {"", "abc", 3},
    {"abc", "", 3},
    {"import", "import", 0},
    {"imprt", "import", 1},
    {"improt", "import", 1},
    {"import", "export", 2},
    {"kitten", "sitting", 3},
    {"ab", "ba", 1},
    {"012345678901234567890123456789012", "0", SIZE_MAX},
};

START_TEST(words_distance)
{
	ck_assert_uint_eq(word_distance(distances[_i].a, distances[_i].b), distances[_i].distance);
}
END_TEST

static const struct {
	const char *data, *home, *path;
} homes[] = {
    {"/data", "/elsewhere", "/data/dmarcq/dmarcq.db"},
    {"/data", NULL, "/data/dmarcq/dmarcq.db"},
    {"rel", "/elsewhere", "/elsewhere/.local/share/dmarcq/dmarcq.db"},
    {"", "/elsewhere", "/elsewhere/.local/share/dmarcq/dmarcq.db"},
    {NULL, "/elsewhere", "/elsewhere/.local/share/dmarcq/dmarcq.db"},
    {NULL, NULL, NULL},
};

static void
set_variable(const char *name, const char *value)
{
	ck_assert_int_eq(value == NULL ? unsetenv(name) : setenv(name, value, 1), 0);
}

START_TEST(database_of_user)
{
	struct err err;
	char *path = NULL;
	enum status status;

	set_variable("XDG_DATA_HOME", homes[_i].data);
	set_variable("HOME", homes[_i].home);
	status = database_place(&path, false, &err);
	if (homes[_i].path == NULL) {
		ck_assert_int_eq(status, FATAL);
		ck_assert_int_eq((int)err.exit_code, EXIT_CODE_CONFIG);
		ck_assert_str_eq(err.what, "no home folder is known: name the database with --db");
	} else {
		ck_assert_int_eq(status, OK);
		ck_assert_str_eq(path, homes[_i].path);
	}
	free(path);
}
END_TEST

START_TEST(database_of_root)
{
	struct err err;
	char *path;

	set_variable("XDG_DATA_HOME", "/data");
	ck_assert_int_eq(database_place(&path, true, &err), OK);
	ck_assert_str_eq(path, "/var/lib/dmarcq/dmarcq.db");
	free(path);
}
END_TEST

START_TEST(help_of_command)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(to);
	help_command(to, &fetch);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_str_eq(text, "usage: dmarcq fetch [OPTION]... SOURCE...\n\nfetches\n\noptions:\n"
			       "  -j, --jobs N            threads\n"
			       "      --zero N            may be 0\n"
			       "      --by source|ip|domain\n"
			       "                          groups\n"
			       "  -o, --output FILE       file\n"
			       "      --mark WORD         marks\n"
			       "  -x, --delete            deletes\n"
			       "      --db PATH           the database\n"
			       "      --config FILE       the configuration\n"
			       "      --limit NAME=VALUE  sets a limit (dmarcq help limits)\n"
			       "  -q, --quiet             no messages but the last one of a failure\n"
			       "  -v, --verbose           more messages\n"
			       "  -h, --help              tells about this command\n");
	free(text);
}
END_TEST

#define ROWS(array) (int)(sizeof array / sizeof array[0])

int
main(void)
{
	Suite *suite = suite_create("options");
	TCase *tcase = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tcase, options_good, 0, ROWS(good));
	tcase_add_loop_test(tcase, options_bad, 0, ROWS(bad));
	tcase_add_test(tcase, options_limits);
	tcase_add_test(tcase, options_help);
	tcase_add_test(tcase, options_needs);
	tcase_add_loop_test(tcase, command_named, 0, ROWS(finds));
	tcase_add_loop_test(tcase, words_distance, 0, ROWS(distances));
	tcase_add_loop_test(tcase, database_of_user, 0, ROWS(homes));
	tcase_add_test(tcase, database_of_root);
	tcase_add_test(tcase, help_of_command);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
