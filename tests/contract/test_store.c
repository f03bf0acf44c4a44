/* The contract of the store: what goes in comes out, once, and counts are conserved whatever arrives twice.
 */
#include "contract/world.h"

#include <string.h>

/* Everything about reports that counts, and the roll-up. */
static const char reports_sql[] =
    "SELECT r.id, r.state, o.org, n.text, r.report_id, r.incomplete, r.records, r.messages FROM report AS r"
    " JOIN reporter AS o ON o.id = r.reporter JOIN name AS n ON n.id = r.domain ORDER BY r.id";
static const char records_sql[] =
    "SELECT c.report, ip.text, d.text, s.text, p.dmarc, c.messages FROM record AS c JOIN ip ON ip.id = c.ip"
    " JOIN profile AS p ON p.id = c.profile JOIN name AS d ON d.id = p.dkim JOIN name AS s ON s.id = p.spf "
    "ORDER BY c.id";
static const char days_sql[] = "SELECT n.text, d.day, d.reports, d.messages, d.passed, d.failed FROM day AS "
			       "d JOIN name AS n ON n.id = d.domain"
			       " ORDER BY n.text, d.day";
static const char repeats_sql[] = "SELECT report, arrival, kind FROM repeat ORDER BY id";

#define A_ROW     "1|1|receiver|example.com|a|0|2|8\n"
#define A_RECORDS "1|192.0.2.1|pass|fail|1|3\n1|198.51.100.7|fail|fail|0|5\n"
#define A_DAY     "example.com|20454|1|8|3|5\n"

static const struct made_report report_a = {.id = "a", .content = 11, .records = both};
static const struct made_report other_a = {.id = "a", .content = 12, .records = fail_5};
static const struct made_report cut_a = {.id = "a", .content = 13, .incomplete = true, .records = fail_5};
static const struct made_record none[] = {{.ip = NULL}};

static void
counted(uint64_t reports, uint64_t duplicates, uint64_t conflicts, uint64_t records, uint64_t messages)
{
	ck_assert_uint_eq(counts.reports, reports);
	ck_assert_uint_eq(counts.duplicates, duplicates);
	ck_assert_uint_eq(counts.conflicts, conflicts);
	ck_assert_uint_eq(counts.records, records);
	ck_assert_uint_eq(counts.messages, messages);
}

/* The state after each of these tests must be sound. */
static void
sound(void)
{
	ck_assert_str_eq(findings(), "");
}

START_TEST(one)
{
	const struct made_report made = {
	    .id = "a", .content = 11, .records = both, .error = "late", .place = "x.xml"};

	import_one("a.xml", &made, "bytes of a");
	ck_assert_str_eq(rows(reports_sql), A_ROW);
	ck_assert_str_eq(rows(records_sql), A_RECORDS);
	ck_assert_str_eq(rows(days_sql), A_DAY);
	ck_assert_str_eq(rows("SELECT text, lang FROM report_error"), "late|en\n");
	ck_assert_str_eq(rows("SELECT begin, end, place, raw_report_id, content, first_record FROM report"),
	    "1767225600|1767311999|x.xml|-|11|1\n");
	ck_assert_str_eq(
	    rows("SELECT a.org_name, a.email, p.p, p.sp FROM report AS r JOIN author AS a ON a.id = r.author"
		 " JOIN policy AS p ON p.id = r.policy"),
	    "Receiver|-|none|-\n");
	ck_assert_str_eq(rows("SELECT d.path, f.name, f.size, f.mtime, f.inode FROM file AS f JOIN folder AS "
			      "d ON d.id = f.folder"),
	    "reports|a.xml|5|1767225600123|7\n");
	ck_assert_str_eq(rows("SELECT run, file, mail, place, original FROM arrival"), "1|1|-|-|1\n");
	ck_assert_str_eq(rows("SELECT hex(address) FROM ip ORDER BY id"),
	    "00000000000000000000FFFFC0000201\n00000000000000000000FFFFC6336407\n");
	ck_assert_str_eq(
	    rows("SELECT t.messages, ip.text FROM traffic AS t JOIN ip ON ip.id = t.ip ORDER BY t.messages"),
	    "3|192.0.2.1\n5|198.51.100.7\n");
	ck_assert_str_eq(rows("SELECT reports, records, messages, finished FROM run"), "1|2|8|-\n");
	counted(1, 0, 0, 2, 8);
	sound();
}
END_TEST

/* Verdicts that are missing, addresses that are none, names that are missing. */
START_TEST(unknowns)
{
	static const struct made_record odd[] = {{"no address", 1, NULL, NULL, NULL, NULL},
	    {"2001:db8::1", 2, "maybe", "fail", "", "pass"},
	    {"192.0.2.1", 4, "pass", NULL, "example.com", NULL}, {.ip = NULL}};
	const struct made_report made = {.id = "u", .records = odd};

	import_one("u.xml", &made, "u");
	ck_assert_str_eq(rows(records_sql),
	    "1|no address|unknown|unknown|-|1\n1|2001:db8::1|maybe|fail|0|2\n1|192.0.2.1|pass|unknown|1|4\n");
	ck_assert_str_eq(
	    rows("SELECT n.text FROM profile AS p LEFT JOIN name AS n ON n.id = p.header_from ORDER BY p.id"),
	    "-\n\nexample.com\n");
	ck_assert_str_eq(rows("SELECT address IS NULL FROM ip ORDER BY id"), "1\n0\n0\n");
	ck_assert_str_eq(rows(days_sql), "example.com|20454|1|7|4|2\n");
	sound();
}
END_TEST

START_TEST(duplicate)
{
	import_one("a.xml", &report_a, "bytes of a");
	import_one("b.xml", &report_a, "bytes of a");
	import_one("c.xml", &report_a, "other bytes, the same report");
	ck_assert_str_eq(rows(reports_sql), A_ROW);
	ck_assert_str_eq(rows(records_sql), A_RECORDS);
	ck_assert_str_eq(rows(days_sql), A_DAY);
	ck_assert_str_eq(rows(repeats_sql), "1|2|duplicate\n1|3|duplicate\n");
	/* The same bytes are kept once. */
	ck_assert_str_eq(rows("SELECT id, original FROM arrival"), "1|1\n2|1\n3|2\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM original_chunk"), "2\n");
	counted(1, 2, 0, 2, 8);
	sound();
}
END_TEST

/* Twice in one file, and in one transaction with other things. */
START_TEST(duplicate_at_once)
{
	struct parcel *parcel = item_begin("reports", "a.zip", "x.xml");

	item_report(parcel, &report_a);
	item_report(parcel, &report_a);
	item_end(parcel, "zip", 3, true);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows(reports_sql), A_ROW);
	ck_assert_str_eq(rows(repeats_sql), "1|1|duplicate\n");
	counted(1, 1, 0, 2, 8);
	sound();
}
END_TEST

START_TEST(conflict)
{
	import_one("a.xml", &report_a, "a");
	import_one("b.xml", &other_a, "b");
	import_one("c.xml", &other_a, "b");
	import_one("d.xml", &report_a, "a");
	ck_assert_str_eq(rows(reports_sql), A_ROW "2|2|receiver|example.com|a|0|1|5\n");
	ck_assert_str_eq(rows(records_sql), A_RECORDS "2|198.51.100.7|fail|fail|0|5\n");
	ck_assert_str_eq(rows(days_sql), A_DAY);
	ck_assert_str_eq(rows(repeats_sql), "2|3|duplicate\n1|4|duplicate\n");
	counted(1, 2, 1, 2, 8);
	sound();
}
END_TEST

/* Another domain, organisation, period or id is another report. */
START_TEST(distinct)
{
	struct made_report made = report_a;

	import_one("1", &made, "1");
	made.domain = "example.net";
	import_one("2", &made, "2");
	made.org = "other";
	import_one("3", &made, "3");
	made.begin = DAY_ONE_TIME - 1;
	import_one("4", &made, "4");
	made.end = DAY_ONE_TIME + 86400;
	import_one("5", &made, "5");
	made.id = "A";
	import_one("6", &made, "6");
	made.no_period = true;
	import_one("7", &made, "7");
	import_one("8", &made, "8");
	ck_assert_str_eq(rows("SELECT count(*), sum(state), sum(messages) FROM report"), "7|7|56\n");
	ck_assert_str_eq(rows(days_sql),
	    "example.com|20454|1|8|3|5\nexample.net|-|1|8|3|5\nexample.net|20454|1|8|3|5\n"
	    "example.net|20454|4|32|12|20\n");
	counted(7, 1, 0, 14, 56);
	sound();
}
END_TEST

START_TEST(cut_then_whole)
{
	import_one("cut.xml", &cut_a, "cut");
	ck_assert_str_eq(rows("SELECT code, times, first FROM report_repair"), "cut-short|1|9:9\n");
	ck_assert_str_eq(rows(days_sql), "example.com|20454|1|5|0|5\n");
	import_one("whole.xml", &report_a, "whole");
	ck_assert_str_eq(rows(reports_sql), A_ROW);
	ck_assert_str_eq(rows(records_sql), A_RECORDS);
	ck_assert_str_eq(rows(days_sql), A_DAY);
	ck_assert_str_eq(rows("SELECT count(*) FROM report_repair"), "0\n");
	ck_assert_str_eq(rows(repeats_sql), "1|1|replaced\n");
	ck_assert_str_eq(rows("SELECT arrival FROM report"), "2\n");
	counted(1, 1, 0, 2, 8);
	sound();
}
END_TEST

START_TEST(whole_then_cut)
{
	import_one("whole.xml", &report_a, "whole");
	import_one("cut.xml", &cut_a, "cut");
	ck_assert_str_eq(rows(reports_sql), A_ROW);
	ck_assert_str_eq(rows(days_sql), A_DAY);
	ck_assert_str_eq(rows(repeats_sql), "1|2|cut\n");
	counted(1, 1, 0, 2, 8);
	sound();
}
END_TEST

/* Of two cut ones the longer one stays. */
START_TEST(two_cut)
{
	const struct made_report longer = {.id = "a", .content = 14, .incomplete = true, .records = both};
	const struct made_report empty = {.id = "a", .content = 15, .incomplete = true, .records = none};

	import_one("1", &cut_a, "1");
	import_one("2", &longer, "2");
	import_one("3", &cut_a, "3");
	import_one("4", &empty, "4");
	import_one("5", &longer, "5");
	ck_assert_str_eq(rows(reports_sql), "1|1|receiver|example.com|a|1|2|8\n");
	ck_assert_str_eq(rows(days_sql), A_DAY);
	ck_assert_str_eq(rows(repeats_sql), "1|1|replaced\n1|3|cut\n1|4|cut\n1|5|duplicate\n");
	counted(1, 4, 0, 2, 8);
	sound();
}
END_TEST

/* A cut report shares its day and address with others: only its own part is taken off. */
START_TEST(replaced_among_others)
{
	struct made_report beside = report_a;

	beside.id = "beside";
	import_one("1", &beside, "1");
	import_one("2", &cut_a, "2");
	import_one("3", &report_a, "3");
	ck_assert_str_eq(rows(days_sql), "example.com|20454|2|16|6|10\n");
	ck_assert_str_eq(rows("SELECT messages FROM traffic ORDER BY messages"), "6\n10\n");
	sound();
	/* Nothing of it is left when it was alone on its day. */
	beside = cut_a;
	beside.id = "alone";
	beside.begin = DAY_ONE_TIME + 5 * 86400;
	beside.end = beside.begin + 86399;
	import_one("4", &beside, "4");
	ck_assert_str_eq(rows(days_sql), "example.com|20454|2|16|6|10\nexample.com|20459|1|5|0|5\n");
	beside.incomplete = false;
	beside.records = none;
	import_one("5", &beside, "5");
	ck_assert_str_eq(rows(days_sql), "example.com|20454|2|16|6|10\nexample.com|20459|1|0|0|0\n");
	sound();
}
END_TEST

/* Periods: unknown, a week, two months and more. */
START_TEST(periods)
{
	struct made_report made = {.id = "week", .records = both, .times = 7, .begin = DAY_ONE_TIME};

	made.end = DAY_ONE_TIME + 7 * 86400;
	import_one("week", &made, "week");
	ck_assert_str_eq(rows(days_sql),
	    "example.com|20454|1|8|3|5\nexample.com|20455|1|8|3|5\nexample.com|20456|1|8|3|5\n"
	    "example.com|20457|1|8|3|5\nexample.com|20458|1|8|3|5\nexample.com|20459|1|8|3|5\n"
	    "example.com|20460|1|8|3|5\n");
	made.id = "years";
	made.domain = "years.example";
	made.end = DAY_ONE_TIME + INT64_C(900) * 86400;
	import_one("years", &made, "years");
	made.id = "none";
	made.domain = "none.example";
	made.no_period = true;
	import_one("none", &made, "none");
	made.id = "none2";
	import_one("none2", &made, "none2");
	ck_assert_str_eq(
	    rows("SELECT n.text, d.day, d.reports, d.messages FROM day AS d JOIN name AS n ON n.id = d.domain"
		 " WHERE n.text <> 'example.com' ORDER BY 1"),
	    "none.example|-|2|112\nyears.example|21353|1|56\n");
	ck_assert_str_eq(rows("SELECT begin, end FROM report WHERE id > 2 ORDER BY id"), "-|-\n-|-\n");
	/* An unknown period is part of the key, too. */
	import_one("none3", &made, "none3");
	ck_assert_uint_eq(counts.duplicates, 1);
	sound();
}
END_TEST

/* A report whose end is in another parcel is decided on at its end. */
static void
stream(const char *name, const struct made_report *made)
{
	struct parcel *parcel = item_begin("reports", name, NULL);

	(void)item_report_begin(parcel, made);
	item_records(parcel, made);
	apply(parcel);
	ck_assert(!store_due(store));
	parcel = parcel_new();
	(void)item_report_end(parcel, made);
	item_end(parcel, name, strlen(name), true);
	apply(parcel);
}

START_TEST(streaming)
{
	stream("cut", &cut_a);
	stream("whole", &report_a);
	stream("again", &report_a);
	stream("other", &other_a);
	stream("cut again", &cut_a);
	commit();
	ck_assert_str_eq(rows(reports_sql), A_ROW "2|2|receiver|example.com|a|0|1|5\n");
	ck_assert_str_eq(rows(records_sql), A_RECORDS "2|198.51.100.7|fail|fail|0|5\n");
	ck_assert_str_eq(rows(days_sql), A_DAY);
	ck_assert_str_eq(rows(repeats_sql), "1|1|replaced\n1|3|duplicate\n1|5|cut\n");
	counted(1, 3, 1, 2, 8);
	sound();
}
END_TEST

/* What is aborted never happened: neither its rows nor the names that only it had. */
START_TEST(aborted)
{
	static const struct made_record odd[] = {
	    {"203.0.113.9", 77, "pass", "pass", "gone.example", "none"}, {.ip = NULL}};
	const struct made_report gone = {
	    .id = "gone", .org = "gone", .domain = "gone.example", .records = odd};
	struct parcel *parcel = item_begin("reports", "gone", NULL);
	struct entry *begin;

	(void)item_report_begin(parcel, &gone);
	item_records(parcel, &gone);
	apply(parcel);
	parcel = parcel_new();
	(void)parcel_add(parcel, ENTRY_REPORT_ABORT);
	/* The same with its abort in the same parcel. */
	begin = item_report_begin(parcel, &gone);
	item_records(parcel, &gone);
	begin->u.report_begin.end = parcel_add(parcel, ENTRY_REPORT_ABORT);
	item_reject(parcel, NULL, "18:4: no");
	item_end(parcel, "gone", 4, true);
	apply(parcel);
	import_one("a.xml", &report_a, "a");
	ck_assert_str_eq(rows(reports_sql), A_ROW);
	ck_assert_str_eq(rows(records_sql), A_RECORDS);
	ck_assert_str_eq(rows("SELECT count(*) FROM ip WHERE text LIKE '203%'"), "0\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM name WHERE text LIKE 'gone%'"), "0\n");
	ck_assert_str_eq(
	    rows("SELECT id, arrival, place, status, reason, retried FROM reject"), "1|1|-|bad|18:4: no|-\n");
	ck_assert_uint_eq(counts.rejected, 1);
	counted(1, 0, 0, 2, 8);
	sound();
}
END_TEST

/* More records than are kept in memory, in one parcel and in several, replaced by more. */
START_TEST(many_records)
{
	struct made_report made = {
	    .id = "m", .content = 1, .incomplete = true, .records = both, .times = 9000};
	struct parcel *parcel;
	size_t i;

	import_one("cut", &made, "cut");
	ck_assert_str_eq(rows(days_sql), "example.com|20454|1|72000|27000|45000\n");
	parcel = item_begin("reports", "whole", NULL);
	(void)item_report_begin(parcel, &made);
	for (i = 0; i < 10; i++) {
		made.times = 1001;
		item_records(parcel, &made);
		apply(parcel);
		parcel = parcel_new();
	}
	made.times = 10010;
	made.incomplete = false;
	(void)item_report_end(parcel, &made);
	item_end(parcel, "whole", 5, true);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows(reports_sql), "1|1|receiver|example.com|m|0|20020|80080\n");
	ck_assert_str_eq(rows(days_sql), "example.com|20454|1|80080|30030|50050\n");
	ck_assert_str_eq(rows("SELECT count(*), max(id) - min(id) + 1 FROM record"), "20020|20020\n");
	counted(1, 1, 0, 20020, 80080);
	sound();
}
END_TEST

/* Sums stay below what SQL can add up; the report that would pass that is rejected. */
START_TEST(too_much)
{
	static const struct made_record large[] = {
	    {"192.0.2.1", 9007199254740992, "pass", "pass", "example.com", NULL}, {.ip = NULL}};
	struct made_report made = {.id = "1", .records = large, .times = 512};
	struct err err;

	import_one("1", &made, "1");
	counted(1, 0, 0, 512, UINT64_C(1) << 62);
	made.times = 1;
	made.id = "2";
	import_one("2", &made, "2");
	stream("3", &made);
	commit();
	ck_assert_str_eq(rows("SELECT status, reason FROM reject"),
	    "limit|with it the database would hold more than 2^62 messages\n"
	    "limit|with it the database would hold more than 2^62 messages\n");
	ck_assert_str_eq(rows("SELECT sum(messages) FROM record"), "4611686018427387904\n");
	ck_assert_uint_eq(counts.rejected, 2);
	/* After opening again it is still known. */
	world_reopen(STORE_IMPORT);
	ck_assert_int_eq(store_begin(store, true, &err), OK);
	made.id = "4";
	import_one("4", &made, "4");
	ck_assert_uint_eq(counts.rejected, 3);
	sound();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store");
	TCase *tests = tcase_create("store");

	tcase_add_checked_fixture(tests, world_set_up, world_tear_down);
	tcase_add_test(tests, one);
	tcase_add_test(tests, unknowns);
	tcase_add_test(tests, duplicate);
	tcase_add_test(tests, duplicate_at_once);
	tcase_add_test(tests, conflict);
	tcase_add_test(tests, distinct);
	tcase_add_test(tests, cut_then_whole);
	tcase_add_test(tests, whole_then_cut);
	tcase_add_test(tests, two_cut);
	tcase_add_test(tests, replaced_among_others);
	tcase_add_test(tests, periods);
	tcase_add_test(tests, streaming);
	tcase_add_test(tests, aborted);
	tcase_add_test(tests, many_records);
	tcase_add_test(tests, too_much);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
