/* world: what reading would hand over, made by hand, so that the store is tested by its contract alone. */
#include "contract/world.h"

#include "base/mem.h"
#include "base/pack.h"
#include "report/profile.h"
#include "report/value.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT = 1000000 };

struct limits limits;
struct store *store;
struct counts counts;
char db_file[200];
char world_folder[100];

const struct made_record pass_3 = {"192.0.2.1", 3, "pass", "fail", "example.com", NULL};
const struct made_record fail_5[] = {
    {"198.51.100.7", 5, "fail", "fail", "example.com", "softfail"}, {.ip = NULL}};
const struct made_record both[] = {{"192.0.2.1", 3, "pass", "fail", "example.com", NULL},
    {"198.51.100.7", 5, "fail", "fail", "example.com", "softfail"}, {.ip = NULL}};

void
world_set_up(void)
{
	const char *top = getenv("TMPDIR");
	struct err err = {.what = ""};

	(void)snprintf(world_folder, sizeof world_folder, "%s/store.XXXXXX", top == NULL ? "/tmp" : top);
	ck_assert_ptr_nonnull(mkdtemp(world_folder));
	(void)snprintf(db_file, sizeof db_file, "%s/below/new/test.db", world_folder);
	limits_init(&limits);
	limits.wait_seconds = 0;
	memset(&counts, 0, sizeof counts);
	ck_assert_msg(
	    store_open(&store, db_file, STORE_IMPORT, &limits, &err) == OK, "%s: %s", err.where, err.what);
	ck_assert_msg(store_begin(store, true, &err) == OK, "%s", err.what);
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void
world_tear_down(void)
{
	store_close(store);
	store = NULL;
	ck_assert_int_eq(nftw(world_folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void
world_reopen(enum store_mode mode)
{
	struct err err = {.what = ""};

	store_close(store);
	ck_assert_msg(store_open(&store, db_file, mode, &limits, &err) == OK, "%s: %s", err.where, err.what);
}

void
world_empty(void)
{
	store_close(store);
	store = NULL;
	ck_assert_int_eq(unlink(db_file), 0);
	world_reopen(STORE_IMPORT);
}

struct parcel *
item_begin(const char *folder, const char *name, const char *place)
{
	struct parcel *parcel = parcel_new();
	struct item_info *item = &parcel_add(parcel, ENTRY_ITEM_BEGIN)->u.item;

	item->folder = str_of(folder);
	item->name = str_of(name);
	item->size = strlen(name);
	item->inode = 7;
	item->mtime = INT64_C(1767225600123456789);
	parcel_add(parcel, ENTRY_ARRIVAL_BEGIN)->u.arrival_begin.place = str_of(place);
	return parcel;
}

struct entry *
item_report_begin(struct parcel *parcel, const struct made_report *made)
{
	struct entry *entry = parcel_add(parcel, ENTRY_REPORT_BEGIN);

	entry->u.report_begin.place = str_of(made->place);
	return entry;
}

static struct record *
make_record(struct parcel *parcel, const struct made_record *made)
{
	struct detail detail = {
	    .kind = DETAIL_SPF, .a = {"bulk.example", 12}, .result = str_of(made->result)};
	struct record *record = arena_zero(&parcel->arena, sizeof *record);
	struct profile profile = {.details = &detail, .count = made->result != NULL};
	struct str packed;
	struct buf buf;

	profile.field[PROFILE_HEADER_FROM] = str_of(made->from);
	profile.field[PROFILE_DISPOSITION] = str_of("none");
	profile.field[PROFILE_DKIM] = str_of(made->dkim);
	profile.field[PROFILE_SPF] = str_of(made->spf);
	buf_init(&buf, 10000);
	ck_assert(profile_pack(&buf, &profile));
	packed.data = (const char *)buf.data;
	packed.len = buf.len;
	record->profile = arena_str(&parcel->arena, packed);
	record->hash = hash128(packed.data, packed.len, store_seed(store));
	record->messages = made->messages;
	record->ip_usable =
	    value_ip(record->ip, &record->ip_text, str_of(made->ip), &parcel->arena) == FIT_GOOD;
	buf_free(&buf);
	return record;
}

void
item_records(struct parcel *parcel, const struct made_report *made)
{
	struct entry *entry = parcel_add(parcel, ENTRY_RECORDS);
	struct record **next = &entry->u.records.first;
	const struct made_record *record;
	size_t n;

	for (n = 0; n < (made->times == 0 ? 1 : made->times); n++)
		for (record = made->records; record->ip != NULL; record++) {
			*next = make_record(parcel, record);
			next = &(*next)->next;
		}
}

static void
sum_up(struct report *report, const struct made_report *made)
{
	uint64_t times = made->times == 0 ? 1 : made->times;
	const struct made_record *record;

	for (record = made->records; record->ip != NULL; record++) {
		report->records += times;
		report->messages += times * record->messages;
	}
}

struct report *
item_report_end(struct parcel *parcel, const struct made_report *made)
{
	struct report *report = arena_zero(&parcel->arena, sizeof *report);

	report->field[REPORT_ORG_NAME] = str_of(made->org == NULL ? "Receiver" : made->org);
	report->field[REPORT_ID] = str_of(made->id);
	report->field[REPORT_DOMAIN] = str_of(made->domain == NULL ? "example.com" : made->domain);
	report->field[REPORT_P] = str_of("none");
	report->org_key = arena_str(&parcel->arena, str_of(made->org == NULL ? "receiver" : made->org));
	report->id_key = str_of(made->id);
	report->has_period = !made->no_period;
	report->begin = made->no_period ? 0 : made->begin != 0 ? made->begin : DAY_ONE_TIME;
	report->end = made->no_period ? 0 : made->end != 0 ? made->end : DAY_ONE_TIME + 86399;
	report->incomplete = made->incomplete;
	report->content = made->content;
	sum_up(report, made);
	if (made->incomplete) {
		report->repairs.times[REPAIR_CUT] = 1;
		report->repairs.first[REPAIR_CUT] = str_of("9:9");
	}
	if (made->error != NULL) {
		report->errors = arena_zero(&parcel->arena, sizeof *report->errors);
		report->errors->text = str_of(made->error);
		report->errors->lang = str_of("en");
	}
	parcel_add(parcel, ENTRY_REPORT_END)->u.report = report;
	return report;
}

void
item_report(struct parcel *parcel, const struct made_report *made)
{
	struct entry *begin = item_report_begin(parcel, made);

	item_records(parcel, made);
	(void)item_report_end(parcel, made);
	begin->u.report_begin.end = parcel->last;
}

void
item_reject(struct parcel *parcel, const char *place, const char *reason)
{
	struct entry *entry = parcel_add(parcel, ENTRY_REJECT);

	entry->u.reject.place = str_of(place);
	entry->u.reject.reason = str_of(reason);
	entry->u.reject.status = BAD;
}

void
item_close(struct parcel *parcel)
{
	parcel_add(parcel, ENTRY_ITEM_END)->u.item_end.state = ITEM_KEPT;
}

void
item_end(struct parcel *parcel, const char *bytes, size_t len, bool keep)
{
	arrival_end(parcel, bytes, len, keep);
	item_close(parcel);
}

void
arrival_end(struct parcel *parcel, const char *bytes, size_t len, bool keep)
{
	struct entry *end = parcel_add(parcel, ENTRY_ARRIVAL_END), *data;

	sha256(end->u.arrival_end.sha256, bytes, len);
	end->u.arrival_end.size = len;
	end->u.arrival_end.kept = keep ? len : 0;
	end->u.arrival_end.used = true;
	if (keep && len > 0) {
		data = parcel_add(parcel, ENTRY_ORIGINAL_DATA);
		data->u.data.bytes.data = bytes;
		data->u.data.bytes.len = len;
	}
}

void
apply(struct parcel *parcel)
{
	struct err err = {.what = ""};

	ck_assert_msg(store_apply(store, parcel, &counts, &err) == OK, "%s: %s", err.where, err.what);
	parcel_free(parcel);
}

void
commit(void)
{
	struct err err = {.what = ""};

	ck_assert_msg(store_commit(store, &counts, &err) == OK, "%s: %s", err.where, err.what);
}

void
import_one(const char *name, const struct made_report *made, const char *text)
{
	struct parcel *parcel = item_begin("reports", name, NULL);

	item_report(parcel, made);
	item_end(parcel, text, strlen(text), true);
	apply(parcel);
	commit();
}

static void
add_cell(char *text, size_t *len, struct stmt *stmt, int i)
{
	struct str cell = stmt_text(stmt, i);
	const char *end = i + 1 == stmt_columns(stmt) ? "\n" : "|";

	*len += (size_t)snprintf(text + *len, TEXT - *len, "%.*s%s", cell.data == NULL ? 1 : (int)cell.len,
	    cell.data == NULL ? "-" : cell.data, end);
	ck_assert_uint_lt(*len, TEXT);
}

const char *
rows(const char *sql)
{
	static char text[TEXT];
	struct err err = {.what = ""};
	struct stmt *stmt = NULL;
	size_t len = 0;
	bool row;
	int i;

	text[0] = '\0';
	ck_assert_msg(stmt_prepare(&stmt, store_db(store), sql, &err) == OK, "%s", err.what);
	while (stmt_step(stmt, &row, &err) == OK && row)
		for (i = 0; i < stmt_columns(stmt); i++)
			add_cell(text, &len, stmt, i);
	stmt_free(stmt);
	return text;
}

void
exec(const char *sql)
{
	struct err err = {.what = ""};

	ck_assert_msg(db_exec(store_db(store), sql, &err) == OK, "%s: %s", sql, err.what);
}

static void
on_finding(void *data, const char *finding)
{
	char *text = data;
	size_t len = strlen(text);

	(void)snprintf(text + len, TEXT - len, "%s\n", finding);
}

const char *
findings(void)
{
	static char text[TEXT];
	struct err err = {.what = ""};
	uint64_t count, lines = 0;
	const char *at;

	text[0] = '\0';
	ck_assert_msg(store_check(&count, store, on_finding, text, &err) == OK, "%s", err.what);
	for (at = text; *at != '\0'; at++)
		lines += *at == '\n';
	ck_assert_uint_eq(count, lines);
	return text;
}

char in[200];
struct ingest_options options;
struct err failure;

void
files_set_up(void)
{
	static const char *sources[] = {in};

	world_set_up();
	world_reopen(STORE_IMPORT);
	(void)snprintf(in, sizeof in, "%s/in", world_folder);
	ck_assert_int_eq(mkdir(in, 0755), 0);
	options = (struct ingest_options){
	    .sources = sources, .source_count = 1, .jobs = 1, .keep_originals = true, .limits = &limits};
}

void
put(const char *name, const void *bytes, size_t len)
{
	char path[300];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/%s", in, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

void
put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

void
import(void)
{
	struct ingest *ingest;

	memset(&counts, 0, sizeof counts);
	ck_assert_int_eq(ingest_open(&ingest, &options, &failure), OK);
	ck_assert_int_eq(ingest_run(ingest, store, &counts, &failure), OK);
	ingest_close(ingest);
}

int
world_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
