/* What a store has to give for the mail of a domain (query/mail_feed.h): every row of its days once, the days
 * that each window has, authenticated reports alone, and reports with the newest first. */
#include "contract/world.h"
#include "query/mail_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AS_OF = DAY_ONE, REPORT_BYTES = 4000, WAVE = 140000 /* pairs: more than are remembered at once */ };

static const struct mail_span span = {AS_OF, MAIL_RATES, MAIL_INVENTORY, MAIL_MEMORY, 100};
static struct mail_feed *feed;
static struct mail *mail;
static const struct mail_view *view;
static int files;

/* What a reporter tells of a day. Left out: a.example, example.com, p=none, nothing fails, no mail that
 * proves it. */
struct told {
	int before; /* days before AS_OF */
	int messages;
	const char *ip, *org, *domain, *policy;
	bool fails, authentic;
	bool near; /* fails by the receiver's word, while SPF passes for a name below the domain */
};

static void
put_told(const struct told *told)
{
	const char *org = told->org != NULL ? told->org : "a.example";
	const char *domain = told->domain != NULL ? told->domain : "example.com";
	long long begin = ((long long)AS_OF - told->before) * DAY_SECONDS;
	char text[REPORT_BYTES], name[40];
	int len = 0;

	if (told->authentic)
		len = snprintf(text, sizeof text,
		    "Authentication-Results: mx.example.org; dmarc=pass header.from=%s\nReceived: from a (a "
		    "[192.0.2.1]) by mx.example.org with ESMTPS; Tue, 2 Jun 2026 00:00:00 +0000\nFrom: d@%s\n"
		    "MIME-Version: 1.0\nContent-Type: text/xml\n\n",
		    org, org);
	(void)snprintf(text + len, sizeof text - (size_t)len,
	    "<feedback><report_metadata><org_name>%s</org_name><email>dmarc@%s</email><report_id>%d</"
	    "report_id>"
	    "<date_range><begin>%lld</begin><end>%lld</end></date_range></report_metadata><policy_published>"
	    "<domain>%s</domain>%s</policy_published><record><row><source_ip>%s</source_ip><count>%d</count>"
	    "<policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>%s</spf>"
	    "</policy_evaluated></row><identifiers><header_from>%s</header_from></identifiers><auth_results>"
	    "<spf><domain>%s%s</domain><scope>mfrom</scope><result>%s</result></spf></auth_results></record>"
	    "</feedback>\n",
	    org, org, files, begin, begin + DAY_SECONDS - 1, domain,
	    told->policy != NULL ? told->policy : "<p>none</p>", told->ip != NULL ? told->ip : "192.0.2.1",
	    told->messages > 0 ? told->messages : 1, told->fails || told->near ? "fail" : "pass", domain,
	    told->near ? "www." : "", domain, told->fails ? "fail" : "pass");
	(void)snprintf(name, sizeof name, "%05d.%s", files++, told->authentic ? "eml" : "xml");
	put_text(name, text);
}

static void
put_all(const struct told *told, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		put_told(&told[i]);
	import();
	ck_assert_uint_eq(counts.reports, count);
	ck_assert_uint_eq(counts.rejected, 0);
}

#define PUT(told) put_all(told, sizeof(told) / sizeof *(told))

static void
read_mail(const char *domain, bool authentic)
{
	char sql[200];
	int64_t id;

	(void)snprintf(sql, sizeof sql, "SELECT id FROM name WHERE text = '%s'", domain);
	ck_assert_int_eq(db_number(&id, store_db(store), sql, &failure), OK);
	mail_free(mail);
	mail = NULL;
	if (feed == NULL)
		ck_assert_int_eq(mail_feed_open(&feed, store_db(store), &failure), OK);
	ck_assert_msg(mail_feed_read(&mail, feed, id, &span, authentic, &failure) == OK, "%s", failure.what);
	view = mail_view(mail);
}

static void
set_up(void)
{
	files = 0;
	files_set_up();
	options.trusted = "mx.example.org";
}

static void
tear_down(void)
{
	mail_free(mail);
	mail_feed_close(feed);
	mail = NULL;
	feed = NULL;
	world_tear_down();
}

static uint64_t
messages(void)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < view->flow_count; i++)
		sum += view->flows[i].messages;
	return sum;
}

static uint64_t
recent(void)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < view->flow_count; i++)
		sum += view->flows[i].recent;
	return sum;
}

/* Each row once, and whose it is: its day, reporter and address. */
START_TEST(rows_arrive_once)
{
	static const struct told told[] = {
	    {.before = 3, .messages = 1},
	    {.before = 3, .messages = 10, .org = "b.example"},
	    {.before = 2, .messages = 100},
	    {.before = 2, .messages = 1000, .ip = "192.0.2.2"},
	    {.before = 2, .messages = 10000, .domain = "example.net"},
	};
	static const struct {
		int32_t day;
		const char *org;
		uint64_t messages;
	} cells[] = {{3, "a.example", 1}, {3, "b.example", 10}, {2, "a.example", 1100}};
	size_t i;

	PUT(told);
	read_mail("example.com", false);
	ck_assert_uint_eq(view->flow_count, 1);
	ck_assert_uint_eq(view->source_count, 1);
	ck_assert_uint_eq(view->sources[0].addresses, 2);
	ck_assert_uint_eq(view->cell_count, 3);
	for (i = 0; i < view->cell_count; i++) {
		ck_assert_int_eq(view->cells[i].day, cells[i].day);
		ck_assert(str_eq(view->reporters[view->cells[i].reporter].org, cells[i].org));
		ck_assert_uint_eq(view->cells[i].messages, cells[i].messages);
	}
	read_mail("example.net", false);
	ck_assert_uint_eq(messages(), 10000);
	ck_assert_uint_eq(view->reporter_count, 1);
	read_mail("example.com", false);
	ck_assert_uint_eq(messages(), 1111);
}
END_TEST

/* The first and the last day of each window belong to it, those beside them don't. */
START_TEST(windows_end_at_days)
{
	static const struct told told[] = {
	    {.before = -1, .messages = 1},
	    {.before = 0, .messages = 10},
	    {.before = MAIL_RATES - 1, .messages = 100},
	    {.before = MAIL_RATES, .messages = 1000},
	    {.before = MAIL_INVENTORY - 1, .messages = 10000},
	    {.before = MAIL_INVENTORY, .messages = 100000},
	};

	PUT(told);
	read_mail("example.com", false);
	ck_assert_uint_eq(messages(), 11110);
	ck_assert_uint_eq(recent(), 110);
	ck_assert_int_eq(view->first_day, AS_OF - MAIL_INVENTORY);
	ck_assert(view->reported[0] && view->reported[MAIL_RATES] && view->reported[MAIL_INVENTORY - 1]);
	ck_assert(!view->reported[1]);
}
END_TEST

START_TEST(memory_ends_at_a_day)
{
	static const struct told told[] = {
	    {.before = MAIL_MEMORY - 1},
	    {.before = MAIL_MEMORY, .domain = "example.net"},
	    {.before = 0, .fails = true},
	    {.before = 0, .fails = true, .domain = "example.net"},
	};

	PUT(told);
	read_mail("example.com", false);
	ck_assert_uint_eq(view->flow_count, 1);
	ck_assert_int_eq(view->flows[0].class, MAIL_BROKEN); /* this address passed before */
	read_mail("example.net", false);
	ck_assert_uint_eq(view->flow_count, 1);
	ck_assert_int_eq(view->flows[0].class, MAIL_SPOOFED);
}
END_TEST

START_TEST(authenticated_alone)
{
	static const struct told told[] = {
	    {.before = 1, .messages = 1},
	    {.before = 1, .messages = 10, .authentic = true},
	    {.before = 2, .messages = 100, .org = "b.example", .policy = "<p>reject</p>"},
	};

	PUT(told);
	read_mail("example.com", false);
	ck_assert_uint_eq(messages(), 111);
	ck_assert_uint_eq(view->cell_count, 3);
	ck_assert_uint_eq(view->reporter_count, 2);
	ck_assert_uint_eq(view->reporters[0].authentic_days + view->reporters[1].authentic_days, 1);
	read_mail("example.com", true);
	ck_assert_uint_eq(messages(), 10);
	ck_assert_uint_eq(view->cell_count, 1);
	ck_assert(view->cells[0].authentic && view->has_authentic);
	ck_assert_uint_eq(view->reporter_count, 1);
	ck_assert_uint_eq(view->published_count, 1);
	ck_assert(str_eq(view->published[0].policy.p, "none"));
	ck_assert(!view->reported[2]);
}
END_TEST

#define STRICT  .near = true, .policy = "<aspf>s</aspf><p>none</p>"
#define RELAXED .near = true, .policy = "<aspf>r</aspf><p>none</p>"

/* Whether alignment is strict: the last word of most reporters, of reports that begin in the window of rates.
 * Strict alignment is why such mail fails; without it the receiver contradicts itself. */
static const struct modes_case {
	bool strict;
	size_t count;
	struct told told[3];
} modes[] = {
    {true, 1, {{.before = 0, STRICT}}},
    {false, 1, {{.before = 0, RELAXED}}},
    {true, 1, {{.before = MAIL_RATES - 1, STRICT}}},
    {false, 1, {{.before = MAIL_RATES, STRICT}}},
    {false, 2, {{.before = 0, RELAXED}, {.before = -1, STRICT}}},
    {false, 2, {{.before = 3, STRICT}, {.before = 2, RELAXED}}},
    {true, 2, {{.before = 2, STRICT}, {.before = 3, RELAXED}}},
    {false, 3,
	{{.before = 2, STRICT}, {.before = 2, .org = "b.example", RELAXED},
	    {.before = 2, .org = "c.example", RELAXED}}},
    {true, 3,
	{{.before = 2, STRICT}, {.before = 2, .org = "b.example", STRICT},
	    {.before = 1, .org = "c.example", RELAXED}}},
};

START_TEST(modes_by_most_reporters)
{
	const struct modes_case *of = &modes[_i];

	put_all(of->told, of->count);
	read_mail("example.com", false);
	ck_assert_uint_eq(view->flow_count, 1);
	ck_assert_int_eq(view->flows[0].class, of->strict ? MAIL_BROKEN : MAIL_INCONSISTENT);
}
END_TEST

/* One reporter's policies are remembered up to some number: of more the newest. */
START_TEST(newest_reports_first)
{
	enum { POLICIES = 30, REMEMBERED = 20 };
	static char policies[POLICIES][40];
	struct told told[2 * POLICIES] = {{0}};
	size_t i;

	for (i = 0; i < 2 * POLICIES; i++) {
		size_t at = i * 7 % (2 * POLICIES); /* they come in no order */

		(void)snprintf(policies[at / 2], sizeof *policies, "<p>none</p><pct>%d</pct>", (int)at / 2);
		told[i] = (struct told){.before = (int)at, .policy = policies[at / 2]};
	}
	PUT(told);
	read_mail("example.com", false);
	ck_assert_uint_eq(view->published_count, REMEMBERED);
	for (i = 0; i < REMEMBERED; i++) {
		char pct[12];

		(void)snprintf(pct, sizeof pct, "%d", (int)i);
		ck_assert(str_eq(view->published[i].policy.pct, pct));
	}
}
END_TEST

/* What has to be read again for the second pass comes once, too. */
START_TEST(more_than_is_remembered)
{
	static const struct told told[] = {
	    {.before = 2, .fails = true, .messages = 7},
	    {.before = 3, .messages = 1000},
	};
	char sql[300];

	PUT(told);
	(void)snprintf(sql, sizeof sql,
	    "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < %d) "
	    "INSERT INTO ip (id, text, address) "
	    "SELECT 1000 + n, 'address ' || n, CAST(printf('%%016d', n) AS BLOB) FROM n",
	    WAVE);
	exec(sql);
	exec("INSERT INTO traffic SELECT day, profile, ip.id, 1 FROM traffic JOIN ip ON ip.id > 1000 "
	     "WHERE messages = 7");
	read_mail("example.com", false);
	ck_assert_uint_eq(messages(), 1000 + 7 + WAVE);
	ck_assert_uint_eq(view->cell_count, 2);
	ck_assert_int_eq(view->flows[0].class, MAIL_SPF_ONLY);
	ck_assert_uint_eq(view->flows[0].messages, 1000);
	read_mail("example.com", false);
	ck_assert_uint_eq(messages(), 1000 + 7 + WAVE);
}
END_TEST

static int64_t
today(void)
{
	int64_t day = 0;
	bool known;

	if (feed == NULL)
		ck_assert_int_eq(mail_feed_open(&feed, store_db(store), &failure), OK);
	ck_assert_int_eq(mail_feed_today(&day, &known, feed, &failure), OK);
	return known ? day : -1;
}

/* A domain whose reports stop is looked at from the day on which others still have some; a date in the
 * future moves nothing. */
START_TEST(today_is_of_all_domains)
{
	static const struct told told[] = {
	    {.before = 9, .messages = 5},
	    {.before = 4, .domain = "example.net"},
	    {.before = -3, .domain = "example.org"},
	};
	char sql[80];

	ck_assert_int_eq(today(), -1);
	PUT(told);
	(void)snprintf(
	    sql, sizeof sql, "UPDATE run SET started = %lld", (long long)(AS_OF - 1) * DAY_SECONDS);
	exec(sql);
	ck_assert_int_eq(today(), AS_OF - 4);
	(void)snprintf(
	    sql, sizeof sql, "UPDATE run SET started = %lld", (long long)(AS_OF + 2) * DAY_SECONDS);
	exec(sql);
	ck_assert_int_eq(today(), AS_OF + 3);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("mail feed");
	Suite *suite = suite_create("mail feed");

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, rows_arrive_once);
	tcase_add_test(tcase, windows_end_at_days);
	tcase_add_test(tcase, memory_ends_at_a_day);
	tcase_add_test(tcase, authenticated_alone);
	tcase_add_loop_test(tcase, modes_by_most_reporters, 0, sizeof modes / sizeof *modes);
	tcase_add_test(tcase, newest_reports_first);
	tcase_add_test(tcase, more_than_is_remembered);
	tcase_add_test(tcase, today_is_of_all_domains);
	return world_run(suite);
}
