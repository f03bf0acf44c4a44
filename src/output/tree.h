/*
 * tree: JSON that is no list of rows: objects and arrays in each other, written as they come (RFC 8259).
 * Texts are escaped as in all JSON of the program. What is written goes through an output of the format
 * "json", instead of sections; output_end, which ends it, is not called, but tree_end.
 */
#ifndef DMARCQ_OUTPUT_TREE_H
#define DMARCQ_OUTPUT_TREE_H

#include "output/output.h"

struct tree {
	struct output *out;
	size_t depth;
	bool follows; /* something stands before, on this level */
};

/* key is NULL in an array, and for the first of all. */
void tree_begin(struct tree *tree, struct output *out);
void tree_object(struct tree *tree, const char *key);
void tree_object_end(struct tree *tree);
void tree_array(struct tree *tree, const char *key);
void tree_array_end(struct tree *tree);
/* data NULL: null */
void tree_text(struct tree *tree, const char *key, struct str text);
void tree_count(struct tree *tree, const char *key, uint64_t number);
/* With six digits that count; null when it is no number. */
void tree_real(struct tree *tree, const char *key, double number);
void tree_flag(struct tree *tree, const char *key, bool flag);
/* A day as a text; null when it is not known. */
void tree_day(struct tree *tree, const char *key, int64_t day, bool known);
/* Hands everything to the file. FATAL with exit code 74 when it can't be written. */
enum status tree_end(struct tree *tree, struct err *err);

#endif
