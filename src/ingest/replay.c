/* replay: originals out of the store read again with today's parser: rejects that are tried again, and
 * rebuild. */
#include "base/mem.h"
#include "ingest/ingest.h"
#include "ingest/pipeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The database's own originals as a feed. Each reader opens them through a connection of its own. */
struct replaying {
	struct store *list; /* read connection of the feed */
	struct stmt *arrivals;
	const struct limits *limits;
	const char *path;
	bool rejected; /* only what was rejected is read */
};

struct replayed {
	struct fed fed;
	struct store *store; /* read connection while the original is open */
	int64_t original;
	uint64_t size, kept;
	char where[64];
};

static enum status
replay_next(void *data, struct fed **out, struct err *err)
{
	struct replaying *replaying = data;
	struct replayed *replayed;
	enum status status;
	bool row;

	*out = NULL;
	status = stmt_step(replaying->arrivals, &row, err);
	if (status != OK || !row)
		return status;
	replayed = mem_zero(1, sizeof *replayed);
	*out = &replayed->fed;
	(*out)->data = replayed;
	(*out)->item.info.arrival = stmt_i64(replaying->arrivals, 0);
	(*out)->item.claims = replaying->rejected;
	replayed->original = stmt_i64(replaying->arrivals, 1);
	(*out)->item.info.size = (uint64_t)stmt_i64(replaying->arrivals, 2);
	(void)snprintf(
	    replayed->where, sizeof replayed->where, "original %lld", (long long)replayed->original);
	(*out)->item.where = str_of(replayed->where);
	return OK;
}

static void
replay_close(void *data, struct fed *fed)
{
	struct replayed *replayed = fed->data;

	(void)data;
	stream_close(fed->item.stream);
	fed->item.stream = NULL;
	store_close(replayed->store);
	replayed->store = NULL;
}

static void
replay_open(void *data, struct fed *fed)
{
	const struct replaying *replaying = data;
	struct replayed *replayed = fed->data;
	enum status status;

	status = store_open(&replayed->store, replaying->path, STORE_READ, replaying->limits, &fed->err);
	if (status == OK)
		status = store_original_open(&fed->item.stream, replayed->store, replayed->original,
		    &replayed->size, &replayed->kept, &fed->err);
	if (status != OK)
		replay_close(data, fed);
}

static void
replay_settle(void *data, struct fed *fed)
{
	(void)data, (void)fed;
}

static void
replay_release(void *data, struct fed *fed)
{
	replay_close(data, fed);
	free(fed->data);
}

static uint64_t
replay_total(void *data)
{
	(void)data;
	return 0;
}

static enum status
replay(struct store *store, const char *arrivals, bool rejected, const struct limits *limits,
    struct counts *counts, struct err *err)
{
	struct replaying replaying = {
	    .limits = limits, .path = db_path(store_db(store)), .rejected = rejected};
	struct ingest_options options = {.limits = limits, .keep_originals = true, .keep_personal = true};
	struct feed feed = {
	    &replaying, replay_next, replay_open, replay_close, replay_settle, replay_release, replay_total};
	enum status status;

	status = store_open(&replaying.list, replaying.path, STORE_READ, limits, err);
	if (status == OK)
		status =
		    stmt_prepare(&replaying.arrivals, store_db(replaying.list), schema_text(arrivals), err);
	if (status == OK)
		status = pipeline_run(store, &feed, &options, counts, err);
	if (status == OK)
		status = store_end(store, counts, err);
	stmt_free(replaying.arrivals);
	store_close(replaying.list);
	return status;
}

enum status
ingest_retry(struct store *store, const struct limits *limits, struct counts *counts, struct err *err)
{
	enum status status;
	int64_t cut = 0;

	memset(counts, 0, sizeof *counts);
	store_replay(store, REPLAY_RETRY);
	status = replay(store, "import/arrivals_rejected.sql", true, limits, counts, err);
	if (status == OK)
		status = db_number(&cut, store_db(store), schema_text("import/rejects_cut.sql"), err);
	counts->rejected += (uint64_t)cut;
	return status;
}

enum status
ingest_rebuild(struct store *store, const struct limits *limits, struct counts *counts, struct err *err)
{
	enum status status;
	int64_t missing;

	memset(counts, 0, sizeof *counts);
	status = db_number(&missing, store_db(store), schema_text("import/arrivals_without_bytes.sql"), err);
	if (status == OK && missing > 0)
		return err_stop(err, EXIT_CODE_DATA,
		    "%lld reports came from originals whose bytes are not kept (--no-originals, `db prune "
		    "--originals`): "
		    "nothing was changed",
		    (long long)missing);
	store_replay(store, REPLAY_REBUILD);
	if (status == OK)
		status = store_clear_derived(store, err);
	if (status == OK)
		status = replay(store, "import/arrivals_all.sql", false, limits, counts, err);
	return status;
}
