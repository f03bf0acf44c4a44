/*
 * json_scan: bounds a JSON text before a library makes a tree of it, which costs many times its bytes.
 * Private to this folder.
 */
#ifndef DMARCQ_PARSE_JSON_SCAN_H
#define DMARCQ_PARSE_JSON_SCAN_H

#include "base/limits.h"
#include "base/text.h"

/*
 * Finds the end of the object or array that begins text[*at], behind its bracket; where it is never closed,
 * the end of the text. LIMIT: more nesting, values or bytes in one string than allowed (json-depth,
 * json-values, json-text-bytes), with line and column. Says nothing about whether it is JSON.
 */
enum status json_scan(size_t *end, struct str text, size_t at, const struct limits *limits, struct err *err);

/* Line and column (bytes, from 1) of a position. */
struct json_position {
	size_t line, column;
};
struct json_position json_position(struct str text, size_t at);

#endif
