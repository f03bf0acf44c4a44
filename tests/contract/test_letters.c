/* Mails that carry no report, through the whole chain. */
#include "contract/world.h"

#include "store/prune.h"

#include <stdio.h>
#include <string.h>

#define ERROR_REPORT                                                                                         \
	"From: reports@a.example\nSubject: DMARC error report\nContent-Type: text/plain\nMessage-ID: "       \
	"<e@a>\n\n"                                                                                          \
	"Report-Date: Tue, 2 Jun 2026 00:00:00 +0000\nReport-Domain: example.com\nReport-ID: 77\n"           \
	"Report-Size: 20971520\nSubmitter: a.example\nSubmitting-URI: mailto:d@example.com!10m\n"
#define LINE "From a Tue Jun  2 00:00:00 2026\n"

START_TEST(counted)
{
	put_text("1.eml", "From: a@example.com\nSubject: Hello\n\nDear all\n");
	put_text("2.eml", "From: MAILER-DAEMON@example.com\nSubject: x\n\ny\n");
	put_text("3.eml", "From: b@example.com\nSubject: x\nContent-Type: multipart/report; "
			  "report-type=delivery-status; boundary=b\n\n"
			  "--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: "
			  "message/delivery-status\n\nReporting-MTA: dns; a\n\n"
			  "--b--\n");
	put_text("4.eml", "From: c@example.com\nSubject: x\nAuto-Submitted: auto-replied\n\naway\n");
	put_text("5.eml", "From: d@example.com\nSubject: x\nContent-Type: multipart/report; "
			  "report-type=feedback-report; boundary=b\n\n"
			  "--b\nContent-Type: text/plain\n\nspam\n--b\nContent-Type: "
			  "message/feedback-report\n\nFeedback-Type: abuse\n\n--b--\n");
	put_text("6.eml", ERROR_REPORT);
	put_text("7.eml", "From: d@example.com\nSubject: x\nContent-Type: multipart/report; "
			  "report-type=feedback-report; boundary=b\n\n"
			  "--b\nContent-Type: text/plain\n\nspam\n--b--\n");
	import();
	ck_assert_uint_eq(counts.skipped, 6);
	ck_assert_uint_eq(counts.feedback, 1);
	ck_assert_uint_eq(counts.rejected, 0);
	ck_assert_str_eq(
	    rows("SELECT skipped, bounces, replies, abuse, lost, others FROM run ORDER BY id DESC LIMIT 1"),
	    "6|2|1|1|1|1\n");
	ck_assert_str_eq(rows("SELECT state FROM file"), "2\n2\n2\n2\n1\n2\n2\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

START_TEST(lost)
{
	put_text("1.eml", ERROR_REPORT);
	import();
	ck_assert_str_eq(rows("SELECT lost.domain, submitter, report_id, date, uri, size, mail.message_id "
			      "FROM lost JOIN mail ON "
			      "mail.id = lost.mail"),
	    "example.com|a.example|77|Tue, 2 Jun 2026 00:00:00 "
	    "+0000|mailto:d@example.com!10m|20971520|<e@a>\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* An mbox that grew is read again as a whole; a mail that is known tells nothing new. */
START_TEST(lost_once)
{
	put_text("1.mbox", LINE ERROR_REPORT);
	import();
	world_reopen(STORE_IMPORT);
	put_text("1.mbox", LINE ERROR_REPORT "\n" LINE ERROR_REPORT "\n" LINE
					     "From: a@example.com\nSubject: Hello\n\nDear all\n");
	import();
	ck_assert_uint_eq(counts.skipped, 3);
	ck_assert_str_eq(rows("SELECT count(*) FROM lost"), "1\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM mail"), "1\n");
}
END_TEST

/* A mail that also brings a report is no error report, whatever its text says. */
START_TEST(beside_a_report)
{
	put_text("1.eml", "From: a@a.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
			  "boundary=b\n\n--b\nContent-Type: text/plain\n\n"
			  "Report-Domain: example.com\nReport-ID: 1\n--b\nContent-Type: text/xml\n\n"
			  "<feedback><report_metadata><org_name>A</org_name><report_id>1</"
			  "report_id><date_range><begin>1767225600</begin>"
			  "<end>1767311999</end></date_range></"
			  "report_metadata><policy_published><domain>example.com</domain>"
			  "</policy_published></feedback>\n--b--\n");
	import();
	ck_assert_uint_eq(counts.reports, 1);
	ck_assert_uint_eq(counts.skipped, 0);
	ck_assert_str_eq(rows("SELECT count(*) FROM lost"), "0\n");
}
END_TEST

/* A rebuild leaves it, and so does a prune. */
START_TEST(stays)
{
	struct pruned pruned;

	put_text("1.eml", ERROR_REPORT);
	import();
	world_reopen(STORE_WRITE);
	ck_assert_int_eq(ingest_rebuild(store, &limits, &counts, &failure), OK);
	ck_assert_int_eq(store_prune(&pruned, store, PRUNE_ALL, 30, &failure), OK);
	ck_assert_str_eq(rows("SELECT count(*) FROM lost"), "1\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("letters");
	TCase *tests = tcase_create("letters");

	tcase_add_checked_fixture(tests, files_set_up, world_tear_down);
	tcase_add_test(tests, counted);
	tcase_add_test(tests, lost);
	tcase_add_test(tests, lost_once);
	tcase_add_test(tests, beside_a_report);
	tcase_add_test(tests, stays);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
