/*
 * json_scan: one pass over the bytes that knows strings and brackets. Each value of the tree stands behind
 * one of the signs that it counts, so their number bounds what the tree costs.
 */
#include "parse/json_scan.h"

#include <string.h>

struct scan {
	struct str text;
	const struct limits *limits;
	size_t at, depth;
	uint64_t values;
};

struct json_position
json_position(struct str text, size_t at)
{
	struct json_position position = {1, 1};
	size_t i;

	for (i = 0; i < at && i < text.len; i++) {
		position.column++;
		if (text.data[i] == '\n')
			position = (struct json_position){position.line + 1, 1};
	}
	return position;
}

static enum status
refuse(const struct scan *scan, uint64_t limit, const char *what, const char *name, struct err *err)
{
	struct json_position position = json_position(scan->text, scan->at);

	(void)err_set(err, LIMIT, "more than %llu %s (limit %s)", (unsigned long long)limit, what, name);
	return err_at(err, "%zu:%zu", position.line, position.column);
}

/* From the quote that begins a string to the one that ends it, or to the end of the text. */
static enum status
scan_string(struct scan *scan, struct err *err)
{
	size_t from = ++scan->at;

	while (scan->at < scan->text.len && scan->text.data[scan->at] != '"')
		scan->at += scan->text.data[scan->at] == '\\' ? 2 : 1;
	if (scan->at > scan->text.len)
		scan->at = scan->text.len;
	if (scan->at - from <= scan->limits->json_text_bytes)
		return OK;
	return refuse(scan, scan->limits->json_text_bytes, "bytes in one text", "json-text-bytes", err);
}

static enum status
scan_sign(struct scan *scan, char sign, struct err *err)
{
	if (sign == '"')
		return scan_string(scan, err);
	if (sign == '}' || sign == ']') {
		scan->depth--;
		return OK;
	}
	if (sign == '{' || sign == '[') {
		if (++scan->depth > scan->limits->json_depth)
			return refuse(scan, scan->limits->json_depth, "levels", "json-depth", err);
	} else if (sign != ',' && sign != ':')
		return OK;
	if (++scan->values > scan->limits->json_values)
		return refuse(scan, scan->limits->json_values, "values", "json-values", err);
	return OK;
}

enum status
json_scan(size_t *end, struct str text, size_t at, const struct limits *limits, struct err *err)
{
	struct scan scan = {.text = text, .limits = limits, .at = at};
	enum status status = OK;

	do {
		if (scan.at < text.len)
			status = scan_sign(&scan, text.data[scan.at], err);
		if (scan.at < text.len)
			scan.at++;
	} while (status == OK && scan.depth > 0 && scan.at < text.len);
	*end = scan.at;
	return status;
}
