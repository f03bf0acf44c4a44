/*
 * block: columns that the SQL of a section gives as one id, because they come again in many rows and would
 * cost more to read each time than all the rest. Only for src/query.
 */
#ifndef DMARCQ_QUERY_BLOCK_H
#define DMARCQ_QUERY_BLOCK_H

#include "query/view.h"

enum block_kind {
	BLOCK_REPORT,  /* the columns of a record's report (report_columns in block.c) */
	BLOCK_PROFILE, /* disposition, dmarc, dkim_aligned, spf_aligned, header_from, envelope_from,
			  envelope_to, dkim_results, spf_results, reasons */
	BLOCK_IP,      /* the address */
};

struct question_block {
	size_t first, count; /* columns of the section */
	enum block_kind kind;
};

struct blocks;

/* The views are borrowed. */
enum status blocks_open(struct blocks **blocks, struct db *db, struct views *views, struct err *err);
/* Fills in the cells of one block; valid until one of the same kind is filled in. */
enum status blocks_fill(struct cell *cells, struct blocks *blocks, const struct question_block *block,
    int64_t id, struct err *err);
/* NULL is accepted. */
void blocks_close(struct blocks *blocks);

#endif
