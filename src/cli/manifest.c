/* manifest: a small JSON object, however many rows there are; the long list of originals is a file of its
 * own. */
#include "cli/manifest.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MANIFEST_FORMAT = 1, MANIFEST_BYTES = 67108864 /* of domains; the rest is below 2 KB */ };

void
manifest_domain(struct manifest *manifest, struct str domain)
{
	if (manifest->domains == NULL)
		manifest->domains = json_array();
	(void)json_array_append_new(manifest->domains, json_stringn(domain.data, domain.len));
}

static json_t *
day_json(const struct window *window, int64_t day)
{
	char text[TIME_TEXT];

	if (!window->known)
		return json_null();
	day_format(text, day);
	return json_string(text);
}

static json_t *
time_json(int64_t seconds)
{
	char text[TIME_TEXT];

	time_format(text, seconds);
	return json_string(text);
}

static json_t *
given_domains(const struct ask *ask)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; ask->domains != NULL && ask->domains[i] != NULL; i++)
		(void)json_array_append_new(array, json_string(ask->domains[i]));
	return array;
}

static json_t *
file_json(const struct manifest_file *file)
{
	json_t *json = json_pack("{s:I}", "rows", (json_int_t)file->rows);

	if (file->has_messages)
		(void)json_object_set_new(json, "messages", json_integer((json_int_t)file->messages));
	(void)json_object_set_new(json, "bytes", json_integer((json_int_t)file->bytes));
	(void)json_object_set_new(json, "sha256", json_string(file->sha256));
	return json;
}

/* The filters, as they were given and what they came to. */
static void
add_filters(json_t *root, const struct manifest *manifest)
{
	const struct ask *ask = &manifest->ask;

	(void)json_object_set_new(root, "filters",
	    json_pack("{s:o, s:b, s:s?, s:s?, s:s?, s:b}", "domain", given_domains(ask), "include_subdomains",
		ask->subdomains, "since", ask->since, "until", ask->until, "only", ask->only, "authenticated",
		ask->authentic));
	(void)json_object_set_new(root, "window",
	    manifest->has_window
		? json_pack("{s:o, s:o}", "since", day_json(&manifest->window, manifest->window.since),
		      "until", day_json(&manifest->window, manifest->window.until))
		: json_null());
	(void)json_object_set_new(root, "domains",
	    !manifest->has_domains      ? json_null()
	    : manifest->domains == NULL ? json_array()
					: json_incref(manifest->domains));
	(void)json_object_set_new(root, "redacted",
	    json_pack("{s:b, s:b}", "local_parts", ask->redact, "host_bits", ask->redact_ip));
}

char *
manifest_text(const struct manifest *manifest)
{
	json_t *originals = file_json(&manifest->originals);
	json_t *root = json_pack("{s:i, s:s, s:s, s:o, s:s, s:{s:o, s:s?, s:I}}", "format", MANIFEST_FORMAT,
	    "export", manifest->what, "form", manifest->form, "made", time_json(manifest->made), "program",
	    DMARCQ_VERSION, "database", "created", time_json(manifest->created), "created_by",
	    manifest->created_by, "schema", (json_int_t)manifest->schema);
	char *text;

	add_filters(root, manifest);
	(void)json_object_set_new(root, "file", file_json(&manifest->file));
	(void)json_object_set_new(
	    originals, "originals", json_integer((json_int_t)manifest->originals.originals));
	(void)json_object_set_new(originals, "kept", json_integer((json_int_t)manifest->originals.kept));
	(void)json_object_set_new(root, "originals", originals);
	text = json_dumps(root, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(root);
	return text;
}

static enum status
broken(struct err *err, const char *why)
{
	return err_stop(err, EXIT_CODE_DATA, "not a manifest of an export: %s", why);
}

static enum status
read_root(json_t **root, const char *path, struct err *err)
{
	FILE *file = fopen(path, "r");
	json_error_t error;

	if (file == NULL)
		return err_stop(err, EXIT_CODE_DATA, "no manifest: %s", strerror(errno));
	if (fseek(file, 0, SEEK_END) != 0 || ftell(file) > MANIFEST_BYTES || fseek(file, 0, SEEK_SET) != 0) {
		(void)fclose(file);
		return broken(err, "too large");
	}
	*root = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
	(void)fclose(file);
	return *root != NULL ? OK : broken(err, error.text);
}

static bool
is_sha256(const char *text)
{
	return strlen(text) == SHA256_TEXT - 1 && strspn(text, "0123456789abcdef") == SHA256_TEXT - 1;
}

static enum status
read_file(struct manifest_file *file, json_t *json, struct err *err)
{
	json_int_t rows, bytes, messages = 0;
	const char *sha256;
	json_error_t error;

	if (json_unpack_ex(json, &error, 0, "{s:I, s?I, s:I, s:s}", "rows", &rows, "messages", &messages,
		"bytes", &bytes, "sha256", &sha256) != 0)
		return broken(err, error.text);
	if (rows < 0 || bytes < 0 || messages < 0 || !is_sha256(sha256))
		return broken(err, "a total or SHA-256 that is none");
	file->rows = (uint64_t)rows;
	file->bytes = (uint64_t)bytes;
	file->messages = (uint64_t)messages;
	file->has_messages = json_object_get(json, "messages") != NULL;
	(void)snprintf(file->sha256, sizeof file->sha256, "%s", sha256);
	return OK;
}

static enum status
read_domains(struct manifest *manifest, json_t *array, struct err *err)
{
	size_t count = json_array_size(array), i;

	if (!json_is_array(array))
		return broken(err, "filters.domain is no list");
	manifest->asked = mem_zero(count + 1, sizeof *manifest->asked);
	for (i = 0; i < count; i++)
		if ((manifest->asked[i] = json_string_value(json_array_get(array, i))) == NULL)
			return broken(err, "filters.domain holds something that is no text");
	manifest->ask.domains = count == 0 ? NULL : manifest->asked;
	return OK;
}

/* A length of time ("30d") is counted from a day that moves on: the window says which days it meant. */
static enum status
read_window(struct manifest *manifest, json_t *json, struct err *err)
{
	const char *since = json_string_value(json_object_get(json, "since"));
	const char *until = json_string_value(json_object_get(json, "until"));
	struct ask *ask = &manifest->ask;

	if ((ask->since == NULL && ask->until == NULL) || since == NULL || until == NULL)
		return OK;
	if (strlen(since) != 10 || strlen(until) != 10)
		return broken(err, "a day of the window that is none");
	ask->since = since;
	ask->until = until;
	return OK;
}

/* A text, or null. */
static bool
read_text(const char **out, json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	*out = json_string_value(value);
	return json_is_string(value) || json_is_null(value);
}

static enum status
read_filters(struct manifest *manifest, json_t *filters, json_t *redacted, struct err *err)
{
	int subdomains, local_parts, host_bits, authentic = 0;
	struct ask *ask = &manifest->ask;
	json_error_t error;
	json_t *domains;

	if (json_unpack_ex(filters, &error, 0, "{s:o, s:b, s?b}", "domain", &domains, "include_subdomains",
		&subdomains, "authenticated", &authentic) != 0 ||
	    json_unpack_ex(
		redacted, &error, 0, "{s:b, s:b}", "local_parts", &local_parts, "host_bits", &host_bits) != 0)
		return broken(err, error.text);
	ask->subdomains = subdomains != 0;
	ask->authentic = authentic != 0;
	ask->redact = local_parts != 0;
	ask->redact_ip = host_bits != 0;
	if (!read_text(&ask->since, filters, "since") || !read_text(&ask->until, filters, "until"))
		return broken(err, "a filter that is no text");
	if (!read_text(&ask->only, filters, "only") ||
	    (ask->only != NULL && strcmp(ask->only, "all") != 0 && strcmp(ask->only, "failing") != 0 &&
		strcmp(ask->only, "passing") != 0 && strcmp(ask->only, "unknown") != 0))
		return broken(err, "filters.only is none of the words");
	return read_domains(manifest, domains, err);
}

static enum status
read_fields(struct manifest *manifest, json_t *root, struct err *err)
{
	json_t *file, *originals, *filters, *window, *redacted;
	enum status status;
	json_error_t error;

	if (json_unpack_ex(root, &error, 0, "{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "export", &manifest->what,
		"form", &manifest->form, "filters", &filters, "window", &window, "redacted", &redacted,
		"file", &file, "originals", &originals) != 0)
		return broken(err, error.text);
	if (strcmp(manifest->form, "csv") != 0 && strcmp(manifest->form, "jsonl") != 0)
		return broken(err, "its form is neither csv nor jsonl");
	status = read_filters(manifest, filters, redacted, err);
	if (status == OK)
		status = read_window(manifest, window, err);
	if (status == OK)
		status = read_file(&manifest->file, file, err);
	return status == OK ? read_file(&manifest->originals, originals, err) : status;
}

enum status
manifest_read(struct manifest *manifest, const char *path, struct err *err)
{
	size_t size = strlen(path) + sizeof MANIFEST_SUFFIX;
	char *name = mem_alloc(size);
	json_t *root = NULL;
	enum status status;
	int format = 0;

	*manifest = (struct manifest){0};
	(void)snprintf(name, size, "%s%s", path, MANIFEST_SUFFIX);
	status = read_root(&root, name, err);
	manifest->root = root;
	if (status == OK && json_unpack(root, "{s:i}", "format", &format) != 0)
		status = broken(err, "it has no format");
	else if (status == OK && format != MANIFEST_FORMAT)
		status = err_stop(err, EXIT_CODE_DATA, "format %d of manifests is not known here", format);
	if (status == OK)
		status = read_fields(manifest, root, err);
	if (status != OK)
		(void)err_at(err, "%s", name);
	free(name);
	return status;
}

void
manifest_free(struct manifest *manifest)
{
	union {
		const char **in;
		void *out;
	} owned = {.in = manifest->asked};

	json_decref(manifest->domains);
	json_decref(manifest->root);
	free(owned.out);
	*manifest = (struct manifest){0};
}
