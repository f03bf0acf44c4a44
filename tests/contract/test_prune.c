/* What prune takes with it and what holds things back: shared originals, mails, rejects; and what its check
 * finds. */
#include "contract/world.h"
#include "store/prune.h"

#include <stdio.h>
#include <string.h>

enum { OLD = DAY_ONE_TIME - 100 * 86400, KEEP = 50 };

static const struct made_report young = {.id = "young", .content = 1, .records = both};
static const struct made_report old = {
    .id = "old", .content = 2, .begin = OLD, .end = OLD + 86399, .records = fail_5};

static struct pruned pruned;

/* Plans and prunes, each of which must tell the same. */
static void
prune(enum prune_what what)
{
	struct err err = {.what = ""};
	struct pruned plan;

	/* Whatever the clock says today. */
	exec("UPDATE run SET started = 1800000000");
	ck_assert_msg(store_prune_plan(&plan, store, what, KEEP, &err) == OK, "%s", err.what);
	ck_assert_msg(store_prune(&pruned, store, what, KEEP, &err) == OK, "%s", err.what);
	ck_assert(plan.known && pruned.known);
	ck_assert_int_eq(plan.before, DAY_ONE - KEEP + 1);
	ck_assert_int_eq(pruned.before, plan.before);
	ck_assert_uint_eq(pruned.reports, plan.reports);
	ck_assert_uint_eq(pruned.records, plan.records);
	ck_assert_uint_eq(pruned.messages, plan.messages);
	ck_assert_uint_eq(pruned.conflicts, plan.conflicts);
	ck_assert_uint_eq(pruned.rejects, plan.rejects);
	ck_assert_uint_eq(pruned.originals, plan.originals);
	ck_assert_uint_eq(pruned.bytes, plan.bytes);
	ck_assert_str_eq(findings(), "");
}

static const char left[] =
    "SELECT (SELECT group_concat(report_id || state) FROM report), (SELECT count(*) FROM record),"
    " (SELECT count(*) FROM arrival), (SELECT count(*) FROM original), (SELECT count(*) FROM original_chunk),"
    " (SELECT count(*) FROM mail), (SELECT count(*) FROM reject), (SELECT count(*) FROM file)";

START_TEST(nothing_known)
{
	struct err err;

	ck_assert_int_eq(store_prune(&pruned, store, PRUNE_ALL, KEEP, &err), OK);
	ck_assert(!pruned.known);
	ck_assert_uint_eq(pruned.reports, 0);
}
END_TEST

/* A report on the first day that stays, one on the last day that goes, and one without a period. */
START_TEST(edges)
{
	const int64_t first = DAY_ONE_TIME - (KEEP - 1) * INT64_C(86400);
	const struct made_report reports[] = {
	    {.id = "in", .begin = first, .end = first + 86399, .records = fail_5},
	    {.id = "out", .begin = first - 86400, .end = first - 1, .records = fail_5},
	    {.id = "never", .no_period = true, .records = fail_5},
	    {.id = "into", .begin = first - 20 * 86400, .end = first + 1, .records = fail_5},
	    {.id = "long", .begin = first - 90 * 86400, .end = first + 1, .records = fail_5},
	    {.id = "turned", .begin = first - 1, .end = first - 86400, .records = fail_5},
	    {.id = "noon", .begin = first - 43100, .end = first + 43300, .records = fail_5}};
	size_t i;

	import_one("young", &young, "young");
	for (i = 0; i < sizeof reports / sizeof *reports; i++)
		import_one(reports[i].id, &reports[i], reports[i].id);
	prune(PRUNE_ALL);
	ck_assert_uint_eq(pruned.reports, 2);
	ck_assert_uint_eq(pruned.messages, 10);
	ck_assert_str_eq(
	    rows("SELECT report_id FROM report ORDER BY id"), "young\nin\nnever\ninto\nlong\nnoon\n");
}
END_TEST

/* An original with a young report, or with an open reject, stays; so does what refers to it. */
START_TEST(shared)
{
	struct parcel *parcel = item_begin("reports", "shared", NULL);

	item_report(parcel, &old);
	item_report(parcel, &young);
	item_end(parcel, "both", 4, true);
	apply(parcel);
	parcel = item_begin("reports", "rejected", NULL);
	item_report(
	    parcel, &(struct made_report){.id = "r", .begin = OLD, .end = OLD + 1, .records = fail_5});
	item_reject(parcel, "x.xml", "no");
	item_end(parcel, "open", 4, true);
	apply(parcel);
	/* A duplicate alone, in a mail. */
	parcel = item_begin("mails", "mail", NULL);
	parcel_add(parcel, ENTRY_MAIL)->u.mail.subject = str_of("again");
	parcel_add(parcel, ENTRY_ARRIVAL_BEGIN)->u.arrival_begin.place = str_of("part 2");
	item_report(parcel, &old);
	item_end(parcel, "alone", 5, true);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows(left), "old1,young1,r1|4|3|3|3|1|1|3\n");
	prune(PRUNE_ALL);
	ck_assert_uint_eq(pruned.reports, 2);
	ck_assert_uint_eq(pruned.originals, 1);
	ck_assert_uint_eq(pruned.bytes, 5);
	ck_assert_str_eq(rows(left), "young1|2|2|2|2|0|1|3\n");
	/* The reject was read since: now nothing holds the original back. */
	exec("UPDATE reject SET retried = at");
	import_one(
	    "r", &(struct made_report){.id = "r", .begin = OLD, .end = OLD + 1, .records = fail_5}, "r");
	exec("UPDATE report SET arrival = 2 WHERE report_id = 'r'");
	prune(PRUNE_ALL);
	ck_assert_uint_eq(pruned.rejects, 1);
	ck_assert_str_eq(rows(left), "young1|2|2|2|2|0|0|4\n");
}
END_TEST

/* Rejects that were read later go by the time at which they came; open ones stay. */
START_TEST(rejects)
{
	struct parcel *parcel;
	size_t i;

	import_one("young", &young, "young");
	for (i = 0; i < 3; i++) {
		parcel = item_begin("reports", "r", NULL);
		item_reject(parcel, NULL, i == 0 ? "a" : i == 1 ? "b" : "c");
		item_end(parcel, "reject", 6, true);
		apply(parcel);
	}
	commit();
	exec("UPDATE reject SET at = 1 WHERE reason <> 'c'");
	exec("UPDATE reject SET retried = 2 WHERE reason <> 'b'");
	prune(PRUNE_ALL);
	ck_assert_uint_eq(pruned.rejects, 1);
	ck_assert_uint_eq(pruned.originals, 1);
	ck_assert_str_eq(rows("SELECT reason FROM reject ORDER BY id"), "b\nc\n");
	ck_assert_str_eq(rows(left), "young1|2|3|3|3|0|2|4\n");
}
END_TEST

/* A pruned report is known when it comes again, whole, cut or other; and a cut one does not yield to the
 * whole. */
START_TEST(comes_again)
{
	struct made_report again = old, cut = old, other = old, whole;

	import_one("young", &young, "young");
	import_one("old", &old, "old");
	cut.id = "cut";
	cut.incomplete = true;
	import_one("cut", &cut, "cut");
	prune(PRUNE_RECORDS);
	ck_assert_uint_eq(pruned.messages, 10);
	ck_assert_str_eq(rows("SELECT report_id, state, arrival, records, messages FROM report ORDER BY id"),
	    "young|1|1|2|8\nold|3|0|1|5\ncut|3|0|1|5\n");
	memset(&counts, 0, sizeof counts);
	import_one("again", &again, "again");
	again.incomplete = true;
	import_one("piece", &again, "piece");
	ck_assert_uint_eq(counts.duplicates, 2);
	other.content = 9;
	import_one("other", &other, "other");
	import_one("other", &other, "other");
	ck_assert_uint_eq(counts.conflicts, 1);
	ck_assert_uint_eq(counts.duplicates, 3);
	whole = cut;
	whole.incomplete = false;
	whole.content = 3;
	import_one("whole", &whole, "whole");
	ck_assert_uint_eq(counts.conflicts, 2);
	ck_assert_uint_eq(counts.messages, 0);
	ck_assert_str_eq(rows("SELECT sum(messages) FROM day"), "18\n");
	ck_assert_str_eq(findings(), "");
	prune(PRUNE_RECORDS);
	ck_assert_str_eq(
	    rows("SELECT group_concat(state), (SELECT count(*) FROM repeat) FROM report"), "1,3,3|0\n");
	ck_assert_str_eq(rows("SELECT sum(messages) FROM day"), "18\n");
	prune(PRUNE_ALL);
	ck_assert_str_eq(rows(left), "young1|2|1|1|1|0|0|8\n");
	ck_assert_str_eq(rows("SELECT sum(messages), sum(archived) FROM day"), "8|0\n");
	ck_assert_str_eq(rows("SELECT value FROM setting WHERE name = 'messages'"), "8\n");
}
END_TEST

/* Only the bytes: everything can still be asked, and an original of a younger report is whole. */
START_TEST(originals)
{
	import_one("young", &young, "young");
	import_one("old", &old, "old");
	import_one("again", &old, "old");
	prune(PRUNE_ORIGINALS);
	ck_assert_uint_eq(pruned.reports, 0);
	ck_assert_uint_eq(pruned.originals, 1);
	ck_assert_uint_eq(pruned.bytes, 3);
	ck_assert_str_eq(rows("SELECT id, size, missing FROM original"), "1|5|0\n2|3|3\n");
	ck_assert_str_eq(rows(left), "young1,old1|3|3|2|1|0|0|3\n");
	prune(PRUNE_ORIGINALS);
	ck_assert_uint_eq(pruned.originals, 0);
}
END_TEST

/* A record without messages, and one of a conflict, are in no traffic; what they refer to stays. */
START_TEST(in_no_traffic)
{
	const struct made_record none[] = {
	    {"203.0.113.9", 0, "fail", "pass", "none.example", "permerror"}, {.ip = NULL}};
	const struct made_record disputed[] = {
	    {"203.0.113.10", 3, "fail", "pass", "disputed.example", "neutral"}, {.ip = NULL}};
	struct made_report week = young, other = young;

	week.id = "week";
	week.begin = DAY_ONE_TIME - 7 * 86400;
	week.end = DAY_ONE_TIME;
	week.records = none;
	other.content = 7;
	other.records = disputed;
	import_one("young", &young, "young");
	import_one("week", &week, "week");
	import_one("other", &other, "other");
	import_one("old", &old, "old");
	prune(PRUNE_ALL);
	ck_assert_uint_eq(pruned.reports, 1);
	ck_assert_str_eq(
	    rows(
		"SELECT text FROM ip WHERE text LIKE '203.0.113%' UNION SELECT n.text FROM profile AS p JOIN "
		"name AS n ON n.id = p.header_from WHERE n.text NOT LIKE '%m' ORDER BY 1"),
	    "203.0.113.10\n203.0.113.9\ndisputed.example\nnone.example\n");
}
END_TEST

/* Ids of what stays don't change, and what is in use nowhere is gone. */
START_TEST(dictionaries)
{
	const struct made_record rare[] = {
	    {"203.0.113.9", 2, "fail", "pass", "rare.example", "permerror"}, {.ip = NULL}};
	struct made_report odd = old;
	char before[2000];

	odd.org = "odd.example";
	odd.domain = "odd.example.org";
	odd.records = rare;
	import_one("odd", &odd, "odd");
	import_one("young", &young, "young");
	(void)snprintf(before, sizeof before, "%s",
	    rows("SELECT r.id, r.ip, r.profile, p.details FROM record AS r JOIN profile AS p ON p.id = "
		 "r.profile "
		 "WHERE messages <> 2"));
	prune(PRUNE_ALL);
	ck_assert_str_eq(
	    rows("SELECT r.id, r.ip, r.profile, p.details FROM record AS r JOIN profile AS p ON p.id = "
		 "r.profile"),
	    before);
	ck_assert_str_eq(
	    rows("SELECT text FROM name WHERE text LIKE '%rare%' OR text LIKE '%odd%' UNION ALL SELECT org "
		 "FROM reporter WHERE org LIKE '%odd%' UNION ALL SELECT text FROM ip WHERE text LIKE '203%'"),
	    "");
	ck_assert_str_eq(
	    rows("SELECT (SELECT count(*) FROM profile), (SELECT count(*) FROM profile_hash), (SELECT "
		 "count(*) FROM ip), (SELECT count(*) FROM policy), (SELECT count(*) FROM name WHERE id <= "
		 "14)"),
	    "2|2|2|1|14\n");
}
END_TEST

static const struct {
	const char *damage, *finding;
} damages[] = {
    {"UPDATE day SET archived = 4 WHERE archived > 0",
	"roll-up of example.com by receiver, DMARC unknown: 0 messages, the reports say -1\n"},
    {"UPDATE report SET messages = 4 WHERE state = 3",
	"roll-up of example.com by receiver: 5 messages are of pruned reports, these had 4\n"},
    {"UPDATE day SET archived_passed = 1 WHERE archived > 0",
	"roll-up of example.com by receiver, DMARC unknown: 0 messages, the reports say -1\n"
	"roll-up of example.com by receiver, DMARC pass: 3 messages, the reports say 4\n"
	"day 2: of its 5 messages, 0 passed and 5 failed, 5, 1 and 5 are of pruned reports\n"},
    {"UPDATE report SET state = 1 WHERE state = 3",
	"report 2: it says 1 records and 5 messages, its records are 0 and 0\n"
	"report 2: its arrival, reporter, author or policy is missing\n"
	"roll-up of example.com by receiver: 5 messages are of pruned reports, these had 0\n"},
};

START_TEST(damage)
{
	import_one("young", &young, "young");
	import_one("old", &old, "old");
	prune(PRUNE_RECORDS);
	exec(damages[_i].damage);
	ck_assert_str_eq(findings(), damages[_i].finding);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("prune");
	TCase *tests = tcase_create("prune");

	tcase_add_checked_fixture(tests, world_set_up, world_tear_down);
	tcase_add_test(tests, nothing_known);
	tcase_add_test(tests, edges);
	tcase_add_test(tests, shared);
	tcase_add_test(tests, rejects);
	tcase_add_test(tests, comes_again);
	tcase_add_test(tests, originals);
	tcase_add_test(tests, in_no_traffic);
	tcase_add_test(tests, dictionaries);
	tcase_add_loop_test(tests, damage, 0, sizeof damages / sizeof damages[0]);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
