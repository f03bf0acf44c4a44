/* The whole chain on files: what is read, told, kept and read again, whatever the number of threads. */
#include "contract/world.h"

#include "base/pack.h"
#include "ingest/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOLD = 8000 };

#define REPORT(id, count, extra)                                                                             \
	"<feedback><report_metadata><org_name>Receiver</org_name><report_id>" id "</report_id><date_range>"  \
	"<begin>1767225600</begin><end>1767311999</end></date_range></report_metadata><policy_published>"    \
	"<domain>example.com</domain><p>none</p></policy_published>" extra                                   \
	"<record><row><source_ip>192.0.2.1</source_ip><count>" count "</count><policy_evaluated>"            \
	"<disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>"           \
	"<identifiers><header_from>example.com</header_from></identifiers></record></feedback>"
#define MAIL                                                                                                 \
	"From: r@receiver.example\nTo: d@example.com\nSubject: Report\nMessage-ID: <1@receiver.example>\n"   \
	"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "                \
	"text/plain\n\nhello\n"                                                                              \
	"--b\nContent-Type: text/xml\nContent-Disposition: attachment; filename=m.xml\n\n"

static char told[TOLD];

static void
set_up(void)
{
	files_set_up();
	told[0] = '\0';
}

static void
put_packed(const char *name, const char *text)
{
	struct stream *from = stream_memory(text, strlen(text)), *stream = pack_deflate(from);
	const unsigned char *data;
	size_t len;

	ck_assert_int_eq(stream_next(stream, &data, &len, &failure), OK);
	put(name, data, len);
	stream_close(stream);
	stream_close(from);
}

/* Messages of a run, a line each, without the folder. */
static void
on_message(void *data, const struct err *err)
{
	size_t len = strlen(told), skip = strlen(in) + 1;

	(void)data;
	ck_assert_int_eq(strncmp(err->where, in, skip - 1), 0);
	(void)snprintf(told + len, TOLD - len, "%s: %s\n", err->where + skip, err->what);
}

static void
on_progress(void *data, const struct counts *now, uint64_t done, uint64_t total)
{
	uint64_t *most = data;

	ck_assert_uint_ge(done, most == NULL ? 0 : *most);
	ck_assert(total == 0 || done <= total);
	ck_assert_uint_le(now->files, done);
	if (most != NULL)
		*most = done;
}

static void
put_world(void)
{
	char cut[1000];

	put_text("a.xml", REPORT("a", "3", ""));
	put_text("b.xml", REPORT("a", "3", " "));
	put_text("c.xml", REPORT("a", "4", ""));
	put_packed("d", REPORT("d", "5", "") REPORT("e", "6", ""));
	put_text("f.eml", MAIL REPORT("f", "7", "") "\n--b--\n");
	put_text("g.txt", "no report at all");
	put_text("h.xml", "<!DOCTYPE feedback>" REPORT("h", "8", ""));
	(void)snprintf(cut, sizeof cut, "%.450s", REPORT("i", "9", ""));
	put_text("i.xml", cut);
	put_text("j.xml", "<feedback/>" REPORT("j", "10", ""));
	put_text("k.eml", "From: a@example.com\nSubject: hello\nDate: today\n\nhello\n");
	put_text("l.xml", "");
}

static void
run(enum status expected)
{
	struct ingest *ingest;

	options.message = on_message;
	options.progress = on_progress;
	told[0] = '\0';
	ck_assert_msg(ingest_open(&ingest, &options, &failure) == OK, "%s: %s", failure.where, failure.what);
	ck_assert_msg(
	    ingest_run(ingest, store, &counts, &failure) == expected, "%s: %s", failure.where, failure.what);
	ingest_close(ingest);
}

static const char everything[] =
    "SELECT * FROM (SELECT 'n', id, text, 0, 0 FROM name UNION ALL SELECT 'i', id, text, 0, 0 FROM ip"
    " UNION ALL SELECT 'r', id, report_id, messages, first_record FROM report"
    " UNION ALL SELECT 'p', report, arrival, place, kind FROM repeat"
    " UNION ALL SELECT 'c', id, report, ip, messages FROM record UNION ALL SELECT 'd', id, day, reports, "
    "messages FROM day"
    " UNION ALL SELECT 't', day, profile, ip, messages FROM traffic"
    " UNION ALL SELECT 'f', id, name, size, 0 FROM file UNION ALL SELECT 'o', id, hex(sha256), size, "
    "deflated FROM original"
    " UNION ALL SELECT 'a', id, file, place, original FROM arrival"
    " UNION ALL SELECT 'j', id, arrival, place, reason FROM reject) ORDER BY 1, 2, 3, 4, 5";

static const char world_told[] =
    "g.txt: no report in it, and neither XML, JSON, gzip, zlib, zip, mail nor mbox\n"
    "h.xml: 1:19: DOCTYPE is not allowed\n"
    "l.xml: it is empty\n";

/* One thread or several: the same database. */
START_TEST(imports)
{
	static const unsigned jobs[] = {1, 4, 0};
	char *first = NULL;
	size_t i;

	put_world();
	for (i = 0; i < 3; i++) {
		if (i > 0) {
			world_empty();
		}
		options.jobs = jobs[i];
		run(OK);
		ck_assert_uint_eq(counts.files, 11);
		ck_assert_uint_eq(counts.mails, 2);
		ck_assert_uint_eq(counts.reports, 7);
		ck_assert_uint_eq(counts.duplicates, 1);
		ck_assert_uint_eq(counts.conflicts, 1);
		ck_assert_uint_eq(counts.incomplete, 1);
		ck_assert_uint_eq(counts.records, 5);
		ck_assert_uint_eq(counts.messages, 3 + 5 + 6 + 7 + 10);
		ck_assert_uint_eq(counts.rejected, 3);
		ck_assert_uint_eq(counts.skipped, 1);
		ck_assert_str_eq(findings(), "");
		ck_assert_str_eq(told, world_told);
		if (first == NULL)
			first = strdup(rows(everything));
		ck_assert_str_eq(rows(everything), first);
	}
	ck_assert_str_eq(
	    rows("SELECT o.place, r.place, r.report_id FROM report AS r JOIN arrival AS o ON o.id = r.arrival"
		 " WHERE report_id IN ('d', 'e', 'f', 'j') ORDER BY report_id"),
	    "-|-|d\n-|document 2|e\npart 2: m.xml|-|f\n-|document 2|j\n");
	free(first);
}
END_TEST

/* The same for every form that reports come in, and the same again when it is rebuilt. */
START_TEST(forms)
{
	char *first;

	(void)snprintf(in, sizeof in, "%s/fixtures/forms", TEST_SOURCE_DIR);
	run(OK);
	ck_assert_uint_gt(counts.reports, 90);
	ck_assert_str_eq(findings(), "");
	first = strdup(rows(everything));
	ck_assert_int_eq(ingest_rebuild(store, &limits, &counts, &failure), OK);
	commit();
	ck_assert_str_eq(rows(everything), first);
	world_empty();
	options.jobs = 4;
	run(OK);
	ck_assert_str_eq(rows(everything), first);
	free(first);
}
END_TEST

/* A second run reads nothing; a file that changed is read again. */
START_TEST(unchanged)
{
	put_world();
	run(OK);
	run(OK);
	ck_assert_uint_eq(counts.unchanged, 11);
	ck_assert_uint_eq(counts.files, 0);
	ck_assert_uint_eq(counts.rejected, 0);
	put_text("b.xml", REPORT("new", "3", ""));
	run(OK);
	ck_assert_uint_eq(counts.unchanged, 10);
	ck_assert_uint_eq(counts.reports, 1);
	ck_assert_str_eq(rows("SELECT count(*) FROM run WHERE finished IS NOT NULL"), "3\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* What became of each file, and which of them may be deleted: never the only whole copy. */
START_TEST(states)
{
	static char large[4000];

	(void)memset(large, 'x', sizeof large - 1);
	put_world();
	put_text("m.txt", large);
	limits.reject_bytes = 2000;
	options.settle = SETTLE_DELETE;
	run(OK);
	ck_assert_str_eq(rows("SELECT name, state FROM file ORDER BY name"),
	    "a.xml|1\nb.xml|1\nc.xml|1\nd|1\nf.eml|1\ng.txt|4\nh.xml|4\ni.xml|1\nj.xml|1\nk.eml|2\nl.xml|"
	    "4\nm.txt|5\n");
	put_text("n.xml", REPORT("n", "1", ""));
	run(OK);
	ck_assert_uint_eq(counts.unchanged, 2);
	ck_assert_uint_eq(counts.files, 1);
}
END_TEST

/* Derived tables again, with the same rows; not when originals are missing. */
START_TEST(rebuilds)
{
	char *before;

	put_world();
	run(OK);
	before = strdup(rows(everything));
	ck_assert_msg(ingest_rebuild(store, &limits, &counts, &failure) == OK, "%s", failure.what);
	commit();
	ck_assert_str_eq(rows(everything), before);
	ck_assert_str_eq(findings(), "");
	world_reopen(STORE_IMPORT);
	put_text("z.xml", REPORT("z", "1", ""));
	options.keep_originals = false;
	run(OK);
	ck_assert_int_eq(ingest_rebuild(store, &limits, &counts, &failure), FATAL);
	ck_assert_int_eq(failure.exit_code, EXIT_CODE_DATA);
	ck_assert_str_eq(failure.what, "1 reports came from originals whose bytes are not kept "
				       "(--no-originals, `db prune --originals`): "
				       "nothing was changed");
	ck_assert_str_eq(rows("SELECT report_id FROM report WHERE report_id = 'z'"), "z\n");
	free(before);
}
END_TEST

/* A reject is tried again, when a limit was in its way. */
START_TEST(retries)
{
	put_text("a.xml", REPORT("a", "3", "<record><row><count>1</count></row></record>"));
	limits.records = 1;
	run(OK);
	ck_assert_uint_eq(counts.rejected, 1);
	ck_assert_uint_eq(counts.reports, 0);
	ck_assert_ptr_nonnull(strstr(told, "more than 1 records (limit records)"));
	ck_assert_int_eq(ingest_retry(store, &limits, &counts, &failure), OK);
	commit();
	ck_assert_uint_eq(counts.reports, 0);
	ck_assert_str_eq(rows("SELECT retried IS NULL, status FROM reject"), "1|limit\n");
	limits.records = 2;
	world_reopen(STORE_WRITE);
	ck_assert_int_eq(ingest_retry(store, &limits, &counts, &failure), OK);
	commit();
	ck_assert_uint_eq(counts.reports, 1);
	ck_assert_str_eq(rows("SELECT retried IS NULL FROM reject"), "0\n");
	ck_assert_str_eq(rows("SELECT records, messages FROM report"), "2|4\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* A report that fills many parcels, whole and with something at its end that makes it worthless. */
START_TEST(large)
{
	static const char record[] =
	    "<record><row><source_ip>192.0.2.7</source_ip><count>2</count></row></record>\n";
	static const char head[] = REPORT("large", "1", "");
	enum { TIMES = 20000 };
	char *text = malloc(sizeof record * TIMES + 2000), *at = text;
	size_t i;

	ck_assert_ptr_nonnull(text);
	at += snprintf(text, 2000, "%.*s", (int)(strstr(head, "<record>") - head), head);
	for (i = 0; i < TIMES; i++, at += sizeof record - 1)
		(void)memcpy(at, record, sizeof record);
	(void)memcpy(at, "</feedback>", 12);
	put_text("whole.xml", text);
	(void)memcpy(at, "&<!DOCTYPE a>", 14);
	put_text("bad.xml", text);
	limits.spool_memory = 4096;
	run(OK);
	ck_assert_uint_eq(counts.reports, 1);
	ck_assert_uint_eq(counts.records, TIMES);
	ck_assert_uint_eq(counts.messages, 2 * TIMES);
	ck_assert_uint_eq(counts.rejected, 1);
	ck_assert_ptr_nonnull(strstr(told, "DOCTYPE is not allowed"));
	ck_assert_str_eq(rows("SELECT count(*), sum(messages) FROM record"), "20000|40000\n");
	ck_assert_str_eq(findings(), "");
	free(text);
}
END_TEST

static bool
stop_now(void)
{
	return true;
}

START_TEST(stops)
{
	put_world();
	options.stop = stop_now;
	run(TEMP);
	ck_assert_int_eq(failure.exit_code, EXIT_CODE_TEMPORARY);
	ck_assert_str_eq(failure.what, "stopped by request: what was read is kept");
	ck_assert_uint_lt(counts.files, 11);
	ck_assert_str_eq(rows("SELECT finished IS NULL FROM run"), "1\n");
	options.stop = NULL;
	run(OK);
	ck_assert_str_eq(rows("SELECT finished IS NULL FROM run ORDER BY id"), "1\n0\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM report WHERE state = 1"), "7\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* Where there is no source nothing is begun; one of several that is missing is a reject of the run. */
START_TEST(no_source)
{
	char nowhere[320];
	const char *const texts[] = {nowhere, in};
	const struct ingest_options usual = options;
	struct ingest *ingest;

	put_world();
	(void)snprintf(nowhere, sizeof nowhere, "%s/nowhere", in);
	options.message = on_message;
	options.sources = texts;
	ck_assert_int_eq(
	    ingest_open(&ingest, &(struct ingest_options){.sources = texts, .source_count = 1}, &failure),
	    FATAL);
	ck_assert_ptr_null(ingest);
	ck_assert_int_eq((int)failure.exit_code, EXIT_CODE_DATA);
	ck_assert_str_eq(failure.where, nowhere);
	ck_assert_str_eq(failure.what, "No such file or directory");
	options.source_count = 2;
	run(OK);
	ck_assert_ptr_nonnull(strstr(told, "nowhere: No such file or directory"));
	ck_assert_str_eq(rows("SELECT count(*) FROM report WHERE state = 1"), "7\n");
	options = usual;
}
END_TEST

/* Files are deleted when all of them that matters is stored, and only then. */
START_TEST(settles)
{
	char path[300];

	put_text("a.xml", REPORT("a", "3", ""));
	put_text("b.eml", "From: a@example.com\nSubject: hello\n\nhello\n");
	put_text("c.xml", "<!DOCTYPE feedback>");
	options.settle = SETTLE_DELETE;
	run(OK);
	(void)snprintf(path, sizeof path, "%s/a.xml", in);
	ck_assert_int_ne(access(path, F_OK), 0);
	(void)snprintf(path, sizeof path, "%s/b.eml", in);
	ck_assert_int_eq(access(path, F_OK), 0);
	/* The bytes of a reject are in the database. */
	(void)snprintf(path, sizeof path, "%s/c.xml", in);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_str_eq(rows("SELECT count(*) FROM reject"), "1\n");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ingest");
	TCase *tests = tcase_create("ingest");

	tcase_add_checked_fixture(tests, set_up, world_tear_down);
	tcase_add_test(tests, imports);
	tcase_add_test(tests, forms);
	tcase_add_test(tests, unchanged);
	tcase_add_test(tests, states);
	tcase_add_test(tests, rebuilds);
	tcase_add_test(tests, retries);
	tcase_add_test(tests, large);
	tcase_add_test(tests, stops);
	tcase_add_test(tests, no_source);
	tcase_add_test(tests, settles);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
