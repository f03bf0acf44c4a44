/* check: proves that counts are conserved from reports to records to the roll-up, and that originals are what
 * they were. */
#include "store/store.h"

#include "base/stream.h"

#include <stdio.h>
#include <string.h>

struct checking {
	struct store *store;
	void (*finding)(void *data, const char *text);
	void *data;
	uint64_t findings;
};

static void
found(struct checking *checking, const char *text)
{
	checking->findings++;
	checking->finding(checking->data, text);
}

/* Each line of each row of the statement is one finding in words; "ok" and the head of SQLite's list are
 * none. */
static void
lines_are_findings(struct checking *checking, struct str text)
{
	const char *end;
	char copy[600];
	size_t len;

	while (text.len > 0) {
		end = memchr(text.data, '\n', text.len);
		len = end == NULL ? text.len : (size_t)(end - text.data);
		(void)snprintf(copy, sizeof copy, "%.*s", (int)len, text.data);
		if (strcmp(copy, "ok") != 0 && strncmp(copy, "***", 3) != 0)
			found(checking, copy);
		len += len < text.len;
		text.data += len;
		text.len -= len;
	}
}

static enum status
rows_are_findings(struct checking *checking, const char *sql, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status;
	bool row;

	status = stmt_prepare(&stmt, store_db(checking->store), sql, err);
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row)
		lines_are_findings(checking, stmt_text(stmt, 0));
	stmt_free(stmt);
	return status;
}

static enum status
original_digest(struct checking *checking, int64_t id, struct str expected, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	const unsigned char *data;
	struct stream *stream;
	struct sha256 *sha;
	uint64_t size, kept;
	enum status status;
	char text[200];
	size_t len;

	status = store_original_open(&stream, checking->store, id, &size, &kept, err);
	if (status != OK)
		return status;
	sha = sha256_begin();
	while ((status = stream_next(stream, &data, &len, err)) == OK && len > 0)
		sha256_add(sha, data, len);
	sha256_end(sha, digest);
	stream_close(stream);
	if (status == FATAL || status == TEMP)
		return status;
	if (status != OK)
		(void)snprintf(text, sizeof text, "original %lld: %.150s", (long long)id, err->what);
	else
		(void)snprintf(text, sizeof text,
		    "original %lld: its bytes are not those that arrived (SHA-256 differs)", (long long)id);
	if (status != OK || expected.len != sizeof digest ||
	    memcmp(expected.data, digest, sizeof digest) != 0)
		found(checking, text);
	return OK;
}

static enum status
check_originals(struct checking *checking, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status;
	bool row;

	status = stmt_prepare(&stmt, store_db(checking->store),
	    "SELECT id, sha256 FROM original WHERE missing = 0 ORDER BY id", err);
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row)
		status = original_digest(checking, stmt_i64(stmt, 0), stmt_bytes(stmt, 1), err);
	stmt_free(stmt);
	return status;
}

enum status
store_check(uint64_t *findings, struct store *store, void (*finding)(void *data, const char *text),
    void *data, struct err *err)
{
	static const char *const parts[] = {"check/records.sql", "check/rollup.sql", "check/days.sql",
	    "check/flow.sql", "check/references.sql", "check/states.sql", "check/pruned.sql", "check/tls.sql",
	    "check/failures.sql"};
	struct checking checking = {store, finding, data, 0};
	enum status status;
	bool sound;
	size_t i;

	status = rows_are_findings(&checking, "PRAGMA integrity_check(20)", err);
	/* In a file that is damaged, sums say nothing, and the list of damages may itself end in one. */
	sound = checking.findings == 0;
	if (!sound)
		status = OK;
	for (i = 0; i < sizeof parts / sizeof parts[0] && sound && status == OK; i++)
		status = rows_are_findings(&checking, schema_text(parts[i]), err);
	if (sound && status == OK)
		status = check_originals(&checking, err);
	*findings = checking.findings;
	return status;
}
