/* What the store keeps of arrivals: originals byte for byte, mails, rejects, files seen; and what its check
 * finds. */
#include "base/buf.h"
#include "base/pack.h"
#include "contract/world.h"

#include <stdlib.h>
#include <string.h>

static const struct made_report report_a = {.id = "a", .content = 11, .records = both};

static enum status
on_write(void *data, const void *bytes, size_t len, struct err *err)
{
	(void)err;
	ck_assert(buf_add(data, bytes, len));
	return OK;
}

/* The original as the store gives it back, twice: by hand and as a stream that is rewound. */
static void
gives_back(int64_t original, const void *bytes, size_t len)
{
	const unsigned char *data;
	uint64_t size, kept;
	struct stream *stream;
	struct err err;
	struct buf buf;
	size_t n, times;

	buf_init(&buf, 1 << 24);
	ck_assert_int_eq(store_original(store, original, on_write, &buf, &err), OK);
	ck_assert_uint_eq(buf.len, len);
	if (len > 0)
		ck_assert_mem_eq(buf.data, bytes, len);
	ck_assert_int_eq(store_original_open(&stream, store, original, &size, &kept, &err), OK);
	ck_assert_uint_eq(size, len);
	ck_assert_uint_eq(kept, len);
	for (times = 0; times < 2; times++) {
		buf_clear(&buf);
		while (stream_next(stream, &data, &n, &err) == OK && n > 0)
			ck_assert(buf_add(&buf, data, n));
		ck_assert_uint_eq(buf.len, len);
		if (len > 0)
			ck_assert_mem_eq(buf.data, bytes, len);
		ck_assert_int_eq(stream_rewind(stream, &err), OK);
	}
	stream_close(stream);
	buf_free(&buf);
}

/* Ends an arrival with its bytes deflated and in pieces. */
static void
end_deflated(struct parcel *parcel, const unsigned char *bytes, size_t len, bool deflate, size_t piece)
{
	struct entry *end = parcel_add(parcel, ENTRY_ARRIVAL_END), *entry;
	struct stream *from = stream_memory(bytes, len), *stream = deflate ? pack_deflate(from) : NULL;
	const unsigned char *data;
	struct str rest;
	struct err err;
	size_t n;

	sha256(end->u.arrival_end.sha256, bytes, len);
	end->u.arrival_end.size = end->u.arrival_end.kept = len;
	end->u.arrival_end.deflated = deflate;
	end->u.arrival_end.used = true;
	while (stream_next(deflate ? stream : from, &data, &n, &err) == OK && n > 0)
		for (rest.data = (const char *)data; n > 0; n -= rest.len, rest.data += rest.len) {
			rest.len = n < piece ? n : piece;
			entry = parcel_add(parcel, ENTRY_ORIGINAL_DATA);
			entry->u.data.bytes = arena_str(&parcel->arena, rest);
		}
	stream_close(stream);
	stream_close(from);
	item_close(parcel);
}

START_TEST(originals)
{
	enum { LEN = 300000 };
	unsigned char *bytes = malloc(LEN);
	struct parcel *parcel;
	size_t i;

	ck_assert_ptr_nonnull(bytes);
	for (i = 0; i < LEN; i++)
		bytes[i] = (unsigned char)(i * i >> 7);
	import_one("a", &report_a, "plain\nbytes");
	for (i = 0; i < 4; i++) {
		parcel = item_begin("reports", i < 2 ? "b" : "c", NULL);
		item_reject(parcel, NULL, "no");
		end_deflated(parcel, bytes, LEN - i, i % 2 == 0, i < 2 ? 1000 : LEN);
		apply(parcel);
	}
	parcel = item_begin("reports", "empty", NULL);
	item_reject(parcel, NULL, "empty");
	item_end(parcel, "", 0, true);
	apply(parcel);
	commit();
	gives_back(1, "plain\nbytes", 11);
	for (i = 0; i < 4; i++)
		gives_back((int64_t)i + 2, bytes, LEN - i);
	gives_back(6, "", 0);
	ck_assert_str_eq(rows("SELECT id, size, missing, deflated FROM original"),
	    "1|11|0|0\n2|300000|0|1\n3|299999|0|0\n4|299998|0|1\n5|299997|0|0\n6|0|0|0\n");
	ck_assert_str_eq(rows("SELECT count(*) >= 300 FROM original_chunk WHERE id / 65536 = 3"), "1\n");
	ck_assert_str_eq(findings(), "");
	free(bytes);
}
END_TEST

START_TEST(not_kept)
{
	struct parcel *parcel = item_begin("reports", "a", NULL);
	struct stream *stream;
	uint64_t size, kept;
	struct entry *end;
	struct err err;
	struct buf buf;

	item_report(parcel, &report_a);
	item_end(parcel, "bytes", 5, false);
	apply(parcel);
	/* One that is too long is kept in part. */
	parcel = item_begin("reports", "b", NULL);
	item_reject(parcel, NULL, "no");
	end = parcel_add(parcel, ENTRY_ARRIVAL_END);
	sha256(end->u.arrival_end.sha256, "long bytes", 10);
	end->u.arrival_end.size = 10;
	end->u.arrival_end.kept = 4;
	end->u.arrival_end.used = true;
	parcel_add(parcel, ENTRY_ORIGINAL_DATA)->u.data.bytes = str_of("long");
	item_close(parcel);
	apply(parcel);
	commit();
	buf_init(&buf, 100);
	ck_assert_int_eq(store_original(store, 1, on_write, &buf, &err), BAD);
	ck_assert_str_eq(err.what, "the bytes of original 1 were not kept");
	ck_assert_int_eq(store_original(store, 2, on_write, &buf, &err), BAD);
	ck_assert_str_eq(err.what, "only the first 4 of 10 bytes were kept (limit reject-bytes)");
	ck_assert_uint_eq(buf.len, 4);
	ck_assert_mem_eq(buf.data, "long", 4);
	ck_assert_int_eq(store_original_open(&stream, store, 2, &size, &kept, &err), OK);
	ck_assert(size == 10 && kept == 4);
	stream_close(stream);
	ck_assert_int_eq(store_original(store, 99, on_write, &buf, &err), BAD);
	ck_assert_str_eq(err.what, "there is no original 99");
	ck_assert_str_eq(findings(), "");
	buf_free(&buf);
	/* It arrives again and is kept this time. */
	import_one("c", &report_a, "bytes");
	gives_back(1, "bytes", 5);
	ck_assert_str_eq(rows("SELECT id, original FROM arrival"), "1|1\n2|2\n3|1\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* What a caller's write refuses is passed on. */
static enum status
on_write_full(void *data, const void *bytes, size_t len, struct err *err)
{
	(void)data, (void)bytes, (void)len;
	return err_stop(err, EXIT_CODE_IO, "full");
}

START_TEST(write_fails)
{
	struct err err;

	import_one("a", &report_a, "bytes");
	ck_assert_int_eq(store_original(store, 1, on_write_full, NULL, &err), FATAL);
	ck_assert_str_eq(err.what, "full");
}
END_TEST

/* A mail is written when something of it is kept, and only then. */
START_TEST(mails)
{
	static const struct mail_info empty = {.subject = {"nothing", 7}};
	struct mail_info mail = {.message_id = str_of("<1@mail.example>"),
	    .from = str_of("r@receiver.example"),
	    .subject = str_of("Report"),
	    .place = str_of("message 2")};
	struct parcel *parcel = item_begin("mails", "m.mbox", "part 1");
	struct entry *entry;

	/* item_begin opened an arrival that nothing comes of. */
	parcel_add(parcel, ENTRY_MAIL)->u.mail = empty;
	parcel_add(parcel, ENTRY_SKIP)->u.skip.mail = true;
	parcel_add(parcel, ENTRY_MAIL)->u.mail = mail;
	entry = parcel_add(parcel, ENTRY_ARRIVAL_BEGIN);
	entry->u.arrival_begin.place = str_of("part 2: a.xml");
	item_report(parcel, &report_a);
	arrival_end(parcel, "a", 1, true);
	entry = parcel_add(parcel, ENTRY_ARRIVAL_BEGIN);
	entry->u.arrival_begin.place = str_of("part 3");
	item_reject(parcel, "x.xml", "no");
	item_end(parcel, "b", 1, true);
	(void)parcel_add(parcel, ENTRY_TROUBLE);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows("SELECT file, place, message_id, sender, sent, subject FROM mail"),
	    "1|message 2|<1@mail.example>|r@receiver.example|-|Report\n");
	ck_assert_str_eq(rows("SELECT mail, place FROM arrival"), "1|part 2: a.xml\n1|part 3\n");
	ck_assert_str_eq(rows("SELECT arrival, place FROM reject"), "2|x.xml\n");
	ck_assert_uint_eq(counts.mails, 2);
	ck_assert_uint_eq(counts.files, 1);
	ck_assert_uint_eq(counts.skipped, 1);
	ck_assert_uint_eq(counts.rejected, 2);
	ck_assert_str_eq(rows("SELECT files, mails, reports, rejected, skipped FROM run"), "1|2|1|2|1\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* An arrival from which nothing came leaves no trace but its file. */
START_TEST(unused)
{
	struct parcel *parcel = item_begin("reports", "a", NULL);
	struct entry *end = parcel_add(parcel, ENTRY_ARRIVAL_END);

	end->u.arrival_end.size = 3;
	item_close(parcel);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows("SELECT count(*) FROM file"), "1\n");
	ck_assert_str_eq(
	    rows("SELECT count(*) FROM arrival UNION ALL SELECT count(*) FROM original"), "0\n0\n");
}
END_TEST

START_TEST(seen)
{
	struct item_info item = {.folder = str_of("reports"),
	    .name = str_of("a.xml"),
	    .size = 5,
	    .inode = 7,
	    .mtime = INT64_C(1767225600123456789)};
	struct item_info other[5];
	struct err err;
	enum item_state known;
	size_t i;

	for (i = 0; i < 5; i++)
		other[i] = item;
	other[0].folder = str_of("elsewhere");
	other[1].name = str_of("b.xml");
	other[2].size = 6;
	other[3].inode = 8;
	other[4].mtime += 1000000;
	ck_assert_int_eq(store_seen(&known, store, &item, &err), OK);
	ck_assert_int_eq(known, 0);
	import_one("a.xml", &report_a, "a");
	world_reopen(STORE_READ);
	ck_assert_int_eq(store_seen(&known, store, &item, &err), OK);
	ck_assert_int_eq(known, ITEM_KEPT);
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(store_seen(&known, store, &other[i], &err), OK);
		ck_assert_msg(known == 0, "%zu", i);
	}
	/* What has only changed below a millisecond can't be told apart. */
	item.mtime += 1;
	ck_assert_int_eq(store_seen(&known, store, &item, &err), OK);
	ck_assert_int_eq(known, ITEM_KEPT);
}
END_TEST

/* One that had to stay is known as such; one that could not be read is not known. */
START_TEST(states)
{
	static const enum item_state state[] = {ITEM_STAYS, ITEM_UNREAD, ITEM_KEPT};
	struct item_info item = {.folder = str_of("reports"),
	    .name = str_of("a"),
	    .size = 1,
	    .inode = 7,
	    .mtime = INT64_C(1767225600123456789)};
	enum item_state known;
	struct parcel *parcel;
	struct err err;
	size_t i;

	for (i = 0; i < 3; i++) {
		parcel = item_begin("reports", "a", NULL);
		item_end(parcel, "a", 1, true);
		parcel->last->u.item_end.state = state[i];
		parcel->first->next->next->u.arrival_end.used = false;
		apply(parcel);
		commit();
		ck_assert_int_eq(store_seen(&known, store, &item, &err), OK);
		ck_assert_int_eq((int)known, i < 2 ? ITEM_STAYS : ITEM_KEPT);
	}
}
END_TEST

/* The original of a reject is read again and is readable now. */
START_TEST(retry)
{
	struct parcel *parcel = item_begin("reports", "a", NULL);

	item_reject(parcel, NULL, "once unreadable");
	item_end(parcel, "bytes", 5, true);
	apply(parcel);
	commit();
	store_replay(store, REPLAY_RETRY);
	/* Still no good. */
	parcel = item_begin("", "", NULL);
	parcel->first->u.item.arrival = 1;
	item_reject(parcel, NULL, "still unreadable");
	item_end(parcel, "bytes", 5, false);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows("SELECT reason, retried IS NULL FROM reject"), "once unreadable|1\n");
	parcel = item_begin("", "", NULL);
	parcel->first->u.item.arrival = 1;
	item_report(parcel, &report_a);
	item_end(parcel, "bytes", 5, false);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows("SELECT reason, retried IS NULL FROM reject"), "once unreadable|0\n");
	ck_assert_str_eq(rows("SELECT arrival, report_id FROM report"), "1|a\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM arrival"), "1\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM file"), "1\n");
	gives_back(1, "bytes", 5);
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* Derived tables are made again from the arrivals, with the same rows. */
START_TEST(rebuild)
{
	static const char everything[] =
	    "SELECT * FROM (SELECT 'n', id, text, 0, 0 FROM name UNION ALL SELECT 'i', id, text, 0, 0 FROM ip"
	    " UNION ALL SELECT 'r', id, report_id, messages, first_record FROM report"
	    " UNION ALL SELECT 'c', id, report, ip, messages FROM record"
	    " UNION ALL SELECT 'd', id, day, reports, messages FROM day"
	    " UNION ALL SELECT 't', day, profile, ip, messages FROM traffic) ORDER BY 1, 2, 3, 4";
	const struct made_report b = {.id = "b", .domain = "example.net", .records = fail_5};
	struct parcel *parcel;
	struct err err;
	char *before;

	import_one("a", &report_a, "a");
	import_one("b", &b, "b");
	before = strdup(rows(everything));
	store_replay(store, REPLAY_REBUILD);
	ck_assert_int_eq(store_clear_derived(store, &err), OK);
	ck_assert_str_eq(rows("SELECT count(*) FROM record"), "0\n");
	ck_assert_str_eq(rows("SELECT count(*), max(id) FROM name"), "14|14\n");
	parcel = item_begin("", "", NULL);
	parcel->first->u.item.arrival = 1;
	item_report(parcel, &report_a);
	item_end(parcel, "a", 1, false);
	apply(parcel);
	ck_assert(!store_due(store));
	parcel = item_begin("", "", NULL);
	parcel->first->u.item.arrival = 2;
	item_report(parcel, &b);
	item_end(parcel, "b", 1, false);
	apply(parcel);
	commit();
	ck_assert_str_eq(rows(everything), before);
	ck_assert_str_eq(findings(), "");
	free(before);
}
END_TEST

/* Each kind of damage, and what is found. Report 1 has records 1 and 2, report 2 is in conflict with it. */
static const struct {
	const char *damage, *finding;
} damages[] = {
    {"UPDATE report SET messages = 9 WHERE id = 1",
	"report 1: it says 2 records and 9 messages, its records are 2 and 8\n"},
    {"UPDATE report SET records = 3 WHERE id = 1",
	"report 1: it says 3 records and 8 messages, its records are 2 and 8\n"},
    {"UPDATE record SET messages = 4 WHERE id = 1",
	"report 1: it says 2 records and 8 messages, its records are 2 and 9\n"
	"roll-up of example.com by receiver, DMARC pass: 3 messages, the reports say 4\n"},
    {"DELETE FROM record WHERE id = 3",
	"report 2: it says 1 records and 5 messages, its records are 0 and 0\n"},
    {"UPDATE report SET first_record = 2 WHERE id = 1", "record 1: its report 1 is missing\n"},
    {"UPDATE traffic SET messages = 6 WHERE messages = 5",
	"roll-up of example.com by receiver, DMARC fail: 6 messages, the reports say 5\n"
	"day 1: its totals are 8, 3 passed and 5 failed, its traffic is 9, 3 and 6\n"},
    {"UPDATE day SET messages = 9, passed = 4",
	"day 1: its totals are 9, 4 passed and 5 failed, its traffic is 8, 3 and 5\n"
	"the total of all days is 9, it is kept as 8\n"},
    {"UPDATE setting SET value = '7' WHERE name = 'messages'",
	"the total of all days is 8, it is kept as 7\n"},
    {"DELETE FROM ip WHERE id = 1", "record 1: its address or profile is missing\n"},
    {"DELETE FROM author", "report 1: its arrival, reporter, author or policy is missing\n"
			   "report 2: its arrival, reporter, author or policy is missing\n"},
    {"DELETE FROM file WHERE id = 2", "arrival 2: its file, run or original is missing\n"},
    {"DELETE FROM detail", "profile 2: a detail is missing\n"},
    {"UPDATE reject SET arrival = 99", "reject 1: its arrival is missing\n"},
    {"UPDATE repeat SET report = 99", "repeat 1: its report or arrival is missing\n"},
    {"UPDATE original SET sha256 = zeroblob(32) WHERE id = 1",
	"original 1: its bytes are not those that arrived (SHA-256 differs)\n"},
    {"UPDATE original SET sha256 = x'00' WHERE id = 1",
	"original 1: its bytes are not those that arrived (SHA-256 differs)\n"},
    {"UPDATE original_chunk SET data = x'6263' WHERE id = 65536",
	"original 1: its bytes are not those that arrived (SHA-256 differs)\n"},
    {"DELETE FROM original_chunk WHERE id = 65536",
	"original 1: its bytes are not those that arrived (SHA-256 differs)\n"},
    {"UPDATE original SET deflated = 1 WHERE id = 1", "original 1: the kept bytes end too early\n"},
    {"UPDATE original_chunk SET data = x'616263' WHERE id / 65536 = 3",
	"original 3: the kept bytes are damaged: incorrect header check\n"},
    {"UPDATE original_chunk SET data = substr(data, 1, length(data) - 3) WHERE id / 65536 = 3",
	"original 3: the kept bytes end too early\n"},
};

START_TEST(damage)
{
	const struct made_report other = {.id = "a", .content = 12, .records = fail_5};
	struct parcel *parcel;

	import_one("a", &report_a, "a");
	import_one("b", &other, "b");
	parcel = item_begin("reports", "c", NULL);
	item_report(parcel, &report_a);
	item_reject(parcel, "x.xml", "no");
	end_deflated(parcel, (const unsigned char *)"many bytes many bytes", 21, true, 100);
	apply(parcel);
	commit();
	ck_assert_str_eq(findings(), "");
	exec(damages[_i].damage);
	ck_assert_str_eq(findings(), damages[_i].finding);
}
END_TEST

/* The same report counting twice is found, too. */
START_TEST(counts_twice)
{
	const struct made_report other = {.id = "a", .content = 12, .records = fail_5};

	import_one("a", &report_a, "a");
	import_one("b", &other, "b");
	exec("UPDATE report SET state = 1, hash = (SELECT hash FROM report WHERE id = 1)");
	ck_assert_str_eq(findings(),
	    "roll-up of example.com by receiver, DMARC fail: 5 messages, the reports say 10\n"
	    "reports 1, 2: the same report counts 2 times\n");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store_kept");
	TCase *tests = tcase_create("store_kept");

	tcase_add_checked_fixture(tests, world_set_up, world_tear_down);
	tcase_add_test(tests, originals);
	tcase_add_test(tests, not_kept);
	tcase_add_test(tests, write_fails);
	tcase_add_test(tests, mails);
	tcase_add_test(tests, unused);
	tcase_add_test(tests, seen);
	tcase_add_test(tests, states);
	tcase_add_test(tests, retry);
	tcase_add_test(tests, rebuild);
	tcase_add_loop_test(tests, damage, 0, sizeof damages / sizeof damages[0]);
	tcase_add_test(tests, counts_twice);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
