/* What is left out of texts: local parts and host bits wherever they stand, and nothing else. */
#include "query/redact.h"

#include <check.h>
#include <stdlib.h>

static const struct {
	const char *text, *local, *host; /* NULL: as it was */
} texts[] = {
    {"", NULL, NULL},
    {"example.com", NULL, NULL},
    {"jane.doe@example.com", "*@example.com", NULL},
    {"\"jane doe\"@example.com", "*@example.com", NULL},
    {"doe\"@example.com", "*@example.com", NULL},
    {"Jane <jane+x=example.net@example.com>, (joe@example.org)", "Jane <*@example.com>, (*@example.org)",
	NULL},
    {"mailto:o'brien@example.com", "mailto:*@example.com", NULL},
    {"j\xc3\xb6rg@example.com", "*@example.com", NULL},
    {"a@b@example.com", "*@*@example.com", NULL},
    {"a@@b", "*@@b", NULL},
    {"@example.com", NULL, NULL},
    {"jane@", "*@", NULL},
    {"sent to jane@example.com and joe@example.com", "sent to *@example.com and *@example.com", NULL},
    {"192.0.2.77", NULL, "192.0.2.0/24"},
    {"2001:db8:1:2:3:4:5:6", NULL, "2001:db8:1:2::/64"},
    {"2001:DB8::1", NULL, "2001:db8::/64"},
    {"::1", NULL, "::/64"},
    {"::ffff:192.0.2.77", NULL, "192.0.2.0/24"},
    {"192.0.2.77 is permitted by example.com", NULL, "192.0.2.0/24 is permitted by example.com"},
    {"client-ip=192.0.2.77; helo=[198.51.100.9].", NULL, "client-ip=192.0.2.0/24; helo=[198.51.100.0/24]."},
    {"arc=pass (ip 2001:db8::25): ok", NULL, "arc=pass (ip 2001:db8::/64): ok"},
    {"from 192.0.2.77.", NULL, "from 192.0.2.0/24."},
    {"192.0.2.77:25", NULL, "192.0.2.0/24:25"},
    {"version 1.2.3", NULL, NULL},
    {"mail1.2.3.4.example", NULL, NULL},
    {"12:30:59", NULL, NULL},
    {"192.0.2.777", NULL, NULL},
    {"jane@192.0.2.77", "*@192.0.2.77", "jane@192.0.2.0/24"},
};

static struct str
redacted(struct redact *redact, const char *column, enum cell_type type, const char *text, bool *known)
{
	static struct str value;
	static const char *const keys[] = {"domain"};
	static const struct list list = {keys, 1, 1, &value};
	const struct column columns[] = {{column, column, type, 0, 0}};
	struct cell cell = {.known = true, .text = str_of(text), .list = &list};

	value = str_of(text);
	redact_begin(redact);
	redact_cells(redact, &cell, columns, 1);
	*known = cell.known;
	if (type == CELL_LIST)
		ck_assert(str_same(cell.list->values[0], cell.text));
	return cell.text;
}

START_TEST(left_out)
{
	const char *text = texts[_i].text;
	const char *local = texts[_i].local == NULL ? text : texts[_i].local;
	const char *host = texts[_i].host == NULL ? text : texts[_i].host;
	struct redact *redact = redact_new(true, false);
	bool known;

	ck_assert_msg(str_eq(redacted(redact, "email", CELL_TEXT, text, &known), local), "%s", text);
	ck_assert_msg(str_eq(redacted(redact, "reasons", CELL_LIST, text, &known), local), "%s", text);
	ck_assert_msg(str_eq(redacted(redact, "report_id", CELL_TEXT, text, &known), text), "%s", text);
	redact_free(redact);
	redact = redact_new(false, true);
	ck_assert_msg(str_eq(redacted(redact, "email", CELL_TEXT, text, &known), host), "%s", text);
	ck_assert_msg(str_eq(redacted(redact, "dkim_results", CELL_LIST, text, &known), host), "%s", text);
	redact_free(redact);
}
END_TEST

/* What stands for an address and is none could be one to somebody. */
START_TEST(no_address)
{
	struct redact *redact = redact_new(true, true);
	bool known;

	(void)redacted(redact, "source_ip", CELL_TEXT, "192.0.2.77 ", &known);
	ck_assert(!known);
	ck_assert(str_eq(redacted(redact, "source_ip", CELL_TEXT, "192.0.2.77", &known), "192.0.2.0/24"));
	ck_assert(known);
	redact_free(redact);
	redact_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("redact");
	TCase *tcase = tcase_create("redact");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, left_out, 0, sizeof texts / sizeof *texts);
	tcase_add_test(tcase, no_address);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
