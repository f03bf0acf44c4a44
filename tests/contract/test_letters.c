/* Mails that carry no report, through the whole chain. */
#include "contract/world.h"

#include "ingest/ingest.h"
#include "store/prune.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ERROR_REPORT                                                                                         \
	"From: reports@a.example\nSubject: DMARC error report\nContent-Type: text/plain\nMessage-ID: "       \
	"<e@a>\n\n"                                                                                          \
	"Report-Date: Tue, 2 Jun 2026 00:00:00 +0000\nReport-Domain: example.com\nReport-ID: 77\n"           \
	"Report-Size: 20971520\nSubmitter: a.example\nSubmitting-URI: mailto:d@example.com!10m\n"
#define LINE "From a Tue Jun  2 00:00:00 2026\n"

static char in[200];
static const char *sources[] = {in};
static struct ingest_options options;
static struct err failure;

static void
set_up(void)
{
	world_set_up();
	world_reopen(STORE_IMPORT);
	(void)snprintf(in, sizeof in, "%s/in", world_folder);
	ck_assert_int_eq(mkdir(in, 0755), 0);
	options = (struct ingest_options){
	    .sources = sources, .source_count = 1, .jobs = 1, .keep_originals = true, .limits = &limits};
}

static void
put(const char *name, const char *text)
{
	char path[300];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/%s", in, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ne(fputs(text, file), EOF);
	ck_assert_int_eq(fclose(file), 0);
}

static void
import(void)
{
	struct ingest *ingest;

	memset(&counts, 0, sizeof counts);
	ck_assert_int_eq(ingest_open(&ingest, &options, &failure), OK);
	ck_assert_int_eq(ingest_run(ingest, store, &counts, &failure), OK);
	ingest_close(ingest);
}

START_TEST(counted)
{
	put("1.eml", "From: a@example.com\nSubject: Hello\n\nDear all\n");
	put("2.eml", "From: MAILER-DAEMON@example.com\nSubject: x\n\ny\n");
	put("3.eml", "From: b@example.com\nSubject: x\nContent-Type: multipart/report; "
		     "report-type=delivery-status; boundary=b\n\n"
		     "--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: "
		     "message/delivery-status\n\nReporting-MTA: dns; a\n\n"
		     "--b--\n");
	put("4.eml", "From: c@example.com\nSubject: x\nAuto-Submitted: auto-replied\n\naway\n");
	put("5.eml", "From: d@example.com\nSubject: x\nContent-Type: multipart/report; "
		     "report-type=feedback-report; boundary=b\n\n"
		     "--b\nContent-Type: text/plain\n\nspam\n--b\nContent-Type: "
		     "message/feedback-report\n\nFeedback-Type: abuse\n\n--b--\n");
	put("6.eml", ERROR_REPORT);
	put("7.eml", "From: d@example.com\nSubject: x\nContent-Type: multipart/report; "
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
	put("1.eml", ERROR_REPORT);
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
	put("1.mbox", LINE ERROR_REPORT);
	import();
	world_reopen(STORE_IMPORT);
	put("1.mbox", LINE ERROR_REPORT "\n" LINE ERROR_REPORT "\n" LINE
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
	put("1.eml", "From: a@a.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
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

	put("1.eml", ERROR_REPORT);
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

	tcase_add_checked_fixture(tests, set_up, world_tear_down);
	tcase_add_test(tests, counted);
	tcase_add_test(tests, lost);
	tcase_add_test(tests, lost_once);
	tcase_add_test(tests, beside_a_report);
	tcase_add_test(tests, stays);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
