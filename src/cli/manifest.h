/*
 * manifest: what stands beside an exported file so that it can be checked later (docs/questions/export.md):
 * FILE.manifest.json. The only place that reads JSON. Private to src/cli.
 */
#ifndef DMARCQ_CLI_MANIFEST_H
#define DMARCQ_CLI_MANIFEST_H

#include "base/digest.h"
#include "query/query.h"

#include <stdio.h>

#define MANIFEST_SUFFIX  ".manifest.json"
#define ORIGINALS_SUFFIX ".originals.csv"

/* One of the two files: FILE itself and FILE.originals.csv. */
struct manifest_file {
	uint64_t rows, bytes;
	bool has_messages;
	uint64_t messages;        /* sum over the rows */
	uint64_t originals, kept; /* in FILE.originals.csv: different ones, and those whose bytes are kept */
	char sha256[SHA256_TEXT];
};

/* Texts are borrowed: from whoever fills it in, or from the manifest that was read. */
struct manifest {
	const char *what, *form; /* "records", "csv" */
	struct ask ask; /* the filters as they were given; when read: with the days that they meant */
	bool has_domains, has_window; /* whether these filters have a meaning for this export */
	struct window window;
	struct manifest_file file, originals;
	int64_t made;            /* UTC seconds */
	int64_t created, schema; /* of the database */
	const char *created_by;
	void *domains, *root; /* JSON */
	const char **asked;   /* of ask.domains, when read */
	char day[2][TIME_TEXT];
};

/* Adds a policy domain in scope. */
void manifest_domain(struct manifest *manifest, struct str domain);
/* The text of the file, freed by the caller. */
char *manifest_text(const struct manifest *manifest);
/* Reads the manifest of FILE. FATAL with exit code 65: there is none, or it is damaged or a newer one. */
enum status manifest_read(struct manifest *manifest, const char *path, struct err *err);
void manifest_free(struct manifest *manifest);

#endif
