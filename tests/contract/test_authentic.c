/* Mails with reports through the whole chain: what is stored of who sent them, and what of it counts. */
#include "contract/world.h"

#include <stdio.h>
#include <string.h>

#define HOP           "Received: from a (a [192.0.2.1]) by mx.example.org with ESMTPS; Tue, 2 Jun 2026 00:00:00 +0000\n"
#define SAYS(results) "Authentication-Results: mx.example.org; " results "\n" HOP
#define REPORT(id, org, count)                                                                               \
	"<feedback><report_metadata><org_name>" org "</org_name><email>dmarc@" org "</email><report_id>" id  \
	"</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range></"              \
	"report_metadata>"                                                                                   \
	"<policy_published><domain>example.com</domain><p>none</p></policy_published><record><row>"          \
	"<source_ip>192.0.2.1</source_ip><count>" count "</count><policy_evaluated><disposition>none"        \
	"</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>"  \
	"example.com</header_from></identifiers></record></feedback>\n"
#define MAIL(trace, from, id, org, count)                                                                    \
	trace "From: " from "\nMIME-Version: 1.0\nContent-Type: text/xml\n\n" REPORT(id, org, count)

static void
set_up(void)
{
	files_set_up();
	options.trusted = "mx.example.org";
}

static void
put_world(void)
{
	put_text(
	    "1.eml", MAIL(SAYS("dmarc=pass header.from=a.example"), "d@a.example", "1", "a.example", "1"));
	put_text(
	    "2.eml", MAIL(SAYS("dmarc=fail header.from=a.example"), "d@a.example", "2", "a.example", "10"));
	put_text(
	    "3.eml", MAIL(SAYS("dmarc=pass header.from=b.example"), "d@b.example", "3", "a.example", "100"));
	put_text("4.eml", MAIL(HOP, "d@a.example", "4", "a.example", "1000"));
	put_text("5.xml", REPORT("5", "a.example", "10000"));
	put_text(
	    "6.eml", MAIL(SAYS("dkim=pass header.d=a.example"), "d@r.a.example", "6", "a.example", "100000"));
}

static const char facts[] = "1|a.example|mx.example.org|dmarc=pass:a.example\n"
			    "2|a.example|mx.example.org|dmarc=fail:a.example\n"
			    "3|b.example|mx.example.org|dmarc=pass:b.example\n"
			    "4|a.example|-|-\n"
			    "5|r.a.example|mx.example.org|dkim=pass:a.example\n";
static const char verdicts[] = "1|1\n2|2\n3|0\n4|0\n5|0\n6|1\n";
static const char days[] = "0|3|11100\n1|2|100001\n2|1|10\n";

static void
check_world(void)
{
	ck_assert_str_eq(rows("SELECT id, from_domain, checked_by, results FROM mail ORDER BY id"), facts);
	ck_assert_str_eq(rows("SELECT report_id, authentic FROM report ORDER BY report_id"), verdicts);
	ck_assert_str_eq(rows("SELECT authentic, reports, messages FROM day ORDER BY authentic"), days);
	ck_assert_str_eq(findings(), "");
}

START_TEST(stored)
{
	put_world();
	import();
	ck_assert_uint_eq(counts.reports, 6);
	check_world();
	ck_assert_str_eq(
	    rows("SELECT report_id, authenticity FROM v_reports WHERE report < 3 ORDER BY report"),
	    "1|authenticated\n2|forged?\n");
	ck_assert_str_eq(rows("SELECT authenticity, messages FROM v_daily ORDER BY messages"),
	    "forged?|10\nunverified|11100\nauthenticated|100001\n");
}
END_TEST

/* The configuration of the day of the import counts, so a rebuild gives the same. */
START_TEST(rebuilt)
{
	char before[4000];

	put_world();
	import();
	(void)snprintf(before, sizeof before, "%s", rows("SELECT * FROM report ORDER BY id"));
	world_reopen(STORE_WRITE);
	ck_assert_int_eq(ingest_rebuild(store, &limits, &counts, &failure), OK);
	ck_assert_str_eq(rows("SELECT * FROM report ORDER BY id"), before);
	check_world();
}
END_TEST

/* Nobody is believed unless somebody says so. */
START_TEST(nobody_trusted)
{
	options.trusted = NULL;
	put_world();
	import();
	ck_assert_str_eq(rows("SELECT DISTINCT authentic FROM report"), "0\n");
	ck_assert_str_eq(rows("SELECT count(*), count(checked_by), count(from_domain) FROM mail"), "5|0|5\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* The mails of an mbox are each by themselves, and what comes behind them is no mail. */
START_TEST(mbox)
{
	put_text("1.mbox",
	    "From a Tue Jun  2 00:00:00 2026\n" MAIL(SAYS("dmarc=pass header.from=a.example"), "d@a.example",
		"1", "a.example",
		"1") "\nFrom a Tue Jun  2 00:00:00 2026\n" MAIL("", "d@a.example", "2", "a.example", "10"));
	put_text("2.xml", REPORT("3", "a.example", "100"));
	import();
	ck_assert_str_eq(
	    rows("SELECT report_id, authentic FROM report ORDER BY report_id"), "1|1\n2|0\n3|0\n");
}
END_TEST

/* A whole report that takes the place of a cut one brings its own mail's word. */
START_TEST(replaced)
{
	char cut[] = MAIL(SAYS("dmarc=fail header.from=a.example"), "d@a.example", "1", "a.example", "7");

	cut[strlen(cut) - strlen("</feedback>\n")] = '\0';
	put_text("1.eml", cut);
	put_text(
	    "2.eml", MAIL(SAYS("dmarc=pass header.from=a.example"), "d@a.example", "1", "a.example", "7"));
	import();
	ck_assert_str_eq(rows("SELECT report_id, authentic, incomplete FROM report"), "1|1|0\n");
	ck_assert_str_eq(rows("SELECT authentic, reports, messages FROM day"), "1|1|7\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* Flow holds authenticated reports apart from the rest, also what comes after it was made. */
START_TEST(flow)
{
	put_text(
	    "1.eml", MAIL(SAYS("dmarc=pass header.from=a.example"), "d@a.example", "1", "a.example", "1"));
	put_text("2.eml", MAIL(HOP, "d@a.example", "2", "a.example", "10"));
	import();
	exec("INSERT INTO flow_domain SELECT id FROM name WHERE text = 'example.com'");
	exec("INSERT INTO flow SELECT day.domain, profile, ip, reporter, authentic, traffic.messages, "
	     "day.day, day.day FROM day "
	     "JOIN traffic ON traffic.day = day.id");
	world_reopen(STORE_IMPORT);
	put_text(
	    "3.eml", MAIL(SAYS("dmarc=pass header.from=a.example"), "d@a.example", "3", "a.example", "100"));
	import();
	ck_assert_str_eq(rows("SELECT authentic, messages FROM flow ORDER BY authentic"), "0|10\n1|101\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("authentic");
	TCase *tests = tcase_create("authentic");

	tcase_add_checked_fixture(tests, set_up, world_tear_down);
	tcase_add_test(tests, stored);
	tcase_add_test(tests, rebuilt);
	tcase_add_test(tests, nobody_trusted);
	tcase_add_test(tests, mbox);
	tcase_add_test(tests, replaced);
	tcase_add_test(tests, flow);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
